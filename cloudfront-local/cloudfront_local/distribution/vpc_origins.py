"""What CloudFront does not do with VPC origins.

Source: CloudFront Developer Guide, "Restrict access with VPC origins". The words of CloudFront's refusal are
[UNVERIFIED].
"""

from __future__ import annotations

from collections.abc import Mapping

from cloudfront_local.distribution.behaviors import CacheBehavior
from cloudfront_local.distribution.origin import CustomOrigin, Origin
from cloudfront_local.distribution.origin_groups import OriginGroup


def refusal(behavior: CacheBehavior, origins: Mapping[str, Origin], groups: Mapping[str, OriginGroup]) -> str | None:
    """Why CloudFront refuses a behavior, whose origin is one of `origins` or of `groups`; None if it takes it."""
    group = groups.get(behavior.origin_id)
    names = (group.primary, group.secondary) if group else (behavior.origin_id,)
    private = [name for name in names if _is_private(origins[name])]
    functions = sorted({"origin-request", "origin-response"} & behavior.functions.keys())
    if not private or not functions:
        return None
    return (
        f"The behavior {behavior.path_pattern} has an {functions[0]} function, but its origin {private[0]} is a VPC "
        "origin, for which CloudFront runs none. Use a viewer-request or viewer-response function, or another origin."
    )


def _is_private(origin: Origin) -> bool:
    return isinstance(origin, CustomOrigin) and bool(origin.vpc_endpoint)
