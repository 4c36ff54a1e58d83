"""E9024 and E9025: headers that a policy may not name."""

from __future__ import annotations

from collections.abc import Iterator

from cloudfront_local.lint.rule import EdgeRule, Finding
from cloudfront_local.lint.template import Template
from cloudfront_local.lint.values import Value
from cloudfront_local.rules import facts


class AuthorizationByCachePolicy(EdgeRule):
    id = "E9024"
    shortdesc = "An origin request policy names neither Authorization nor Accept-Encoding"
    description = "CloudFront refuses an origin request policy with one of these headers in its list."
    source_url = "https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginRequestPolicyHeadersConfig.html"
    advice = "Name the header in the cache policy, or use the managed policy AllViewerExceptHostHeader."

    def findings(self, template: Template) -> Iterator[Finding]:
        config = ("OriginRequestPolicyConfig", "HeadersConfig")
        for name, header in _listed(template, "AWS::CloudFront::OriginRequestPolicy", config):
            if (header.text or "").lower() == "authorization":
                yield Finding(
                    header.path,
                    f"{name} sends Authorization to the origin, which CloudFront does not take in an origin request "
                    "policy: name the header in the cache policy, or use the managed policy "
                    "AllViewerExceptHostHeader or AllViewer.",
                )
            if (header.text or "").lower() == "accept-encoding":
                yield Finding(
                    header.path,
                    f"{name} sends Accept-Encoding to the origin, which CloudFront does not take in an origin request "
                    "policy: set EnableAcceptEncodingGzip and EnableAcceptEncodingBrotli in the cache policy.",
                )


class HeadersOfCachePolicies(EdgeRule):
    id = "E9025"
    shortdesc = "A cache policy does not name Accept-Encoding or the viewer's address, ASN or TLS"
    description = "CloudFront refuses a cache policy with one of these headers in its list."
    source_url = (
        "https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ParametersInCacheKeyAndForwardedToOrigin.html"
    )
    advice = (
        "Set EnableAcceptEncodingGzip and EnableAcceptEncodingBrotli, or name the header in an origin request policy."
    )

    def findings(self, template: Template) -> Iterator[Finding]:
        config = ("CachePolicyConfig", "ParametersInCacheKeyAndForwardedToOrigin", "HeadersConfig")
        for name, header in _listed(template, "AWS::CloudFront::CachePolicy", config):
            if (header.text or "").lower() == "accept-encoding":
                yield Finding(
                    header.path,
                    f"{name} names Accept-Encoding, which CloudFront does not take in the list of headers: remove it, "
                    "and set EnableAcceptEncodingGzip and EnableAcceptEncodingBrotli.",
                )
            if (header.text or "").lower() in facts.CACHE_POLICY_HEADERS_REFUSED:
                yield Finding(
                    header.path,
                    f"{name} names {header.text}, which CloudFront does not take in a cache policy: name the header in "
                    "an origin request policy.",
                )


def _listed(template: Template, kind: str, config: tuple[str, ...]) -> Iterator[tuple[str, Value]]:
    """The headers that the policies of a kind list by name, each with the policy's logical id."""
    for policy in template.resources(kind):
        for headers in policy.properties.walk(*config):
            for behavior in headers.get("HeaderBehavior"):
                for header in headers.under(behavior.when).listed("Headers") if behavior.text == "whitelist" else ():
                    yield policy.name, header
