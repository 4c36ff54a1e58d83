"""The origin that a CloudFront Function chose for one request, with a helper of the module `cloudfront`.

Source: CloudFront Developer Guide, helper-functions-origin-modification.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cloudfront_local.distribution.origin import (
    AccessControl,
    CustomOrigin,
    Origin,
    S3Origin,
    is_rest_endpoint,
    s3_region,
)
from cloudfront_local.distribution.origin_groups import OriginGroup
from cloudfront_local.distribution.visit import Visit

# Fields of an origin by the helpers' names for timeouts.
_TIMEOUTS = {
    "readTimeout": "read_timeout",
    "connectionTimeout": "connection_timeout",
    "responseCompletionTimeout": "response_completion_timeout",
}


def with_origin(visit: Visit, helper: str, parameters: Mapping[str, Any], origin_id: str) -> Visit:
    """The visit with the origin that a helper chose. The helper's arguments must keep CloudFront's rules."""
    if helper == "createRequestOriginGroup":
        return _with_group(visit, parameters)
    if helper == "selectRequestOriginById":
        return replace(visit, origin=changed(visit.config.origins[origin_id], parameters), group=None)
    # Of a group, only the primary origin changes.
    return replace(visit, origin=changed(visit.origin, parameters))


def _with_group(visit: Visit, parameters: Mapping[str, Any]) -> Visit:
    members = [
        (item, {}) if isinstance(item, str) else (item["originId"], item.get("originOverrides") or {})
        for item in parameters["originIds"]
    ]
    primary, secondary = (changed(visit.config.origins[name], overrides) for name, overrides in members)
    statuses = frozenset(map(int, parameters["failoverCriteria"]["statusCodes"]))
    group = OriginGroup(members[0][0], members[1][0], statuses)
    # The secondary origin is looked up when the primary one fails.
    config = replace(visit.config, origins={**visit.config.origins, group.secondary: secondary})
    return replace(visit, config=config, origin=primary, group=group)


def changed(origin: Origin, parameters: Mapping[str, Any]) -> Origin:
    """The origin with a helper's parameters. What they leave out stays, but a new domain name has HTTPS on port 443."""
    if domain_name := parameters.get("domainName"):
        origin = _moved(origin, domain_name)
    fields: dict[str, Any] = {}
    if "originPath" in parameters:
        fields["path"] = parameters["originPath"]
    if "customHeaders" in parameters:
        fields["custom_headers"] = tuple(parameters["customHeaders"].items())
    if "connectionAttempts" in parameters:
        fields["connection_attempts"] = parameters["connectionAttempts"]
    if "hostHeader" in parameters:
        fields["host_header"] = parameters["hostHeader"]
    timeouts = parameters.get("timeouts") or {}
    fields |= {_TIMEOUTS[name]: timeouts[name] for name in _TIMEOUTS if name in timeouts}
    if (control := parameters.get("originAccessControlConfig")) is not None:
        fields["access_control"] = (
            AccessControl(control["originType"], control["signingBehavior"]) if control.get("enabled") else None
        )
    if isinstance(origin, S3Origin):
        return replace(origin, **fields)
    custom = parameters.get("customOriginConfig") or {}
    names = {"port": "port", "protocol": "protocol"}
    fields |= {field: custom[name] for name, field in names.items() if name in custom}
    if "sslProtocols" in custom:
        fields["ssl_protocols"] = tuple(custom["sslProtocols"])
    if "keepAliveTimeout" in timeouts:
        fields["keepalive_timeout"] = timeouts["keepAliveTimeout"]
    return replace(origin, **fields)


def _moved(origin: Origin, domain_name: str) -> Origin:
    """The origin at another domain name. A bucket's REST endpoint makes it an S3 origin."""
    shared: dict[str, Any] = {
        "path": origin.path,
        "custom_headers": origin.custom_headers,
        "access_control": origin.access_control,
        "connection_attempts": origin.connection_attempts,
        "connection_timeout": origin.connection_timeout,
        "read_timeout": origin.read_timeout,
        "response_completion_timeout": origin.response_completion_timeout,
    }
    if is_rest_endpoint(domain_name):
        return S3Origin(domain_name=domain_name, region=s3_region(domain_name), **shared)
    return CustomOrigin(domain_name=domain_name, **shared)
