"""W9064: a cookie that a function sets before the cache."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cloudfront_local.lint.distributions import Behavior
from cloudfront_local.lint.functions import EdgeFunction
from cloudfront_local.lint.rule import GUIDE, Finding, FunctionRule
from cloudfront_local.lint.source import python_place
from cloudfront_local.lint.template import Template
from cloudfront_local.lint.values import Value
from cloudfront_local.rules.facts import COOKIELESS_CACHE_POLICIES

HEADER = "set-cookie"


class CachedCookie(FunctionRule):
    id = "W9064"
    shortdesc = "A cookie is not set in front of a cache that ignores cookies"
    description = (
        "CloudFront stores what an origin-response function returns, with its Set-Cookie, and serves both to every "
        "viewer whose request has the same cache key."
    )
    source_url = GUIDE + "Cookies.html"
    advice = "Set the cookie at viewer-response, put the cookie in the cache key, or do not cache."

    def refusals(self, function: EdgeFunction) -> Iterator[Finding]:
        place = sets_cookie(function) if function.event_type == "origin-response" else None
        behavior = function.association.behavior
        for policy in _cookieless(function.template, behavior) if place else ():
            yield Finding(
                policy.path,
                f"{behavior} caches without cookies in its key, and {function.name} sets a cookie at origin-response "
                f"({place}): every viewer of an object gets the first viewer's cookie. Set the cookie at "
                "viewer-response, or do not cache here.",
            )


def sets_cookie(function: EdgeFunction) -> str | None:
    """Where the function's Python source sets the header (`path:line`); None when it is not seen to."""
    return python_place(function, _sets)


def _sets(node: ast.AST) -> bool:
    """Whether this is `...["set-cookie"] = ...`."""
    match node:
        case ast.Subscript(slice=ast.Constant(value=str(name)), ctx=ast.Store()):
            return name.lower() == HEADER
    return False


def _cookieless(template: Template, behavior: Behavior) -> Iterator[Value]:
    """The CachePolicyId of a behavior, for each policy that surely caches, whatever the viewer's cookies."""
    for policy in behavior.value.get("CachePolicyId"):
        own = template.referred(policy, "AWS::CloudFront::CachePolicy")
        if policy.text in COOKIELESS_CACHE_POLICIES or any(_is_cookieless(found.properties) for found in own):
            yield policy


def _is_cookieless(properties: Value) -> bool:
    cookies = properties.walk(
        "CachePolicyConfig", "ParametersInCacheKeyAndForwardedToOrigin", "CookiesConfig", "CookieBehavior"
    )
    ttls = [ttl.number or 0 for key in ("MinTTL", "DefaultTTL") for ttl in properties.walk("CachePolicyConfig", key)]
    return [behavior.text for behavior in cookies] == ["none"] and any(ttls)
