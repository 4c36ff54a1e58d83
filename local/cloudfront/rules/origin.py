"""Rules for the origin that an origin-request function chooses."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from local.cloudfront import facts
from local.cloudfront.rules import custom_headers
from local.cloudfront.rules.headers import STRUCTURE
from local.cloudfront.rules.rule import Rule, Violation, kind, rule, shown


def _origin_rule(
    id: str,  # noqa: A002 - the field's name in the table
    summary: str,
    allowed: str,
    advice: str,
    *,
    unverified: bool = False,
) -> Rule:
    return rule(
        id,
        summary,
        source=STRUCTURE,
        allowed=allowed,
        advice=advice,
        sentence=facts.SENTENCE_ORIGIN,
        unverified=unverified,
    )


ORIGIN_EVENT = _origin_rule(
    "origin-event",
    "Only an origin-request function sets `origin`",
    "no origin at viewer-request",
    "Choose the origin at origin-request.",
    unverified=True,
)
ONE_ORIGIN = _origin_rule(
    "one-origin",
    "`origin` holds exactly one of custom and s3",
    'an object with exactly one of "custom" and "s3"',
    "Replace the whole origin when changing its kind.",
)
ORIGIN_FIELD = _origin_rule(
    "origin-field",
    "An origin has all fields that the guide's samples give",
    "a value",
    "Give the field, as the guide's samples do.",
    unverified=True,
)
DOMAIN_NAME = _origin_rule(
    "origin-domain-name",
    "An origin's domain name is a DNS name: up to 253 characters (s3: 128, lower case), no IP address, no port",
    "a DNS name without a scheme, a port or an IP address",
    "Give the name alone; `protocol`, `port` and `path` hold the rest.",
)
ORIGIN_PATH = _origin_rule(
    "origin-path",
    "An origin's path is empty, or starts with / and does not end with it (custom: URL-encoded, up to 255 characters)",
    '"", or a path that starts with / and does not end with it',
    'Say "" for the root.',
)
PORT = _origin_rule(
    "origin-port",
    "A custom origin's port is 80, 443 or 1024 to 65535",
    "80, 443 or 1024 to 65535, a number",
    "CloudFront reaches no other port.",
)
PROTOCOL = _origin_rule(
    "origin-protocol",
    "A custom origin's protocol is http or https",
    " or ".join(facts.ORIGIN_PROTOCOLS),
    'The distribution\'s "match-viewer" is not for functions.',
)
KEEPALIVE_TIMEOUT = _origin_rule(
    "origin-keepalive-timeout",
    "A custom origin's keep-alive timeout is 1 to 120 seconds",
    "1 to 120, a whole number",
    "Give seconds.",
)
READ_TIMEOUT = _origin_rule(
    "origin-read-timeout",
    "An origin's read timeout is 1 to 120 seconds",
    "1 to 120, a whole number",
    "Give seconds; AWS raises the upper end on request.",
)
RESPONSE_COMPLETION_TIMEOUT = _origin_rule(
    "origin-response-completion-timeout",
    "An origin's response completion timeout is 0, left out, or no less than its read timeout",
    "0, or a whole number no less than readTimeout",
    "Delete the field for no limit.",
)
SSL_PROTOCOLS = _origin_rule(
    "origin-ssl-protocols",
    "A custom origin's SSL protocols are among TLSv1.2, TLSv1.1, TLSv1 and SSLv3",
    f"an array of {', '.join(facts.ORIGIN_SSL_PROTOCOLS)}",
    'Say ["TLSv1.2"].',
)
AUTH_METHOD = _origin_rule(
    "origin-auth-method",
    "An s3 origin's authMethod is none or origin-access-identity",
    " or ".join(facts.S3_AUTH_METHODS),
    'Origin access control has no value here: it stays with the distribution\'s origin, as "none".',
)
REGION = _origin_rule(
    "origin-region",
    "An s3 origin's region is a string, and not empty when authMethod is origin-access-identity",
    "the bucket's Region",
    "CloudFront signs for this Region.",
)
ACCESS_IDENTITY = _origin_rule(
    "origin-access-identity",
    "An origin access identity comes with the distribution's s3 origin: a function cannot bring one to it",
    "origin-access-identity where the event's origin has it already",
    "Give the distribution's origin the identity, or use none.",
)

_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
DNS_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
# RFC 3986 section 3.3: what a path may hold without encoding, and what is encoded.
URL_ENCODED_PATH = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*")


class Field(NamedTuple):
    """The rule of an origin's field, and whether a value keeps it."""

    rule: Rule
    valid: Callable[[Any], bool]


def is_domain_name(value: object, longest: int) -> bool:
    return (
        isinstance(value, str)
        and len(value) <= longest
        and DNS_NAME.fullmatch(value) is not None
        and not _is_ip_address(value)
    )


