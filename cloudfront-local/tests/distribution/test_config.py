"""The distribution that a Host header names."""

import pytest

from cloudfront_local.distribution.config import DistributionConfig, named


def config(domain_name: str, *aliases: str) -> DistributionConfig:
    return DistributionConfig(
        id="E1", arn="", domain_name=domain_name, default_root_object="", behaviors=(), origins={}, aliases=aliases
    )


CONFIGS = [
    config("d1.cloudfront.net", "*.example.org", "www.example.com"),
    config("d2.cloudfront.net", "www.example.org", "*.example.com"),
]


@pytest.mark.parametrize(
    ("host", "index"),
    [
        ("d1.cloudfront.net", 0),
        ("D2.cloudfront.net:8080", 1),
        ("www.example.org", 1),  # An exact name beats a wildcard.
        ("other.example.org", 0),
        ("www.example.com", 0),
        ("other.example.com", 1),
        ("example.com", 0),
        ("localhost:8080", 0),
        ("", 0),
    ],
)
def test_named(host: str, index: int) -> None:
    assert named(CONFIGS, host) == index


@pytest.mark.parametrize(
    ("host", "is_named"), [("a.example.org", True), ("example.org", False), ("a.example.org.evil.com", False)]
)
def test_wildcard(host: str, is_named: bool) -> None:
    assert CONFIGS[0].is_named(host) is is_named
