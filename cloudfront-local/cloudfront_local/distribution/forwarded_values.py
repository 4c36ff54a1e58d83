"""Legacy cache settings of a behavior: `ForwardedValues` and the three TTLs, in the form of policies.

Sources: CloudFormation reference, "ForwardedValues"; CloudFront Developer Guide, "Cache behavior settings", "Cache
content based on query string parameters", "... cookies" and "... request headers". The guide's table:

    QueryString false                    no parameter in the cache key, none to the origin
    QueryString true                     all in the key, all to the origin
    ... with QueryStringCacheKeys        these in the key, all to the origin
    Headers [names]                      these in the key, and to the origin
    Headers ["*"]                        nothing is cached; all to the origin, but none to S3
    Cookies none, whitelist, all         none, these, or all, in the key and to the origin; names may have wildcards
    Compress true                        gzip only; Accept-Encoding is in the key
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cloudfront_local.distribution.policies import CachePolicy, OriginRequestPolicy, Selection
from cloudfront_local.rules import facts


def legacy_policies(behavior: Mapping[str, Any], *, is_s3: bool) -> tuple[CachePolicy, OriginRequestPolicy]:
    """The policies that do the same as the legacy settings of a `behavior` of the CloudFront API. `is_s3` says whether
    its origin is an S3 bucket.

    Raises ValueError, with what is wrong and what to do, for settings that CloudFront refuses.
    """
    values = behavior.get("ForwardedValues")
    if not values:
        raise ValueError("it has neither a CachePolicyId nor ForwardedValues. Give it a CachePolicyId.")
    if behavior.get("OriginRequestPolicyId"):
        raise ValueError("an OriginRequestPolicyId needs a CachePolicyId. Replace the ForwardedValues by one.")
    names = _items(values, "Headers")
    min_ttl, default_ttl, max_ttl = _ttls(behavior)
    queries, forwarded = _query_strings(values)
    cookies = _cookies(values.get("Cookies", {}))
    if "*" in names:
        if min_ttl:
            raise ValueError(f"Headers * forwards all headers, so MinTTL must be 0, not {min_ttl}.")
        uncached = CachePolicy(0, 0, 0, cookies=cookies, query_strings=queries)
        headers = Selection() if is_s3 else Selection("allViewer")
        return uncached, OriginRequestPolicy(headers=headers, query_strings=forwarded)
    policy = CachePolicy(
        min_ttl,
        default_ttl,
        max_ttl,
        gzip=behavior.get("Compress", False),
        headers=_headers(names, is_s3=is_s3),
        cookies=cookies,
        query_strings=queries,
    )
    return policy, OriginRequestPolicy(query_strings=forwarded)


def warnings(behaviors: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A line that names the behaviors with legacy settings. `behaviors` are those of the CloudFront API."""
    legacy = [behavior["PathPattern"] for behavior in behaviors if not behavior.get("CachePolicyId")]
    if legacy:
        yield (
            f"Legacy ForwardedValues in the behaviors {', '.join(legacy)}: they work here and on AWS, but CloudFront's "
            "flat-rate plans refuse them. Give each of these behaviors a CachePolicyId instead"
        )


def _ttls(behavior: Mapping[str, Any]) -> tuple[int, int, int]:
    """The minimum, default and maximum TTL. One that is not set keeps to the limits that are."""
    min_ttl: int = behavior.get("MinTTL", 0)
    usual = min(facts.LEGACY_DEFAULT_TTL, behavior.get("MaxTTL", facts.LEGACY_DEFAULT_TTL))
    default_ttl: int = behavior.get("DefaultTTL", max(min_ttl, usual))
    max_ttl: int = behavior.get("MaxTTL", max(default_ttl, facts.LEGACY_MAX_TTL))
    if not min_ttl <= default_ttl <= max_ttl:
        given = f"MinTTL {min_ttl}, DefaultTTL {default_ttl}, MaxTTL {max_ttl}"
        raise ValueError(f"{given}: none may be larger than the next. Correct the numbers.")
    return min_ttl, default_ttl, max_ttl


def _query_strings(values: Mapping[str, Any]) -> tuple[Selection, Selection]:
    """The parameters in the cache key, and those that go to the origin."""
    keys = frozenset(_items(values, "QueryStringCacheKeys"))
    if not values.get("QueryString"):
        if keys:
            raise ValueError("QueryString cannot be false with QueryStringCacheKeys. Set it to true.")
        return Selection(), Selection()
    return Selection("whitelist", keys) if keys else Selection("all"), Selection("all")


def _headers(names: list[str], *, is_s3: bool) -> Selection:
    lower = frozenset(name.lower() for name in names)
    refused = facts.LEGACY_HEADERS_REFUSED | ({"host"} if is_s3 else set())
    if wrong := sorted(lower & refused):
        raise ValueError(f"Headers may not have {', '.join(wrong)}{' for an S3 origin' if is_s3 else ''}. Delete it.")
    return Selection("whitelist", lower) if lower else Selection()


def _cookies(config: Mapping[str, Any]) -> Selection:
    if config.get("Forward", "none") != "whitelist":
        return Selection(config.get("Forward", "none"))
    names = frozenset(_items(config, "WhitelistedNames"))
    return Selection("wildcards" if any(set("*?") & set(name) for name in names) else "whitelist", names)


def _items(config: Mapping[str, Any], name: str) -> list[str]:
    items: list[str] = config.get(name, {}).get("Items") or []
    return items
