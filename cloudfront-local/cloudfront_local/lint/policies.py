"""Which of the viewer's headers a behavior's policies put in the cache key or send to the origin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cloudfront_local.lint.deployment import ALWAYS, When
from cloudfront_local.lint.distributions import Behavior
from cloudfront_local.lint.template import Template
from cloudfront_local.lint.values import Value
from cloudfront_local.rules.facts import MANAGED_CACHE_POLICY_HEADERS, MANAGED_ORIGIN_REQUEST_POLICY_HEADERS

# The policies of a behavior, with the resources that they can be.
POLICIES = {
    "CachePolicyId": "AWS::CloudFront::CachePolicy",
    "OriginRequestPolicyId": "AWS::CloudFront::OriginRequestPolicy",
    "ResponseHeadersPolicyId": "AWS::CloudFront::ResponseHeadersPolicy",
}


@dataclass(frozen=True)
class Selection:
    """A policy's choice of headers, `behavior` as in HeaderBehavior; `value` is where the behavior asks for it."""

    policy: str
    behavior: str
    headers: list[tuple[str, When]]
    value: Value

    def selects(self, name: str) -> Iterator[When]:
        """The conditions under which a header (in lower case) is selected, in each way that it is."""
        named = [when for header, when in self.headers if header == name]
        match self.behavior:
            case "whitelist":
                yield from (self.value.when | when for when in named)
            case "allExcept":
                when = self.value.deployment.without(self.value.when, named)
                yield from [] if when is None else [when]
            case "allViewer" | "allViewerAndWhitelistCloudFront":
                yield self.value.when


def cache_key_headers(template: Template, behavior: Behavior) -> Iterator[Selection]:
    """The viewer's headers that are in the cache key. All of them go to the origin, too."""
    config = ("CachePolicyConfig", "ParametersInCacheKeyAndForwardedToOrigin", "HeadersConfig")
    for policy in behavior.value.get("CachePolicyId"):
        yield from _selections(template, policy, MANAGED_CACHE_POLICY_HEADERS, "AWS::CloudFront::CachePolicy", config)
    # The older form, before policies. Here "*" means every header; in a policy, "*" is a header's name.
    for forwarded in behavior.value.get("ForwardedValues"):
        headers = _names(forwarded)
        yield Selection("ForwardedValues", "whitelist", headers, forwarded)
        for when in (when for name, when in headers if name == "*"):
            yield Selection("ForwardedValues", "allViewer", [], forwarded.under(when))


def forwarded_headers(template: Template, behavior: Behavior) -> Iterator[Selection]:
    """The viewer's headers that the origin gets."""
    yield from cache_key_headers(template, behavior)
    config = ("OriginRequestPolicyConfig", "HeadersConfig")
    managed, kind = MANAGED_ORIGIN_REQUEST_POLICY_HEADERS, "AWS::CloudFront::OriginRequestPolicy"
    for policy in behavior.value.get("OriginRequestPolicyId"):
        yield from _selections(template, policy, managed, kind, config)


def _selections(
    template: Template,
    policy: Value,
    managed: dict[str, tuple[str, str, tuple[str, ...]]],
    kind: str,
    config: tuple[str, ...],
) -> Iterator[Selection]:
    if known := managed.get(policy.text or ""):
        name, behavior, names = known
        yield Selection(name, behavior, [(header, ALWAYS) for header in names], policy)
    for resource in template.referred(policy, kind):
        for headers in resource.properties.walk(*config):
            for chosen in headers.get("HeaderBehavior"):
                yield Selection(resource.name, str(chosen.text), _names(headers), policy.under(chosen.when))


def _names(config: Value) -> list[tuple[str, When]]:
    """The headers a configuration names, in lower case, each with its conditions."""
    return [(str(header.text).lower(), header.when) for header in config.listed("Headers")]