def _is_ip_address(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


def _is_path(value: object) -> bool:
    return value == "" or (isinstance(value, str) and value.startswith("/") and not value.endswith("/"))


def _is_custom_path(value: object) -> bool:
    return (
        isinstance(value, str)
        and _is_path(value)
        and len(value) <= facts.ORIGIN_PATH_CHARACTERS
        and URL_ENCODED_PATH.fullmatch(value) is not None
    )


def _is_whole(value: object, low: int, high: int) -> bool:
    return type(value) is int and low <= value <= high  # a boolean is an int to isinstance


def _is_port(value: object) -> bool:
    return _is_whole(value, facts.ORIGIN_PORT_MIN, facts.ORIGIN_PORT_MAX) or (
        type(value) is int and value in facts.ORIGIN_PORTS
    )


def _is_s3_domain_name(value: object) -> bool:
    return is_domain_name(value, facts.ORIGIN_DOMAIN_NAME_CHARACTERS["s3"]) and str(value) == str(value).lower()


def _is_read_timeout(value: object) -> bool:
    return _is_whole(value, facts.ORIGIN_READ_SECONDS_MIN, facts.ORIGIN_READ_SECONDS_MAX)


def _are_ssl_protocols(value: object) -> bool:
    return isinstance(value, list) and len(value) > 0 and all(name in facts.ORIGIN_SSL_PROTOCOLS for name in value)


FIELDS: dict[str, dict[str, Field]] = {
    "custom": {
        "domainName": Field(DOMAIN_NAME, lambda v: is_domain_name(v, facts.ORIGIN_DOMAIN_NAME_CHARACTERS["custom"])),
        "path": Field(ORIGIN_PATH, _is_custom_path),
        "port": Field(PORT, _is_port),
        "protocol": Field(PROTOCOL, lambda v: v in facts.ORIGIN_PROTOCOLS),
        "keepaliveTimeout": Field(
            KEEPALIVE_TIMEOUT,
            lambda v: _is_whole(v, facts.ORIGIN_KEEPALIVE_SECONDS_MIN, facts.ORIGIN_KEEPALIVE_SECONDS_MAX),
        ),
        "readTimeout": Field(READ_TIMEOUT, _is_read_timeout),
        "sslProtocols": Field(SSL_PROTOCOLS, _are_ssl_protocols),
    },
    "s3": {
        "domainName": Field(DOMAIN_NAME, _is_s3_domain_name),
        "path": Field(ORIGIN_PATH, _is_path),
        "readTimeout": Field(READ_TIMEOUT, _is_read_timeout),
        "authMethod": Field(AUTH_METHOD, lambda v: v in facts.S3_AUTH_METHODS),
        "region": Field(REGION, lambda v: isinstance(v, str)),
    },
}


def origin(event_type: str, original: dict[str, Any], returned: dict[str, Any]) -> Iterator[Violation]:
    """What CloudFront refuses of the origin in the request that was returned for `original`."""
    before, after = original.get("origin"), returned.get("origin")
    if event_type != "origin-request":
        if "origin" in returned and before != after:
            yield ORIGIN_EVENT.broken("origin", "an origin")
        return
    if "origin" not in original and "origin" not in returned:
        return
    kinds = [name for name in facts.ORIGIN_KINDS if isinstance(after, dict) and name in after]
    if not isinstance(after, dict) or len(kinds) != 1:
        yield ONE_ORIGIN.broken("origin", " and ".join(kinds) or kind(after))
        return
    yield from _one(kinds[0], before if isinstance(before, dict) else {}, after[kinds[0]])
    yield from custom_headers.custom_headers(kinds[0], original, returned)


def _one(origin_kind: str, before: dict[str, Any], after: object) -> Iterator[Violation]:
    if not isinstance(after, dict):
        yield ONE_ORIGIN.broken(f"origin.{origin_kind}", kind(after))
        return
    same_kind = before.get(origin_kind)
    configured = same_kind if isinstance(same_kind, dict) else {}
    yield from _fields(origin_kind, configured, after)
    yield from _response_completion_timeout(origin_kind, after)
    if origin_kind == "s3" and after.get("authMethod") == "origin-access-identity":
        yield from _access_identity(configured, after)


def _fields(origin_kind: str, configured: dict[str, Any], after: dict[str, Any]) -> Iterator[Violation]:
    """What the event's origin already has is not questioned: a quota may have been raised."""
    for name in facts.ORIGIN_REQUIRED_FIELDS[origin_kind]:
        if name not in after and (name in configured or not configured):
            yield ORIGIN_FIELD.broken(f"origin.{origin_kind}.{name}", "nothing")
    for name, field in FIELDS[origin_kind].items():
        if name not in after or (name in configured and configured[name] == after[name]):
            continue
        if not field.valid(after[name]):
            yield field.rule.broken(f"origin.{origin_kind}.{name}", shown(after[name]))


def _response_completion_timeout(origin_kind: str, after: dict[str, Any]) -> Iterator[Violation]:
    seconds = after.get("responseCompletionTimeout", 0)
    read_timeout = after.get("readTimeout", facts.ORIGIN_READ_SECONDS_DEFAULT)
    least = read_timeout if type(read_timeout) is int else 0
    if type(seconds) is not int or (seconds != 0 and seconds < least):
        yield RESPONSE_COMPLETION_TIMEOUT.broken(f"origin.{origin_kind}.responseCompletionTimeout", shown(seconds))


def _access_identity(configured: dict[str, Any], after: dict[str, Any]) -> Iterator[Violation]:
    if not after.get("region"):
        yield REGION.broken("origin.s3.region", shown(after.get("region")))
    if configured.get("authMethod") != "origin-access-identity":
        found = "an identity the event's origin does not have"
        yield ACCESS_IDENTITY.broken("origin.s3.authMethod", found)
