"""E9039, E9040 and E9042: policies that the CloudFront API refuses."""

from __future__ import annotations

from collections.abc import Iterator

from cloudfront_local.lint.distributions import behaviors
from cloudfront_local.lint.rule import API, GUIDE, EdgeRule, Finding
from cloudfront_local.lint.template import Template
from cloudfront_local.lint.values import Value
from cloudfront_local.rules import facts
from cloudfront_local.rules.api_refusals import CORS_ORIGIN

CACHE_POLICY, PARAMETERS = "AWS::CloudFront::CachePolicy", "ParametersInCacheKeyAndForwardedToOrigin"
FLAGS = ("EnableAcceptEncodingGzip", "EnableAcceptEncodingBrotli")
SELECTIONS = ("HeadersConfig", "CookiesConfig", "QueryStringsConfig")


class NothingInTheKeyWithoutCache(EdgeRule):
    id = "E9039"
    shortdesc = "A cache policy that caches nothing has nothing in its cache key"
    description = "With a MaxTTL of 0, CloudFront refuses compression flags, headers, cookies and query strings."
    source_url = API + "API_CachePolicyConfig.html"
    advice = (
        "Switch the flags off and select none; name headers, cookies and query strings in an origin request policy."
    )

    def findings(self, template: Template) -> Iterator[Finding]:
        for name, config in _configs(template, CACHE_POLICY, "CachePolicyConfig"):
            for ttl in config.get("MaxTTL"):
                if ttl.number == 0:
                    yield from _selected(name, config.under(ttl.when))


def _selected(name: str, config: Value) -> Iterator[Finding]:
    for parameters in config.get(PARAMETERS):
        found = [(flag, value) for flag in FLAGS for value in parameters.get(flag) if value.true]
        for section in SELECTIONS:
            key = section.replace("sConfig", "Behavior")
            found += [(key, value) for value in parameters.walk(section, key) if value.text not in (None, "none")]
        for key, value in found:
            yield Finding(
                value.path,
                f"InvalidArgument: The parameter {key} is invalid for policy with caching disabled. {name} has a "
                "MaxTTL of 0.",
            )


class OrderOfTtls(EdgeRule):
    id = "E9040"
    shortdesc = "MinTTL is at most DefaultTTL, and DefaultTTL at most MaxTTL"
    description = "CloudFront answers InvalidTTLOrder."
    source_url = API + "API_CreateDistribution.html"
    advice = "Put the three in order."

    def findings(self, template: Template) -> Iterator[Finding]:
        legacy = [(str(behavior), behavior.value) for behavior in behaviors(template)]
        for name, config in [*_configs(template, CACHE_POLICY, "CachePolicyConfig"), *legacy]:
            for low, high in (("MinTTL", "DefaultTTL"), ("DefaultTTL", "MaxTTL"), ("MinTTL", "MaxTTL")):
                for least in config.get(low):
                    for most in config.under(least.when).get(high):
                        if least.number is not None and most.number is not None and least.number > most.number:
                            yield Finding(
                                least.path,
                                f"InvalidTTLOrder: {name} has a {low} of {least.number} s and a {high} of "
                                f"{most.number} s.",
                            )


class ResponseHeaders(EdgeRule):
    id = "E9042"
    shortdesc = "A response headers policy removes and sets what CloudFront lets it"
    description = (
        "CloudFront refuses to remove some headers, an empty list of allowed headers, wildcards inside an allowed "
        "origin, and an XSSProtection with both ModeBlock and ReportUri."
    )
    source_url = GUIDE + "understanding-response-headers-policies.html"
    advice = "Delete the header from RemoveHeadersConfig, name an allowed header, or keep one of the two settings."

    def findings(self, template: Template) -> Iterator[Finding]:
        kind = "AWS::CloudFront::ResponseHeadersPolicy"
        for name, config in _configs(template, kind, "ResponseHeadersPolicyConfig"):
            yield from _removed(name, config)
            yield from _cors(name, config)
            yield from _xss(name, config)


def _removed(name: str, config: Value) -> Iterator[Finding]:
    for items in config.walk("RemoveHeadersConfig", "Items"):
        for header in [value for item in items.items() for value in item.get("Header")]:
            if facts.is_kept((header.text or "").lower()):
                yield Finding(header.path, f"InvalidArgument: {name} removes {header.text}, which CloudFront keeps.")


def _cors(name: str, config: Value) -> Iterator[Finding]:
    for allowed in config.walk("CorsConfig", "AccessControlAllowHeaders", "Items"):
        if allowed.plain == []:
            yield Finding(allowed.path, f"InvalidArgument: {name} allows no header. Name one, or *.")
    for origins in config.walk("CorsConfig", "AccessControlAllowOrigins", "Items"):
        for origin in origins.items():
            text = origin.text or "*"
            if "*" in text and text != "*" and not CORS_ORIGIN.fullmatch(text):
                yield Finding(
                    origin.path,
                    f"InvalidArgument: {name} allows the origin {text!r}. A wildcard may stand for the leftmost part "
                    "of the host (*.example.org) or in the port (http://example.org:*).",
                )


def _xss(name: str, config: Value) -> Iterator[Finding]:
    for xss in config.walk("SecurityHeadersConfig", "XSSProtection"):
        block, report = xss.get("ModeBlock"), xss.get("ReportUri")
        if any(value.true for value in block) and any(value.text for value in report):
            yield Finding(
                xss.path, f"InvalidArgument: the XSSProtection of {name} has ModeBlock and ReportUri. Keep one."
            )


def _configs(template: Template, kind: str, *keys: str) -> Iterator[tuple[str, Value]]:
    for policy in template.resources(kind):
        for config in policy.properties.walk(*keys):
            yield policy.name, config
