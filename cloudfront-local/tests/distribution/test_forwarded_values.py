"""Legacy cache settings: the values in the cache key, those that reach the origin, and the time in the cache."""

from typing import Any

import pytest

from cloudfront_local.distribution.forwarded_values import legacy_policies, warnings
from cloudfront_local.distribution.policies import CachePolicy, OriginRequestPolicy, Selection

ALL, NONE = Selection("all"), Selection()


def some(*names: str) -> Selection:
    return Selection("whitelist", frozenset(names))


def items(*members: str) -> dict[str, Any]:
    return {"Quantity": len(members), "Items": list(members)}


def behavior(values: dict[str, Any] | None = None, **settings: Any) -> dict[str, Any]:
    return {"PathPattern": "*", "ForwardedValues": {"QueryString": False, **(values or {})}, **settings}


@pytest.mark.parametrize(
    ("values", "in_key", "to_origin"),
    [
        ({"QueryString": False}, NONE, NONE),
        ({"QueryString": True}, ALL, ALL),
        ({"QueryString": True, "QueryStringCacheKeys": items()}, ALL, ALL),
        ({"QueryString": True, "QueryStringCacheKeys": items("a", "B")}, some("a", "B"), ALL),
    ],
)
def test_query_strings(values: dict[str, Any], in_key: Selection, to_origin: Selection) -> None:
    """QueryString selects all parameters or none. With keys, only these are in the cache key."""
    cache, forward = legacy_policies(behavior(values), is_s3=False)
    assert (cache.query_strings, forward.query_strings) == (in_key, to_origin)


@pytest.mark.parametrize(
    ("cookies", "selection"),
    [
        ({}, NONE),
        ({"Forward": "none"}, NONE),
        ({"Forward": "all"}, ALL),
        ({"Forward": "whitelist", "WhitelistedNames": items("a", "b")}, some("a", "b")),
        ({"Forward": "whitelist", "WhitelistedNames": items("a*")}, Selection("wildcards", frozenset({"a*"}))),
    ],
)
def test_cookies(cookies: dict[str, Any], selection: Selection) -> None:
    """Cookies are in the cache key and go to the origin."""
    assert legacy_policies(behavior({"Cookies": cookies}), is_s3=False)[0].cookies == selection


@pytest.mark.parametrize(
    ("pattern", "name", "selected"),
    [
        ("session-*", "session-", True),
        ("session-*", "session-1", True),
        ("session-*", "Session-1", False),
        ("s?d", "sid", True),
        ("s?d", "sd", False),
        ("*", "anything", True),
        ("a.b", "axb", False),
    ],
)
def test_wildcards(pattern: str, name: str, selected: bool) -> None:
    """In names of cookies, `*` stands for any characters and `?` for one."""
    assert (name in Selection("wildcards", frozenset({"other", pattern}))) == selected


def test_headers() -> None:
    """Headers are in the cache key and go to the origin. Names are case-insensitive."""
    headers = {"Headers": items("Origin", "CloudFront-Viewer-Country")}
    cache, forward = legacy_policies(behavior(headers), is_s3=True)
    assert (cache.headers, forward.headers) == (some("origin", "cloudfront-viewer-country"), NONE)


@pytest.mark.parametrize(("is_s3", "headers"), [(False, Selection("allViewer")), (True, NONE)])
def test_all_headers(is_s3: bool, headers: Selection) -> None:
    """Headers `*` disables caching. All headers go to a custom origin, but none to S3."""
    values = {"Headers": items("*"), "QueryString": True, "Cookies": {"Forward": "all"}}
    assert legacy_policies(behavior(values, MinTTL=0, MaxTTL=600), is_s3=is_s3) == (
        CachePolicy(0, 0, 0, cookies=ALL, query_strings=ALL),
        OriginRequestPolicy(headers=headers, query_strings=ALL),
    )


