"""VPC origins have no functions on the origin's side."""

import pytest

from cloudfront_local.distribution import vpc_origins
from cloudfront_local.distribution.behaviors import CacheBehavior, FunctionAssociation
from cloudfront_local.distribution.origin import CustomOrigin
from cloudfront_local.distribution.origin_groups import OriginGroup
from cloudfront_local.distribution.policies import CachePolicy

ORIGINS = {
    "private": CustomOrigin(domain_name="internal.example.org", vpc_endpoint="arn:aws:ec2:us-east-1:1:instance/i-1"),
    "public": CustomOrigin(domain_name="example.org"),
}
GROUPS = {"both": OriginGroup("public", "private", frozenset({500}))}


@pytest.mark.parametrize(
    ("origin", "event", "refused"),
    [
        ("private", "origin-request", True),
        ("private", "origin-response", True),
        ("both", "origin-request", True),
        ("private", "viewer-request", False),
        ("public", "origin-request", False),
    ],
)
def test_functions(origin: str, event: str, refused: bool) -> None:
    functions = {event: FunctionAssociation("arn", False)}
    behavior = CacheBehavior("/x/*", origin, CachePolicy(0, 0, 0), functions=functions)
    expected = (
        f"The behavior /x/* has an {event} function, but its origin private is a VPC origin, for which CloudFront runs "
        "none. Use a viewer-request or viewer-response function, or another origin."
    )
    assert vpc_origins.refusal(behavior, ORIGINS, GROUPS) == (expected if refused else None)
