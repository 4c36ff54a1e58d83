"""The values that policies select for the cache key and for the origin."""

import pytest
from multidict import CIMultiDict

from cloudfront_local.distribution.messages import Request
from cloudfront_local.distribution.policies import (
    CachePolicy,
    OriginRequestPolicy,
    Selection,
    cache_policy,
    origin_request_policy,
    select_cookies,
    select_query,
)


def some(*names: str) -> Selection:
    return Selection("whitelist", frozenset(names))


def but(*names: str) -> Selection:
    return Selection("allExcept", frozenset(names))


@pytest.mark.parametrize(
    ("querystring", "selections", "expected"),
    [
        ("b=2&a=1&b=3&c", [Selection()], ""),
        ("b=2&a=1&b=3&c", [some("b", "c")], "b=2&b=3&c"),
        ("b=2&a=1&b=3&c", [but("b")], "a=1&c"),
        ("b=2&&a=%7E&", [Selection("all")], "b=2&&a=%7E&"),
        ("b=2&a=1", [some("a"), some("b")], "b=2&a=1"),
        ("b=2&a=1", [but("a"), Selection("all")], "b=2&a=1"),
        ("A=1&a=2", [some("a")], "a=2"),
        ("*=1&a=2", [some("*")], "*=1"),
        ("", [Selection("all")], ""),
    ],
)
def test_query(querystring: str, selections: list[Selection], expected: str) -> None:
    """Parameters are selected by case-sensitive name, in the viewer's order. With "all", the string is unchanged."""
    assert select_query(querystring, *selections) == expected


@pytest.mark.parametrize(
    ("selections", "expected"),
    [([Selection()], ""), ([some("b")], "b=2"), ([but("b")], "a=1; c=3; d"), ([Selection("all")], "a=1; b=2; c=3; d")],
)
def test_cookies(selections: list[Selection], expected: str) -> None:
    """Cookies are selected by name from all Cookie headers of the viewer."""
    headers = CIMultiDict([("Cookie", "a=1; b=2"), ("cookie", "c=3;d;")])
    assert select_cookies(headers, *selections) == expected


@pytest.mark.parametrize(
    ("selection", "selected"),
    [
        (Selection("none"), set()),
        (some("origin"), {"origin"}),
        (but("host"), {"origin", "cloudfront-viewer-country", "cloudfront-is-mobile-viewer"}),
        (Selection("allViewer"), {"host", "origin", "cloudfront-viewer-country", "cloudfront-is-mobile-viewer"}),
        (
            Selection("allViewerAndWhitelistCloudFront", frozenset({"cloudfront-viewer-country"})),
            {"host", "origin", "cloudfront-viewer-country"},
        ),
    ],
)
def test_headers(selection: Selection, selected: set[str]) -> None:
    """Each header behavior of the two kinds of policies selects its own set of names."""
    names = {"host", "origin", "cloudfront-viewer-country", "cloudfront-is-mobile-viewer"}
    assert {name for name in names if name in selection} == selected


@pytest.mark.parametrize(
    ("sent", "both", "gzip", "brotli"),
    [
        (["gzip, deflate, br"], "br,gzip", "gzip", "br"),
        (["br"], "br", "", "br"),
        (["GZIP;q=0.5", "deflate"], "gzip", "gzip", ""),
        (["gzip;q=0, br; q=0.000"], "", "", ""),
        (["gzip ; q=0.01"], "gzip", "gzip", ""),
        (["identity"], "", "", ""),
        (["x-gzip"], "", "", ""),
        ([], "", "", ""),
    ],
)
def test_accept_encoding(sent: list[str], both: str, gzip: str, brotli: str) -> None:
    """Accept-Encoding is normalized to the codings that the policy enables."""
    request = Request("GET", "/", headers=CIMultiDict([("Accept-Encoding", value) for value in sent]))
    policies = [CachePolicy(1, 1, 1, gzip=g, brotli=b) for g, b in ((True, True), (True, False), (False, True))]
    assert [policy.accept_encoding(request) for policy in policies] == [both, gzip, brotli]
    assert CachePolicy(1, 1, 1).accept_encoding(request) == ""


def test_accept_encoding_of_http_1_0() -> None:
    """A viewer with HTTP/1.0 counts as one without Accept-Encoding."""
    request = Request("GET", "/", headers=CIMultiDict({"Accept-Encoding": "gzip"}), http_version="1.0")
    assert CachePolicy(1, 1, 1, gzip=True).accept_encoding(request) == ""


def test_from_the_api() -> None:
    """Policies are read from the CloudFront API's configuration. Only header names are put in lower case."""
    parameters = {
        "EnableAcceptEncodingGzip": True,
        "EnableAcceptEncodingBrotli": False,
        "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": {"Quantity": 1, "Items": ["Origin"]}},
        "CookiesConfig": {"CookieBehavior": "allExcept", "Cookies": {"Quantity": 1, "Items": ["Session"]}},
        "QueryStringsConfig": {"QueryStringBehavior": "all"},
    }
    selections = {"headers": some("origin"), "cookies": but("Session"), "query_strings": Selection("all")}
    assert cache_policy(
        {"MinTTL": 2, "DefaultTTL": 3, "MaxTTL": 4, "ParametersInCacheKeyAndForwardedToOrigin": parameters}
    ) == CachePolicy(2, 3, 4, gzip=True, brotli=False, **selections)
    assert cache_policy({"MinTTL": 0}) == CachePolicy(0, 86400, 31536000)
    assert origin_request_policy(parameters) == OriginRequestPolicy(**selections)
