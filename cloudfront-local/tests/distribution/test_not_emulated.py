"""The lines about parts of a configuration that have no effect here."""

from typing import Any

import pytest

from cloudfront_local.distribution import not_emulated
from cloudfront_local.distribution.behaviors import CacheBehavior
from cloudfront_local.distribution.origin import AccessControl, CustomOrigin
from cloudfront_local.distribution.policies import CachePolicy, OriginRequestPolicy, Selection

CONFIG = {
    "Enabled": True,
    "Origins": {"Quantity": 1, "Items": [{"Id": "site", "DomainName": "site.example.org"}]},
    "DefaultCacheBehavior": {"TargetOriginId": "site"},
}
LIST = {"Quantity": 1, "Items": ["x"]}


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("Enabled", False, "Enabled: the distribution is disabled, but this tool serves it"),
        (
            "ContinuousDeploymentPolicyId",
            "x",
            "ContinuousDeploymentPolicyId: every request goes to this distribution, none to the staging distribution",
        ),
        (
            "OriginGroups",
            {"Items": [{"Id": "g", "SelectionCriteria": "media-quality-based"}]},
            "origin group g: SelectionCriteria: the primary origin is asked first, as by default",
        ),
        ("AnycastIpListId", "a-1", "AnycastIpListId: the distribution has no addresses of its own"),
        ("CacheTagConfig", {"HeaderName": "x-tag"}, "CacheTagConfig: invalidations go by paths only"),
        ("ConnectionMode", "tenant-only", "ConnectionMode: there are no tenants"),
        ("Staging", True, "Staging: every request goes to this distribution, as if it were no staging distribution"),
        ("ViewerMtlsConfig", {"Mode": "required"}, "ViewerMtlsConfig: viewers show no certificates"),
        ("WebACLId", "x", "WebACLId: AWS WAF inspects no request"),
    ],
)
def test_distribution(name: str, value: Any, line: str) -> None:
    """A part of the distribution that has no effect here gets a line."""
    assert list(not_emulated.of_configuration({**CONFIG, name: value})) == [line]


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("FieldLevelEncryptionId", "x", "FieldLevelEncryptionId: nothing is encrypted"),
        ("GrpcConfig", {"Enabled": True}, "GrpcConfig: gRPC is not supported"),
        ("RealtimeLogConfigArn", "x", "RealtimeLogConfigArn: no real-time log is written"),
        ("SmoothStreaming", True, "SmoothStreaming: Smooth Streaming requests are served like any other request"),
        (
            "TrustedSigners",
            {"Enabled": True, **LIST},
            "TrustedSigners: the keys of AWS accounts are not here, so no signature of theirs is good. "
            "Use TrustedKeyGroups",
        ),
    ],
)
def test_behaviors(name: str, value: Any, line: str) -> None:
    """A part of a behavior that has no effect here gets a line with the path pattern."""
    behavior = {"PathPattern": "/x/*", "TargetOriginId": "site", name: value}
    config = {
        **CONFIG,
        "CacheBehaviors": {"Quantity": 1, "Items": [behavior]},
        "DefaultCacheBehavior": {"TargetOriginId": "site", name: value},
    }
    lines = list(not_emulated.of_configuration(config))
    assert lines == [f"behavior /x/*: {line}", f"behavior *: {line}"]


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("OriginShield", {"Enabled": True}, "OriginShield: there is one cache only"),
    ],
)
def test_origins(name: str, value: Any, line: str) -> None:
    """A part of an origin that has no effect here gets a line with the origin's id."""
    origins = {"Quantity": 1, "Items": [{"Id": "site", name: value}]}
    assert list(not_emulated.of_configuration({**CONFIG, "Origins": origins})) == [f"origin site: {line}"]


@pytest.mark.parametrize(
    ("headers", "lines"),
    [
        ({"cloudfront-viewer-country", "accept"}, []),
        (
            {"cloudfront-viewer-ja3-fingerprint", "cloudfront-viewer-cert-issuer"},
            ["behavior /x/*: cloudfront-viewer-cert-issuer, cloudfront-viewer-ja3-fingerprint: not added"],
        ),
    ],
)
def test_headers_of_tls(headers: set[str], lines: list[str]) -> None:
    """A policy that names a header about TLS, which is not added here, gets a line."""
    policy = OriginRequestPolicy(headers=Selection("whitelist", frozenset(headers)))
    behavior = CacheBehavior("/x/*", "site", CachePolicy(0, 0, 0), policy)
    assert list(not_emulated.of_policies([behavior])) == lines


@pytest.mark.parametrize(
    ("origin_type", "lines"),
    [
        ("s3", []),
        ("lambda", []),
        ("mediastore", ["origin site: OriginAccessControlId: requests of type mediastore are not signed"]),
    ],
)
def test_access_controls(origin_type: str, lines: list[str]) -> None:
    """An origin access control of a type for which nothing is signed here gets a line."""
    origin = CustomOrigin(domain_name="origin.example.org", access_control=AccessControl(origin_type, "always"))
    assert list(not_emulated.of_origins({"site": origin})) == lines
