"""Reads a deployed distribution from CloudFront (`get_distribution`) into a DistributionConfig."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from cloudfront_local.distribution import not_emulated, policies
from cloudfront_local.distribution.behaviors import CacheBehavior, FunctionAssociation
from cloudfront_local.distribution.config import DistributionConfig
from cloudfront_local.distribution.error_responses import error_responses, exposed_pages
from cloudfront_local.distribution.origin import AccessControl, CustomOrigin, Origin, S3Origin, s3_region
from cloudfront_local.distribution.origin_groups import origin_group
from cloudfront_local.distribution.response_headers_policy import ResponseHeadersPolicy, response_headers_policy
from cloudfront_local.rules import facts

T = TypeVar("T")


class ConfigurationError(Exception):
    """The distribution cannot be served here. The text names the part that is not emulated and what to use instead."""


def read(client: Any, distribution_id: str) -> DistributionConfig:
    """Reads a distribution with a boto3 CloudFront client. Raises ConfigurationError."""
    distribution = client.get_distribution(Id=distribution_id)["Distribution"]
    config = distribution["DistributionConfig"]
    behaviors = [*_items(config, "CacheBehaviors"), {**config["DefaultCacheBehavior"], "PathPattern": "*"}]
    served = tuple(_behavior(client, behavior) for behavior in behaviors)
    origins = {item["Id"]: _origin(client, item) for item in _items(config, "Origins")}
    groups = {
        item["Id"]: _accepted(lambda group: origin_group(group, origins), item)
        for item in _items(config, "OriginGroups")
    }
    for behavior in served:
        if behavior.origin_id not in origins | groups:
            raise ConfigurationError(
                f"The behavior {behavior.path_pattern} has the TargetOriginId {behavior.origin_id}, but the "
                f"distribution's origins are {', '.join([*origins, *groups])}. Correct the id."
            )
    errors = _accepted(error_responses, _items(config, "CustomErrorResponses"))
    return DistributionConfig(
        id=distribution_id,
        arn=distribution["ARN"],
        domain_name=distribution["DomainName"],
        default_root_object=config.get("DefaultRootObject", ""),
        behaviors=served,
        origins=origins,
        origin_groups=groups,
        aliases=tuple(config.get("Aliases", {}).get("Items", [])),
        error_responses=errors,
        warnings=tuple(exposed_pages(errors, served)),
        not_emulated=(
            *not_emulated.of_configuration(config),
            *not_emulated.of_policies(served),
            *not_emulated.of_origins(origins),
        ),
    )


def _found(operation: Callable[..., Any], item_id: str) -> Any:
    """Reads a policy or an origin access control that the distribution names. Raises ConfigurationError."""
    try:
        return operation(Id=item_id)
    except ClientError as error:
        raise ConfigurationError(
            f"The distribution names {item_id}, and the embedded AWS cannot read it: {error}. Correct the id."
        ) from error


def _accepted(read: Callable[[Any], T], part: Any, where: str = "") -> T:
    """What `read` makes of a part of the configuration. Raises ConfigurationError if CloudFront refuses the part."""
    try:
        return read(part)
    except ValueError as error:
        raise ConfigurationError(f"{where}{error}") from error


def _items(config: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = config.get(name, {}).get("Items", [])
    return items


def _behavior(client: Any, config: Mapping[str, Any]) -> CacheBehavior:
    if not config.get("CachePolicyId"):
        raise ConfigurationError(
            f"The behavior {config['PathPattern']} has no cache policy, and legacy ForwardedValues are not emulated. "
            "Give it a CachePolicyId, such as 4135ea2d-6df8-44a3-9df3-4b5a84be39ad (Managed-CachingDisabled)."
        )
    cache = _found(client.get_cache_policy, config["CachePolicyId"])["CachePolicy"]["CachePolicyConfig"]
    methods = config.get("AllowedMethods", {})
    return CacheBehavior(
        path_pattern=config["PathPattern"],
        origin_id=config["TargetOriginId"],
        allowed_methods=_methods(methods),
        cached_methods=_methods(methods.get("CachedMethods", {})),
        compress=config.get("Compress", False),
        cache_policy=policies.cache_policy(cache),
        origin_request_policy=_origin_request_policy(client, config.get("OriginRequestPolicyId")),
        response_headers_policy=_response_headers_policy(client, config),
        functions={
            item["EventType"]: FunctionAssociation(item["LambdaFunctionARN"], item.get("IncludeBody", False))
            for item in _items(config, "LambdaFunctionAssociations")
        },
    )


def _methods(config: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(config.get("Items") or ("GET", "HEAD"))


def _origin_request_policy(client: Any, policy_id: str | None) -> policies.OriginRequestPolicy:
    if not policy_id:
        return policies.OriginRequestPolicy()
    policy = _found(client.get_origin_request_policy, policy_id)["OriginRequestPolicy"]
    return policies.origin_request_policy(policy["OriginRequestPolicyConfig"])


def _response_headers_policy(client: Any, behavior: Mapping[str, Any]) -> ResponseHeadersPolicy | None:
    policy_id = behavior.get("ResponseHeadersPolicyId")
    if not policy_id:
        return None
    config = _found(client.get_response_headers_policy, policy_id)["ResponseHeadersPolicy"]
    where = f"The response headers policy of the behavior {behavior['PathPattern']}: "
    return _accepted(response_headers_policy, config["ResponseHeadersPolicyConfig"], where)


def _origin(client: Any, config: Mapping[str, Any]) -> Origin:
    custom = config.get("CustomOriginConfig") or _vpc_origin(client, config.get("VpcOriginConfig"))
    own = custom or config.get("S3OriginConfig", {})
    shared = {
        "domain_name": config["DomainName"],
        "path": config.get("OriginPath", ""),
        "custom_headers": tuple((h["HeaderName"], h["HeaderValue"]) for h in _items(config, "CustomHeaders")),
        "access_control": _access_control(client, config.get("OriginAccessControlId")),
        "connection_attempts": config.get("ConnectionAttempts", facts.ORIGIN_CONNECTION_ATTEMPTS_MAX),
        "connection_timeout": config.get("ConnectionTimeout", facts.ORIGIN_CONNECTION_SECONDS_MAX),
        "read_timeout": own.get("OriginReadTimeout", facts.ORIGIN_READ_SECONDS_DEFAULT),
        "response_completion_timeout": config.get("ResponseCompletionTimeout", 0),
    }
    return _custom_origin(own, shared) if custom else _s3_origin(own, shared)


def _vpc_origin(client: Any, config: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The configuration of a VPC origin as that of a custom origin: ports and protocol are those of its endpoint."""
    if config is None:
        return None
    endpoint = _found(client.get_vpc_origin, config["VpcOriginId"])["VpcOrigin"]["VpcOriginEndpointConfig"]
    return {**endpoint, **config}


