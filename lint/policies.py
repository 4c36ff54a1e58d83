"""Which of the viewer's headers a behaviour's policies put in the cache key or send to the origin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lint.distributions import Behaviour
from lint.expressions import Reference
from lint.facts_pending import MANAGED_CACHE_POLICY_HEADERS, MANAGED_ORIGIN_REQUEST_POLICY_HEADERS
from lint.template import Template
from lint.values import Value


@dataclass(frozen=True)
class Selection:
    """The headers that a policy selects, in lower case; `value` is where the behaviour asks for it."""

    policy: str
    behavior: str
    names: frozenset[str]
    value: Value

    def __contains__(self, name: str) -> bool:
        match self.behavior:
            case "whitelist":
                return name in self.names
            case "allExcept":
                return name not in self.names
            case "allViewer" | "allViewerAndWhitelistCloudFront":
                return True
            case _:
                return False


def cache_key_headers(template: Template, behaviour: Behaviour) -> Iterator[Selection]:
    """What the cache key takes of the viewer's headers; all of it also goes to the origin."""
    config = ("CachePolicyConfig", "ParametersInCacheKeyAndForwardedToOrigin", "HeadersConfig")
    for policy in behaviour.value.get("CachePolicyId"):
        yield from _selections(template, policy, MANAGED_CACHE_POLICY_HEADERS, "AWS::CloudFront::CachePolicy", config)
    # What behaviours had before there were policies. "*" means every header here; in a policy, itself.
    for forwarded in behaviour.value.get("ForwardedValues"):
        for headers in forwarded.get("Headers"):
            for decided in headers.decided():
                names = _names(decided.plain)
                behavior = "allViewer" if "*" in names else "whitelist"
                yield Selection("ForwardedValues", behavior, names, forwarded.under(decided.when))


def forwarded_headers(template: Template, behaviour: Behaviour) -> Iterator[Selection]:
    """What the origin gets of the viewer's headers."""
    yield from cache_key_headers(template, behaviour)
    config = ("OriginRequestPolicyConfig", "HeadersConfig")
    managed, kind = MANAGED_ORIGIN_REQUEST_POLICY_HEADERS, "AWS::CloudFront::OriginRequestPolicy"
    for policy in behaviour.value.get("OriginRequestPolicyId"):
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
        yield Selection(name, behavior, frozenset(names), policy)
    for piece in policy.parts:
        resource = template.resource(piece.name, kind) if isinstance(piece, Reference) else None
        for headers in resource.properties.under(policy.when).walk(*config) if resource else ():
            for decided in headers.decided():
                found = policy.under(decided.when)
                yield _custom(resource.name if resource else "", decided.plain, found)


def _custom(name: str, config: Any, value: Value) -> Selection:
    behavior = config.get("HeaderBehavior") if isinstance(config, dict) else None
    names = _names(config.get("Headers")) if isinstance(config, dict) else frozenset()
    return Selection(name, str(behavior), names, value)


def _names(plain: Any) -> frozenset[str]:
    return frozenset(str(name).lower() for name in plain) if isinstance(plain, list) else frozenset()
