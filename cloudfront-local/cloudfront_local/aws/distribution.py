"""Reads a deployed distribution from CloudFront (`get_distribution`) into a DistributionConfig."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudfront_local.aws.configuration import ConfigurationError, accepted, found, items
from cloudfront_local.aws.distribution_origins import read_origin
from cloudfront_local.distribution import forwarded_values, not_emulated, policies, vpc_origins
from cloudfront_local.distribution.access_log.settings import logging
from cloudfront_local.distribution.behaviors import CacheBehavior, FunctionAssociation
from cloudfront_local.distribution.config import DistributionConfig
from cloudfront_local.distribution.error_responses import error_responses, exposed_pages
from cloudfront_local.distribution.geo_restriction import geo_restriction
from cloudfront_local.distribution.origin import S3Origin
from cloudfront_local.distribution.origin_groups import origin_group
from cloudfront_local.distribution.policies import CachePolicy, OriginRequestPolicy
from cloudfront_local.distribution.response_headers_policy import ResponseHeadersPolicy, response_headers_policy
from cloudfront_local.distribution.signatures.keys import PublicKey, TrustedKeys, public_key


def read(client: Any, distribution_id: str) -> DistributionConfig:
    """Reads a distribution with a boto3 CloudFront client. Raises ConfigurationError."""
    distribution = client.get_distribution(Id=distribution_id)["Distribution"]
    config = distribution["DistributionConfig"]
    behaviors = [*items(config, "CacheBehaviors"), {**config["DefaultCacheBehavior"], "PathPattern": "*"}]
    origins = {item["Id"]: read_origin(client, item) for item in items(config, "Origins")}
    groups = {
        item["Id"]: accepted(lambda group: origin_group(group, origins), item) for item in items(config, "OriginGroups")
    }
    buckets = {name for name, origin in origins.items() if isinstance(origin, S3Origin)}
    buckets |= {name for name, group in groups.items() if group.primary in buckets}
    served = tuple(_behavior(client, behavior, is_s3=behavior["TargetOriginId"] in buckets) for behavior in behaviors)
    for behavior in served:
        if behavior.origin_id not in origins | groups:
            raise ConfigurationError(
                f"The behavior {behavior.path_pattern} has the TargetOriginId {behavior.origin_id}, but the "
                f"distribution's origins are {', '.join([*origins, *groups])}. Correct the id."
            )
        if refused := vpc_origins.refusal(behavior, origins, groups):
            raise ConfigurationError(refused)
    errors = accepted(error_responses, items(config, "CustomErrorResponses"))
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
        geo_restriction=geo_restriction(config.get("Restrictions", {})),
        logging=logging(config.get("Logging", {})),
        warnings=(*forwarded_values.warnings(behaviors), *exposed_pages(errors, served)),
        not_emulated=(
            *not_emulated.of_configuration(config),
            *not_emulated.of_policies(served),
            *not_emulated.of_origins(origins),
        ),
    )


def _behavior(client: Any, config: Mapping[str, Any], *, is_s3: bool) -> CacheBehavior:
    cache, forward = _policies(client, config, is_s3=is_s3)
    methods = config.get("AllowedMethods", {})
    return CacheBehavior(
        path_pattern=config["PathPattern"],
        origin_id=config["TargetOriginId"],
        allowed_methods=_methods(methods),
        cached_methods=_methods(methods.get("CachedMethods", {})),
        compress=config.get("Compress", False),
        cache_policy=cache,
        origin_request_policy=forward,
        response_headers_policy=_response_headers_policy(client, config),
        cloudfront_functions={item["EventType"]: item["FunctionARN"] for item in items(config, "FunctionAssociations")},
        trusted_keys=_trusted_keys(client, config),
        viewer_protocol_policy=config.get("ViewerProtocolPolicy", "allow-all"),
        functions={
            item["EventType"]: FunctionAssociation(item["LambdaFunctionARN"], item.get("IncludeBody", False))
            for item in items(config, "LambdaFunctionAssociations")
        },
    )


def _trusted_keys(client: Any, behavior: Mapping[str, Any]) -> TrustedKeys | None:
    """The keys of a behavior's key groups. Trusted signers' keys belong to AWS accounts, which are not here."""
    if not any(behavior.get(name, {}).get("Enabled") for name in ("TrustedKeyGroups", "TrustedSigners")):
        return None
    ids = behavior.get("TrustedKeyGroups", {}).get("Items", [])
    groups = [found(client.get_key_group, group)["KeyGroup"]["KeyGroupConfig"] for group in ids]
    return TrustedKeys({key: _public_key(client, key) for group in groups for key in group["Items"]})


def _public_key(client: Any, key_id: str) -> PublicKey:
    pem = found(client.get_public_key, key_id)["PublicKey"]["PublicKeyConfig"]["EncodedKey"]
    return accepted(public_key, pem, f"The public key {key_id}: ")


def _methods(config: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(config.get("Items") or ("GET", "HEAD"))


def _policies(client: Any, behavior: Mapping[str, Any], *, is_s3: bool) -> tuple[CachePolicy, OriginRequestPolicy]:
    where = f"The behavior {behavior['PathPattern']}: "
    if not behavior.get("CachePolicyId"):
        return accepted(lambda legacy: forwarded_values.legacy_policies(legacy, is_s3=is_s3), behavior, where)
    if behavior.get("ForwardedValues"):
        raise ConfigurationError(f"{where}ForwardedValues cannot be used with a CachePolicyId. Delete one of them.")
    cache = found(client.get_cache_policy, behavior["CachePolicyId"])["CachePolicy"]["CachePolicyConfig"]
    forward: Mapping[str, Any] = {}
    if policy_id := behavior.get("OriginRequestPolicyId"):
        policy = found(client.get_origin_request_policy, policy_id)["OriginRequestPolicy"]
        forward = policy["OriginRequestPolicyConfig"]
    return accepted(policies.cache_policy, cache, f"{where}its cache policy: "), policies.origin_request_policy(forward)


def _response_headers_policy(client: Any, behavior: Mapping[str, Any]) -> ResponseHeadersPolicy | None:
    policy_id = behavior.get("ResponseHeadersPolicyId")
    if not policy_id:
        return None
    config = found(client.get_response_headers_policy, policy_id)["ResponseHeadersPolicy"]
    where = f"The response headers policy of the behavior {behavior['PathPattern']}: "
    return accepted(response_headers_policy, config["ResponseHeadersPolicyConfig"], where)