def _s3_origin(config: Mapping[str, Any], shared: Mapping[str, Any]) -> S3Origin:
    identity = config.get("OriginAccessIdentity", "").removeprefix("origin-access-identity/cloudfront/")
    return S3Origin(**shared, region=s3_region(shared["domain_name"]), access_identity=identity)


def _custom_origin(config: Mapping[str, Any], shared: Mapping[str, Any]) -> CustomOrigin:
    # A viewer's plain HTTP counts as HTTPS here, so match-viewer means HTTPS.
    secure = config.get("OriginProtocolPolicy") != "http-only"
    return CustomOrigin(
        **shared,
        protocol="https" if secure else "http",
        port=config.get("HTTPSPort", 443) if secure else config.get("HTTPPort", 80),
        keepalive_timeout=config.get("OriginKeepaliveTimeout", facts.ORIGIN_KEEPALIVE_SECONDS_DEFAULT),
        ssl_protocols=tuple(config.get("OriginSslProtocols", {}).get("Items", ["TLSv1.2"])),
    )


def _access_control(client: Any, access_control_id: str | None) -> AccessControl | None:
    if not access_control_id:
        return None
    control = _found(client.get_origin_access_control, access_control_id)["OriginAccessControl"]
    config = control["OriginAccessControlConfig"]
    return AccessControl(config["OriginAccessControlOriginType"], config["SigningBehavior"])
