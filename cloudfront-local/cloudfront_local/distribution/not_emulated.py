"""Messages about the parts of a distribution that are deployed but have no effect in this tool, one line for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cloudfront_local.distribution.behaviors import CacheBehavior
from cloudfront_local.distribution.origin import CustomOrigin, Origin
from cloudfront_local.distribution.viewer_headers.added import selected
from cloudfront_local.distribution.viewer_headers.values import NOT_MADE

DISTRIBUTION_PARTS = {
    "AnycastIpListId": "the distribution has no addresses of its own",
    "CacheTagConfig": "invalidations go by paths only",
    "ConnectionFunctionAssociation": "viewers show no certificates, so no connection function runs",
    "ConnectionMode": "there are no tenants",
    "ContinuousDeploymentPolicyId": "every request goes to this distribution, none to the staging distribution",
    "Staging": "every request goes to this distribution, as if it were no staging distribution",
    "TenantConfig": "there are no tenants",
    "ViewerMtlsConfig": "viewers show no certificates",
    "WebACLId": "AWS WAF inspects no request",
}
BEHAVIOR_PARTS = {
    "FieldLevelEncryptionId": "nothing is encrypted",
    "GrpcConfig": "gRPC is not supported",
    "RealtimeLogConfigArn": "no real-time log is written",
    "SmoothStreaming": "Smooth Streaming requests are served like any other request",
    "TrustedSigners": "the keys of AWS accounts are not here, so no signature of theirs is good. Use TrustedKeyGroups",
}
_ORIGIN_PARTS = {
    "OriginShield": "there is one cache only",
}
_CUSTOM_ORIGIN_PARTS = {
    "OriginMtlsConfig": "the origin sees no certificate of CloudFront's",
}


def of_configuration(config: Mapping[str, Any]) -> Iterator[str]:
    """A line for each part of a `DistributionConfig` of the CloudFront API that has no effect here."""
    if not config.get("Enabled", True):
        yield "Enabled: the distribution is disabled, but this tool serves it"
    yield from _used(config, DISTRIBUTION_PARTS, "")
    behaviors = config.get("CacheBehaviors", {}).get("Items", [])
    for behavior in [*behaviors, {**config["DefaultCacheBehavior"], "PathPattern": "*"}]:
        yield from _used(behavior, BEHAVIOR_PARTS, f"behavior {behavior['PathPattern']}: ")
    for group in config.get("OriginGroups", {}).get("Items", []):
        if group.get("SelectionCriteria") == "media-quality-based":
            yield f"origin group {group['Id']}: SelectionCriteria: the primary origin is asked first, as by default"
    for origin in config["Origins"]["Items"]:
        where = f"origin {origin['Id']}: "
        yield from _used(origin, _ORIGIN_PARTS, where)
        yield from _used(origin.get("CustomOriginConfig", {}), _CUSTOM_ORIGIN_PARTS, where)


def _used(part: Mapping[str, Any], names: Mapping[str, str], where: str) -> Iterator[str]:
    for name, effect in names.items():
        if _is_used(part.get(name)):
            yield f"{where}{name}: {effect}"


def _is_used(value: Any) -> bool:
    """Whether a part of the configuration is in use. The API has several empty shapes for unused parts."""
    if not isinstance(value, Mapping):
        return bool(value) and value != "direct"  # the ConnectionMode of a distribution without tenants
    return bool(value.get("Enabled", value.get("Quantity", bool(value))))


def of_policies(behaviors: Iterable[CacheBehavior]) -> Iterator[str]:
    """A line for each setting of the behaviors' policies that has no effect here."""
    for behavior in behaviors:
        where = f"behavior {behavior.path_pattern}: "
        if missing := sorted(selected(behavior) & NOT_MADE):
            yield f"{where}{', '.join(missing)}: not added"


def of_origins(origins: Mapping[str, Origin]) -> Iterator[str]:
    """A line for each part of an origin that has no effect here."""
    for origin_id, origin in origins.items():
        where, control = f"origin {origin_id}: ", origin.access_control
        if control and control.origin_type not in ("lambda", "s3"):
            yield f"{where}OriginAccessControlId: requests of type {control.origin_type} are not signed"
        if isinstance(origin, CustomOrigin) and origin.vpc_endpoint and not origin.is_vpc_load_balancer:
            yield f"{where}VpcOriginConfig: {origin.domain_name} is reached from this machine, outside the VPC"
