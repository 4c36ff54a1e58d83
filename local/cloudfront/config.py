"""The distribution as it is deployed: `get_distribution_config`, read back and given types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.cloudfront import policies
from local.cloudfront.behaviors import CacheBehavior, FunctionAssociation
from local.cloudfront.origins.origin import AccessControl, CustomOrigin, Origin, S3Origin, s3_region


class ConfigurationError(Exception):
    """The distribution uses something without which it cannot be served here; says what and what to use instead."""


@dataclass(frozen=True)
class DistributionConfig:
    """What the emulator serves. `behaviors` in the order they are tried, the default one last."""

    id: str
    arn: str
    domain_name: str
    default_root_object: str
    behaviors: tuple[CacheBehavior, ...]
    origins: Mapping[str, Origin]
    not_emulated: tuple[str, ...] = field(default=())


def read(client: Any, distribution_id: str) -> DistributionConfig:
    """Reads a distribution with a boto3 CloudFront client. Raises ConfigurationError."""
    distribution = client.get_distribution(Id=distribution_id)["Distribution"]
    config = client.get_distribution_config(Id=distribution_id)["DistributionConfig"]
    behaviors = [*_items(config, "CacheBehaviors"), {**config["DefaultCacheBehavior"], "PathPattern": "*"}]
    return DistributionConfig(
        id=distribution_id,
        arn=distribution["ARN"],
        domain_name=distribution["DomainName"],
        default_root_object=config.get("DefaultRootObject", ""),
        behaviors=tuple(_behavior(client, behavior) for behavior in behaviors),
        origins={item["Id"]: _origin(client, item) for item in _items(config, "Origins")},
        not_emulated=tuple(_not_emulated(config, behaviors)),
    )


def _items(config: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = config.get(name, {}).get("Items", [])
    return items


def _behavior(client: Any, config: Mapping[str, Any]) -> CacheBehavior:
    if not config.get("CachePolicyId"):
        raise ConfigurationError(
            f"The behavior {config['PathPattern']} has no cache policy. Legacy ForwardedValues are not emulated: "
            "give it a CachePolicyId, such as Managed-CachingDisabled."
        )
    cache = client.get_cache_policy(Id=config["CachePolicyId"])["CachePolicy"]["CachePolicyConfig"]
    return CacheBehavior(
        path_pattern=config["PathPattern"],
        origin_id=config["TargetOriginId"],
        allowed_methods=frozenset(_methods(config.get("AllowedMethods"))),
        cached_methods=frozenset(_methods(config.get("AllowedMethods", {}).get("CachedMethods"))),
        compress=config.get("Compress", False),
        cache_policy=policies.cache_policy(cache),
        origin_request_policy=_origin_request_policy(client, config.get("OriginRequestPolicyId")),
        functions={
            item["EventType"]: FunctionAssociation(item["LambdaFunctionARN"], item.get("IncludeBody", False))
            for item in _items(config, "LambdaFunctionAssociations")
        },
    )


def _methods(config: Mapping[str, Any] | None) -> list[str]:
    methods: list[str] = (config or {}).get("Items") or ["GET", "HEAD"]
    return methods


def _origin_request_policy(client: Any, policy_id: str | None) -> policies.OriginRequestPolicy:
    if not policy_id:
        return policies.OriginRequestPolicy()
    policy = client.get_origin_request_policy(Id=policy_id)["OriginRequestPolicy"]
    return policies.origin_request_policy(policy["OriginRequestPolicyConfig"])


def _origin(client: Any, config: Mapping[str, Any]) -> Origin:
    shared = {
        "domain_name": config["DomainName"],
        "path": config.get("OriginPath", ""),
        "custom_headers": tuple((h["HeaderName"], h["HeaderValue"]) for h in _items(config, "CustomHeaders")),
        "access_control": _access_control(client, config.get("OriginAccessControlId")),
    }
    if "CustomOriginConfig" not in config:
        identity = config.get("S3OriginConfig", {}).get("OriginAccessIdentity", "")
        return S3Origin(
            **shared,
            region=s3_region(config["DomainName"]),
            access_identity=identity.removeprefix("origin-access-identity/cloudfront/"),
        )
    custom = config["CustomOriginConfig"]
    protocol = custom.get("OriginProtocolPolicy", "https-only")
    # The viewer's plain HTTP counts as HTTPS here, so match-viewer means https.
    secure = protocol != "http-only"
    return CustomOrigin(
        **shared,
        protocol="https" if secure else "http",
        port=custom.get("HTTPSPort", 443) if secure else custom.get("HTTPPort", 80),
        read_timeout=custom.get("OriginReadTimeout", 30),
        keepalive_timeout=custom.get("OriginKeepaliveTimeout", 5),
        ssl_protocols=tuple(custom.get("OriginSslProtocols", {}).get("Items", ["TLSv1.2"])),
    )


def _access_control(client: Any, access_control_id: str | None) -> AccessControl | None:
    if not access_control_id:
        return None
    config = client.get_origin_access_control(Id=access_control_id)["OriginAccessControl"]
    config = config["OriginAccessControlConfig"]
    return AccessControl(config["OriginAccessControlOriginType"], config["SigningBehavior"])


def _not_emulated(config: Mapping[str, Any], behaviors: list[dict[str, Any]]) -> Iterator[str]:
    """A line for each part of the distribution that is deployed but has no effect on the laptop."""
    parts = [("", config, _DISTRIBUTION_PARTS)]
    parts += [(f"behavior {b['PathPattern']}: ", b, _BEHAVIOR_PARTS) for b in behaviors]
    parts += [(f"origin {o['Id']}: ", o, _ORIGIN_PARTS) for o in _items(config, "Origins")]
    for where, part, names in parts:
        for name, effect in names.items():
            if _is_used(part.get(name)):
                yield f"{where}{name}: {effect}"


_DISTRIBUTION_PARTS = {
    "CustomErrorResponses": "errors are shown as they are",
    "Logging": "no access log is written",
    "OriginGroups": "no failover to a second origin",
    "Restrictions": "viewers of every country are admitted",
    "WebACLId": "no request is inspected by AWS WAF",
}
_BEHAVIOR_PARTS = {
    "FieldLevelEncryptionId": "nothing is encrypted",
    "FunctionAssociations": "CloudFront Functions do not run",
    "RealtimeLogConfigArn": "no log is written",
    "ResponseHeadersPolicyId": "its headers are not added",
    "TrustedKeyGroups": "no signature of a URL or cookie is checked",
    "TrustedSigners": "no signature of a URL or cookie is checked",
}
_ORIGIN_PARTS = {
    "OriginShield": "one cache stands for all",
    "VpcOriginConfig": "reached as a public origin",
}


def _is_used(value: Any) -> bool:
    """Whether a part of the configuration does anything; the API answers unused ones in several empty shapes."""
    if not isinstance(value, Mapping):
        return bool(value)
    if "GeoRestriction" in value:
        return bool(value["GeoRestriction"].get("RestrictionType", "none") != "none")
    return bool(value.get("Enabled", value.get("Quantity", bool(value))))
