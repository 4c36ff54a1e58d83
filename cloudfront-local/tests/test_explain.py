"""`cloudfront-local explain URL`: what a URL would meet, without a request."""

import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from cloudfront_local.distribution.config import DistributionConfig
from cloudfront_local.errors import LocalError
from cloudfront_local.explain import explained, target
from cloudfront_local.rules.facts import REQUEST_BYTES
from cloudfront_local.testing.template_alone.session import template_alone

TEMPLATE = """
Resources:
  Cache:
    Type: AWS::CloudFront::CachePolicy
    Properties:
      CachePolicyConfig:
        Name: cache
        MinTTL: 1
        DefaultTTL: 60
        MaxTTL: 3600
        ParametersInCacheKeyAndForwardedToOrigin:
          EnableAcceptEncodingGzip: false
          HeadersConfig: { HeaderBehavior: whitelist, Headers: [Accept-Language] }
          CookiesConfig: { CookieBehavior: allExcept, Cookies: [tracking] }
          QueryStringsConfig: { QueryStringBehavior: whitelist, QueryStrings: [page] }
  Distribution:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Aliases: [www.example.org]
        ViewerCertificate:
          AcmCertificateArn: arn:aws:acm:us-east-1:123456789012:certificate/1
          SslSupportMethod: sni-only
          MinimumProtocolVersion: TLSv1.2_2021
        DefaultRootObject: index.html
        Origins:
          - Id: main
            DomainName: main.example.org
            OriginPath: /v1
            CustomOriginConfig: { OriginProtocolPolicy: https-only }
          - { Id: spare, DomainName: spare.example.org, CustomOriginConfig: { OriginProtocolPolicy: https-only } }
        OriginGroups:
          Quantity: 1
          Items:
            - Id: both
              FailoverCriteria: { StatusCodes: { Quantity: 1, Items: [503] } }
              Members: { Quantity: 2, Items: [{ OriginId: main }, { OriginId: spare }] }
        CacheBehaviors:
          - PathPattern: /api/*
            TargetOriginId: main
            ViewerProtocolPolicy: https-only
            CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad
            OriginRequestPolicyId: b689b0a8-53d0-40ab-baf2-68738e2966ac
        DefaultCacheBehavior:
          TargetOriginId: both
          ViewerProtocolPolicy: redirect-to-https
          CachePolicyId: !Ref Cache
"""


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> DistributionConfig:
    folder = tmp_path_factory.mktemp("explain")
    template: Path = folder / "template.yaml"
    template.write_text(TEMPLATE)
    with template_alone(template, folder) as alone:
        return alone.served.config


@pytest.mark.parametrize(
    ("url", "lines"),
    [
        (
            "/api/x?y=1",
            """\
            behavior        /api/*
            viewers         HTTPS; HTTP is refused
            origin          main (main.example.org/v1)
              also headers  all but host
              also cookies  all
              also query    all
            cache           nothing is kept: the cache policy's maximum TTL is 0""",
        ),
        (
            "/?page=2&utm=x",
            """\
            / is the default root object, /index.html
            behavior        *
            viewers         HTTPS; HTTP is redirected there
            origin          main (main.example.org/v1)
            on failure      spare (spare.example.org)
            cache key       Path /index.html, Query: page 2
              with headers  accept-language
              with cookies  all but tracking
              with query    page
            kept for        at least 1 s, at most 3600 s, 60 s if the origin says nothing""",
        ),
    ],
    ids=["api", "root"],
)
def test_explained(config: DistributionConfig, url: str, lines: str) -> None:
    assert list(explained(config, url, str)) == textwrap.dedent(lines).splitlines()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/a?b", "/a?b"),
        ("a/b", "/a/b"),
        ("http://127.0.0.1:8080", "/"),
        ("http://localhost:8080/x", "/x"),
        ("http://[::1]:8080/x?y", "/x?y"),
        ("https://www.example.org/x", "/x"),
    ],
)
def test_target(config: DistributionConfig, url: str, expected: str) -> None:
    """A path, or an address of the distribution."""
    assert target([config], url, "http://127.0.0.1:8080") == (config, expected)


def test_other_distribution(config: DistributionConfig) -> None:
    """A name decides which distribution answers, as on AWS; a path is the first one's."""
    other = replace(config, aliases=("shop.example.org",))
    for url, chosen in (("/x", config), ("https://shop.example.org/x", other), ("http://localhost:8080/x", config)):
        assert target([config, other], url, "http://127.0.0.1:8080") == (chosen, "/x")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("https://other.example/", r"other\.example is no name of a distribution\. Their names: 127\.0\.0\.1:8080, "),
        ("http://127.0.0.1:1/", r"127\.0\.0\.1:1 is no name"),
        ("http://[::1", r"'http://\[::1' is no URL: Invalid IPv6 URL\."),
        ("/a b", "%20 for a space"),
        ("/a\nb", "CloudFront refuses this URL"),
        ("/é", "Percent-encode"),
        ("/" + "a" * REQUEST_BYTES, f"more than {REQUEST_BYTES} bytes"),
    ],
)
def test_refused(config: DistributionConfig, url: str, sentence: str) -> None:
    """Another host, and what no browser sends."""
    with pytest.raises(LocalError, match=sentence):
        target([config], url, "http://127.0.0.1:8080")
