"""Rules for the origin that a helper of the module `cloudfront` chooses. CloudFront checks them after the call.

Source: CloudFront Developer Guide, helper-functions-origin-modification.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterator
from typing import Any

from cloudfront_local.rules import facts as shared
from cloudfront_local.rules.cloudfront_functions import facts
from cloudfront_local.rules.rule import Violation, kind, rule, shown

ORIGIN = rule(
    "function-origin",
    "The arguments of an origin helper are as the guide has them",
    source="CloudFront Developer Guide, helper-functions-origin-modification",
    allowed="the parameters of updateRequestOrigin, selectRequestOriginById and createRequestOriginGroup",
    advice="Correct the parameter, or leave it out to keep the configured one.",
    sentence=facts.SENTENCE_ORIGIN,
)
ORIGIN_ID = rule(
    "function-origin-id",
    "An origin id is one of the distribution's",
    source="CloudFront Developer Guide, helper-functions-origin-modification",
    allowed="the id of an origin of this distribution",
    advice="Correct the id. It is the origin's Id in the template, not its domain name.",
    sentence=facts.SENTENCE_ORIGIN,
)
GROUP_HOST_HEADER = rule(
    "function-origin-group-host-header",
    "Overrides of an origin group's item have no `hostHeader`",
    source="https://github.com/aws-samples/amazon-cloudfront-functions/issues/56",
    allowed="originOverrides without hostHeader",
    advice="Leave hostHeader out, or use updateRequestOrigin.",
    sentence=facts.SENTENCE_ORIGIN,
)


def origin(helper: str, parameters: Any, origin_id: str, origin_ids: Collection[str]) -> Iterator[Violation]:
    """The violations in the arguments of an origin helper. `origin_ids` are the distribution's."""
    if not isinstance(parameters, dict):
        yield ORIGIN.broken(helper, kind(parameters), "an object")
    elif helper == "createRequestOriginGroup":
        yield from _group(parameters, origin_ids)
    else:
        if helper == "selectRequestOriginById":
            yield from _known(origin_id, origin_ids)
        yield from _overrides(helper, parameters)


def _known(origin_id: object, origin_ids: Collection[str]) -> Iterator[Violation]:
    if origin_id not in origin_ids:
        yield ORIGIN_ID.broken("originId", shown(origin_id), ", ".join(sorted(origin_ids)))


def _group(parameters: dict[str, Any], origin_ids: Collection[str]) -> Iterator[Violation]:
    items = parameters.get("originIds")
    if not isinstance(items, list) or len(items) != 2:
        yield ORIGIN.broken("originIds", kind(items), "an array of two origins")
        return
    for item in items:
        # The guide has objects, a published type definition has strings.
        origin_id, overrides = (item, {}) if isinstance(item, str) else _item(item)
        yield from _known(origin_id, origin_ids)
        if "hostHeader" in overrides:
            yield GROUP_HOST_HEADER.broken("originIds", "hostHeader")
        yield from _overrides("originOverrides", overrides)
    yield from _failover(parameters)


def _item(item: object) -> tuple[object, dict[str, Any]]:
    if not isinstance(item, dict):
        return item, {}
    overrides = item.get("originOverrides", {})
    return item.get("originId"), overrides if isinstance(overrides, dict) else {}


def _failover(parameters: dict[str, Any]) -> Iterator[Violation]:
    criteria = parameters.get("failoverCriteria")
    statuses = criteria.get("statusCodes") if isinstance(criteria, dict) else None
    if not isinstance(statuses, list) or not statuses or not set(map(str, statuses)) <= _FAILOVER:
        yield ORIGIN.broken("failoverCriteria.statusCodes", kind(statuses), ", ".join(sorted(_FAILOVER)))
    yield from _choice(parameters, "selectionCriteria", facts.SELECTION_CRITERIA)


_FAILOVER = frozenset(map(str, shared.FAILOVER_STATUSES))


def _overrides(field: str, parameters: dict[str, Any]) -> Iterator[Violation]:
    if "domainName" in parameters:
        yield from _domain_name(parameters["domainName"])
    yield from _number(parameters, "connectionAttempts", *facts.ORIGIN_CONNECTION_ATTEMPTS)
    timeouts = _object(parameters, "timeouts")
    for name, (lowest, highest) in facts.ORIGIN_TIMEOUTS.items():
        yield from _number(timeouts, name, lowest, highest)
    yield from _custom_headers(parameters.get("customHeaders", {}))
    control = _object(parameters, "originAccessControlConfig")
    if control.get("enabled") is True:
        for name, allowed in facts.ORIGIN_ACCESS_CONTROL.items():
            yield from _choice(control, name, allowed)
    custom = _object(parameters, "customOriginConfig")
    yield from _choice(custom, "protocol", shared.ORIGIN_PROTOCOLS)
    yield from _choice(custom, "ipAddressType", facts.ORIGIN_IP_ADDRESS_TYPES)
    yield from _number(custom, "port", 1, shared.ORIGIN_PORT_MAX)
    protocols = custom.get("sslProtocols", [])
    if not isinstance(protocols, list) or any(name not in shared.ORIGIN_SSL_PROTOCOLS for name in protocols):
        yield ORIGIN.broken(f"{field}.sslProtocols", kind(protocols), ", ".join(shared.ORIGIN_SSL_PROTOCOLS))
    yield from _certificate_names(parameters.get("allowedCertificateNames", []))


def _object(parameters: dict[str, Any], name: str) -> dict[str, Any]:
    value = parameters.get(name, {})
    return value if isinstance(value, dict) else {}


def _domain_name(name: object) -> Iterator[Violation]:
    longest = shared.ORIGIN_DOMAIN_NAME_CHARACTERS["custom"]
    if not isinstance(name, str) or not 0 < len(name) <= longest or ":" in name or _is_address(name):
        yield ORIGIN.broken("domainName", shown(name), f"a host name of at most {longest} characters, no IP address")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _number(parameters: dict[str, Any], name: str, lowest: int, highest: int) -> Iterator[Violation]:
    value = parameters.get(name, lowest)
    if type(value) is not int or not lowest <= value <= highest:
        yield ORIGIN.broken(name, shown(value), f"a number from {lowest} to {highest}")


def _choice(parameters: dict[str, Any], name: str, allowed: tuple[str, ...]) -> Iterator[Violation]:
    if name in parameters and parameters[name] not in allowed:
        yield ORIGIN.broken(name, shown(parameters[name]), " or ".join(allowed))


def _custom_headers(headers: object) -> Iterator[Violation]:
    if not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
        yield ORIGIN.broken("customHeaders", kind(headers), 'an object such as {"x-key": "value"}')
        return
    for name in headers:
        denied = name.lower() in shared.CUSTOM_HEADERS_DENIED
        if denied or name.lower().startswith(shared.CUSTOM_HEADERS_DENIED_PREFIXES):
            yield ORIGIN.broken("customHeaders", shown(name), "a header that CloudFront may add to origin requests")


def _certificate_names(names: object) -> Iterator[Violation]:
    longest = facts.ALLOWED_CERTIFICATE_NAME_CHARACTERS
    fits = isinstance(names, list) and len(names) <= facts.ALLOWED_CERTIFICATE_NAMES
    if not fits or any(not isinstance(name, str) or len(name) > longest for name in names):  # type: ignore[attr-defined]
        limit = f"{facts.ALLOWED_CERTIFICATE_NAMES} names of {longest} characters"
        yield ORIGIN.broken("allowedCertificateNames", kind(names), limit)
