"""A line for each part of a distribution that is deployed but has no effect on the laptop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cloudfront_local.distribution.behaviors import CacheBehavior
from cloudfront_local.distribution.origin import Origin
from cloudfront_local.distribution.policies import Selection

_DISTRIBUTION_PARTS = {
    "ContinuousDeploymentPolicyId": "every request takes this distribution",
    "CustomErrorResponses": "errors are shown as they are, and cached for 10 s",
    "Logging": "no access log is written",
    "OriginGroups": "no failover, the primary origin serves alone",
    "Restrictions": "viewers of every country are admitted",
    "WebACLId": "AWS WAF inspects no request",
}
_BEHAVIOR_PARTS = {
    "FieldLevelEncryptionId": "nothing is encrypted",
    "FunctionAssociations": "CloudFront Functions do not run",
    "GrpcConfig": "no gRPC",
    "RealtimeLogConfigArn": "no log is written",
    "ResponseHeadersPolicyId": "its headers are not added",
    "SmoothStreaming": "its requests are served like any other",
    "TrustedKeyGroups": "no signature of a URL or a cookie is checked",
    "TrustedSigners": "no signature of a URL or a cookie is checked",
}
_ORIGIN_PARTS = {
    "OriginShield": "one cache stands for all",
    "VpcOriginConfig": "the origin is reached like a public one",
}


def of_configuration(config: Mapping[str, Any]) -> Iterator[str]:
    """What a `DistributionConfig` of the CloudFront API names."""
    if not config.get("Enabled", True):
        yield "Enabled: the distribution is disabled, and served here all the same"
    yield from _used(config, _DISTRIBUTION_PARTS, "")
    behaviors = config.get("CacheBehaviors", {}).get("Items", [])
    for behavior in [*behaviors, {**config["DefaultCacheBehavior"], "PathPattern": "*"}]:
        yield from _used(behavior, _BEHAVIOR_PARTS, f"behavior {behavior['PathPattern']}: ")
    for origin in config["Origins"]["Items"]:
        yield from _used(origin, _ORIGIN_PARTS, f"origin {origin['Id']}: ")


def _used(part: Mapping[str, Any], names: Mapping[str, str], where: str) -> Iterator[str]:
    for name, effect in names.items():
        if _is_used(part.get(name)):
            yield f"{where}{name}: {effect}"


def _is_used(value: Any) -> bool:
    """Whether a part of the configuration does anything; the API answers unused ones in several empty shapes."""
    if not isinstance(value, Mapping):
        return bool(value)
    if "GeoRestriction" in value:
        return bool(value["GeoRestriction"].get("RestrictionType", "none") != "none")
    return bool(value.get("Enabled", value.get("Quantity", bool(value))))


def of_policies(behaviors: Iterable[CacheBehavior]) -> Iterator[str]:
    """What the behaviors' policies ask for."""
    for behavior in behaviors:
        where = f"behavior {behavior.path_pattern}: "
        if behavior.compress and behavior.cache_policy.brotli:
            yield f"{where}EnableAcceptEncodingBrotli: objects are compressed with gzip alone"
        if added := _added(behavior.cache_policy.headers) + _added(behavior.origin_request_policy.headers):
            yield f"{where}{', '.join(added)}: not added, functions and origins see what the viewer sends"


def _added(headers: Selection) -> list[str]:
    """The headers that CloudFront itself adds for a policy."""
    if headers.behavior == "allExcept":
        return ["CloudFront-*"]  # Developer Guide, managed policy AllViewerExceptHostHeader
    return sorted(name for name in headers.names if name.startswith("cloudfront-"))


def of_origins(origins: Mapping[str, Origin]) -> Iterator[str]:
    """What the origins ask for."""
    for origin_id, origin in origins.items():
        control = origin.access_control
        if control and control.origin_type not in ("lambda", "s3"):
            yield f"origin {origin_id}: OriginAccessControlId: requests of type {control.origin_type} are not signed"
