"""Cache policies and origin request policies: they select headers, cookies and query strings of the viewer's request.

Values that a cache policy selects are in the cache key and go to the origin. Values that an origin request policy
selects go to the origin only. Managed and custom policies have the same form.
Source: CloudFront Developer Guide, "Control the cache key" and "Control origin requests with a policy".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from multidict import CIMultiDict

from cloudfront_local.distribution.messages import Request
from cloudfront_local.distribution.wildcards import regular_expression
from cloudfront_local.rules import facts


@dataclass(frozen=True)
class Selection:
    """The names that one part of a policy selects. Header names are in lower case; other names are case-sensitive.

    `behavior` is a behavior of the CloudFront API. `wildcards` is our own: legacy settings may select cookies by names
    with `*` (any characters) and `?` (one character).
    """

    behavior: str = "none"
    names: frozenset[str] = frozenset()

    def __contains__(self, name: str) -> bool:
        match self.behavior:
            case "none":
                return False
            case "whitelist":
                return name in self.names
            case "wildcards":
                return any(_wildcards(pattern).fullmatch(name) for pattern in self.names)
            case "allExcept":
                return name not in self.names
            case "allViewerAndWhitelistCloudFront":
                return not name.startswith("cloudfront-") or name in self.names
            case _:  # "all", "allViewer"
                return True

    @property
    def is_all(self) -> bool:
        """Whether the policy selects every name."""
        return self.behavior in ("all", "allViewer")

    @property
    def is_none(self) -> bool:
        return self.behavior == "none"


@lru_cache
def _wildcards(pattern: str) -> re.Pattern[str]:
    return re.compile(regular_expression(pattern), re.DOTALL)


@dataclass(frozen=True)
class OriginRequestPolicy:
    """The values that go to the origin in addition to those in the cache key."""

    headers: Selection = Selection()
    cookies: Selection = Selection()
    query_strings: Selection = Selection()


@dataclass(frozen=True)
class CachePolicy:
    """The values in the cache key, and the limits on the time that an object is cached. TTLs are in seconds."""

    min_ttl: int
    default_ttl: int
    max_ttl: int
    gzip: bool = False
    brotli: bool = False
    headers: Selection = Selection()
    cookies: Selection = Selection()
    query_strings: Selection = Selection()

    @property
    def caches(self) -> bool:
        """Whether anything is cached. False if the maximum TTL is 0, as in the managed policy CachingDisabled."""
        return self.max_ttl > 0

    @property
    def compression_codings(self) -> tuple[str, ...]:
        """The content codings that the policy enables, in the order of CloudFront's preference."""
        return tuple(coding for coding, enabled in [("br", self.brotli), ("gzip", self.gzip)] if enabled)

    def accept_encoding(self, request: Request) -> str:
        """The viewer's `Accept-Encoding`, normalized for the cache key: `br,gzip`, `br`, `gzip` or empty.

        Source: Developer Guide, "Cache policy settings", compression support; HTTP/1.0 viewers get no compression.
        """
        if request.http_version == "1.0":
            return ""
        accepted = {
            coding.partition(";")[0].strip().lower()
            for value in request.headers.getall("Accept-Encoding", ())
            for coding in value.split(",")
            if not _REFUSED.search(coding)
        }
        return ",".join(coding for coding in self.compression_codings if coding in accepted)


_REFUSED = re.compile(r";\s*q=0(\.0*)?\s*$", re.IGNORECASE)  # RFC 9110, section 12.4.2: weight 0 is "not acceptable"


def cache_policy(config: Mapping[str, Any]) -> CachePolicy:
    """The cache policy of a `CachePolicyConfig` of the CloudFront API.

    Raises ValueError, with what is wrong and what to do, for headers that CloudFront refuses.
    """
    parameters = config.get("ParametersInCacheKeyAndForwardedToOrigin", {})
    selections = _selections(parameters)
    if refused := sorted(selections["headers"].names & facts.CACHE_POLICY_HEADERS_REFUSED):
        raise ValueError(f"Headers may not have {', '.join(refused)}. Name them in an origin request policy instead.")
    return CachePolicy(
        min_ttl=config["MinTTL"],
        default_ttl=config.get("DefaultTTL", 86400),
        max_ttl=config.get("MaxTTL", 31536000),
        gzip=parameters.get("EnableAcceptEncodingGzip", False),
        brotli=parameters.get("EnableAcceptEncodingBrotli", False),
        **selections,
    )


def origin_request_policy(config: Mapping[str, Any]) -> OriginRequestPolicy:
    """The origin request policy of an `OriginRequestPolicyConfig` of the CloudFront API."""
    return OriginRequestPolicy(**_selections(config))


def _selections(config: Mapping[str, Any]) -> dict[str, Selection]:
    return {
        "headers": _selection(config.get("HeadersConfig", {}), "Header", "Headers", fold=True),
        "cookies": _selection(config.get("CookiesConfig", {}), "Cookie", "Cookies"),
        "query_strings": _selection(config.get("QueryStringsConfig", {}), "QueryString", "QueryStrings"),
    }


def _selection(config: Mapping[str, Any], prefix: str, items: str, *, fold: bool = False) -> Selection:
    names = config.get(items, {}).get("Items", [])
    return Selection(
        behavior=config.get(f"{prefix}Behavior", "none"),
        names=frozenset(name.lower() if fold else name for name in names),
    )


def select_query(querystring: str, *selections: Selection) -> str:
    """The query string with the parameters that any of the selections has, in the viewer's order and spelling."""
    if any(selection.is_all for selection in selections):
        return querystring
    parameters = [part for part in querystring.split("&") if part]
    return "&".join(part for part in parameters if _selected(part.partition("=")[0], selections))


def select_cookies(headers: CIMultiDict[str], *selections: Selection) -> str:
    """The cookies that any of the selections has, as the value of one `Cookie` header."""
    cookies = [cookie.strip() for value in headers.getall("Cookie", ()) for cookie in value.split(";")]
    return "; ".join(c for c in cookies if c and _selected(c.partition("=")[0], selections))


def _selected(name: str, selections: tuple[Selection, ...]) -> bool:
    return any(name in selection for selection in selections)