@pytest.mark.parametrize(
    ("settings", "ttls"),
    [
        ({}, (0, 86_400, 31_536_000)),
        ({"MaxTTL": 600}, (0, 600, 600)),
        ({"MinTTL": 60}, (60, 86_400, 31_536_000)),
        ({"MinTTL": 100_000}, (100_000, 100_000, 31_536_000)),
        ({"DefaultTTL": 40_000_000}, (0, 40_000_000, 40_000_000)),
        ({"MinTTL": 40_000_000}, (40_000_000, 40_000_000, 40_000_000)),
        ({"MinTTL": 1, "DefaultTTL": 2, "MaxTTL": 3}, (1, 2, 3)),
        ({"DefaultTTL": 0, "MaxTTL": 0}, (0, 0, 0)),
    ],
)
def test_ttls(settings: dict[str, int], ttls: tuple[int, int, int]) -> None:
    """TTLs have their defaults. A TTL that is not set keeps to the limits that are."""
    cache, _ = legacy_policies(behavior(**settings), is_s3=False)
    assert (cache.min_ttl, cache.default_ttl, cache.max_ttl) == ttls


@pytest.mark.parametrize(("compress", "codings"), [(True, ("gzip",)), (False, ())])
def test_compression(compress: bool, codings: tuple[str, ...]) -> None:
    """Legacy settings compress with gzip only."""
    assert legacy_policies(behavior(Compress=compress), is_s3=False)[0].compression_codings == codings


@pytest.mark.parametrize(
    ("settings", "is_s3", "wrong"),
    [
        ({"PathPattern": "*"}, False, "it has neither a CachePolicyId nor ForwardedValues"),
        (behavior(OriginRequestPolicyId="x"), False, "an OriginRequestPolicyId needs a CachePolicyId"),
        (
            behavior({"QueryStringCacheKeys": items("a")}),
            False,
            "QueryString cannot be false with QueryString",
        ),
        (behavior({"Headers": items("*")}, MinTTL=1), False, "MinTTL must be 0, not 1"),
        (behavior({"Headers": items("Cookie", "TE")}), False, "Headers may not have cookie, te"),
        (behavior({"Headers": items("Host")}), True, "Headers may not have host for an S3 origin"),
        (behavior(MinTTL=10, DefaultTTL=5), False, "MinTTL 10, DefaultTTL 5, MaxTTL 31536000: none may be larger"),
        (behavior(MinTTL=9, MaxTTL=5), False, "MinTTL 9, DefaultTTL 9, MaxTTL 5: none may be larger"),
    ],
)
def test_refused(settings: dict[str, Any], is_s3: bool, wrong: str) -> None:
    """Settings that CloudFront refuses are refused with what is wrong."""
    with pytest.raises(ValueError, match=wrong):
        legacy_policies(settings, is_s3=is_s3)


def test_warning() -> None:
    """One line names the behaviors with legacy settings."""
    (line,) = warnings([{**behavior(), "PathPattern": "/a"}, {"PathPattern": "/b", "CachePolicyId": "x"}, behavior()])
    assert line.startswith("Legacy ForwardedValues in the behaviors /a, *: they work here and on AWS, but")
    assert list(warnings([{"PathPattern": "*", "CachePolicyId": "x"}])) == []


async def test_served(edge) -> None:
    """The cache key has the selected values, and the origin gets them and what is forwarded besides."""
    values = {
        "QueryString": True,
        "QueryStringCacheKeys": items("page"),
        "Headers": items("X-Lang"),
        "Cookies": {"Forward": "whitelist", "WhitelistedNames": items("s-*")},
    }
    cache, forward = legacy_policies(behavior(values, DefaultTTL=60), is_s3=False)
    at = edge(cache_policy=cache, origin_request_policy=forward)
    at.origin.reply()
    sent = {"X-Lang": "de", "Cookie": "s-1=a; other=b", "X-Other": "1"}
    first = await at.get("/a?page=1&utm=x", sent)
    second = await at.get("/a?page=1&utm=y", sent | {"Cookie": "s-1=a; other=c"})
    third = await at.get("/a?page=1", sent | {"Cookie": "s-1=b"})
    states = [response.headers["X-Cache"].split()[0] for response in (first, second, third)]
    (asked, _) = at.origin.requests
    assert states == ["Miss", "Hit", "Miss"]
    assert (asked.target, asked.headers["Cookie"], asked.headers["X-Lang"]) == ("/a?page=1&utm=x", "s-1=a", "de")
    assert "X-Other" not in asked.headers
