"""The viewer's headers that reach the origin, and the origin's headers that reach the viewer."""

import pytest
from multidict import CIMultiDict

from cloudfront_local.distribution.messages import Response
from cloudfront_local.distribution.policies import CachePolicy, OriginRequestPolicy, Selection

ALL_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"})
VIA = "1.1 0123456789abcdef.cloudfront.net (CloudFront)"
BASE = [
    ("Host", "origin.example.org"),
    ("User-Agent", "Amazon CloudFront"),
    ("X-Forwarded-For", "203.0.113.178"),
    ("Via", VIA),
]
SENT = [
    ("accept", "*/*"),
    ("Accept-Language", "de"),
    ("Authorization", "Basic eDp5"),
    ("Cache-Control", "no-cache"),
    ("CloudFront-Viewer-Country", "XX"),
    ("Content-Type", "text/plain"),
    ("Cookie", "a=1; b=2"),
    ("Date", "today"),
    ("Expect", "100-continue"),
    ("If-None-Match", '"x"'),
    ("Origin", "https://example.org"),
    ("Proxy-Authorization", "x"),
    ("Range", "bytes=0-1"),
    ("Referer", "https://example.org/"),
    ("TE", "trailers"),
    ("Upgrade", "h2c"),
    ("User-Agent", "curl/8"),
    ("X-Custom", "1"),
    ("x-custom", "2"),
    ("X-Edge-Key", "1"),
    ("X-Amz-Cf-Id", "1"),
    ("X-Amz-Date", "1"),
    ("X-Forwarded-Proto", "http"),
    ("X-HTTP-Method-Override", "PUT"),
    ("X-Real-IP", "1"),
]
ALWAYS = {"cache-control", "content-type", "date", "if-none-match", "range"}


def some(*names: str) -> Selection:
    return Selection("whitelist", frozenset(names))


def sent(*names: str) -> list[tuple[str, str]]:
    """The sent headers that have these names, in the order in which they were sent."""
    return [(name, value) for name, value in SENT if name.lower() in names]


async def asked(edge, headers=SENT, method: str = "GET", **behavior) -> list[tuple[str, str]]:
    """The headers of the request to the origin."""
    behavior.setdefault("cache_policy", CachePolicy(0, 60, 60))
    at = edge(allowed_methods=ALL_METHODS, **behavior)
    at.origin.reply()
    await at.get(headers=headers, method=method)
    return list(at.origin.requests[0].headers.items())


async def test_without_policies(edge) -> None:
    """If no policy selects headers, the origin gets CloudFront's own headers and the ones forwarded by default."""
    assert await asked(edge) == [*BASE, *sent(*ALWAYS)]


async def test_all_viewer(edge) -> None:
    """AllViewer forwards all headers but those of the connection and of CloudFront, in the viewer's form and order."""
    everything = Selection("allViewer")
    policy = OriginRequestPolicy(everything, Selection("all"), Selection("all"))
    never = {"expect", "proxy-authorization", "upgrade", "x-edge-key", "x-amz-cf-id", "x-forwarded-proto", "x-real-ip"}
    made = {"cookie", "cloudfront-viewer-country"}
    passed = [(name, value) for name, value in SENT if name.lower() not in never | made]
    assert await asked(edge, origin_request_policy=policy) == [
        ("Host", "d111111abcdef8.cloudfront.net"),
        *BASE[2:],
        *passed,
        ("Cookie", "a=1; b=2"),
    ]


async def test_all_but_host(edge) -> None:
    """With AllViewerExceptHostHeader, Host is the origin's domain name."""
    policy = OriginRequestPolicy(Selection("allExcept", frozenset({"host"})))
    headers = await asked(edge, origin_request_policy=policy)
    assert headers[0] == ("Host", "origin.example.org")
    assert ("Authorization", "Basic eDp5") in headers


async def test_union_of_policies(edge) -> None:
    """A header goes to the origin if either policy selects it."""
    cache = CachePolicy(0, 60, 60, headers=some("origin"), cookies=some("a"))
    forward = OriginRequestPolicy(headers=some("x-custom", "user-agent"), cookies=some("b"))
    assert await asked(edge, cache_policy=cache, origin_request_policy=forward) == [
        BASE[0],
        *BASE[2:],
        *sent("origin", "x-custom", "user-agent", *ALWAYS),
        ("Cookie", "a=1; b=2"),
    ]


@pytest.mark.parametrize(
    ("method", "cached", "passed"),
    [
        ("GET", {"GET", "HEAD"}, False),
        ("HEAD", {"GET", "HEAD"}, False),
        ("OPTIONS", {"GET", "HEAD", "OPTIONS"}, False),
        ("OPTIONS", {"GET", "HEAD"}, True),
        ("DELETE", {"GET", "HEAD"}, True),
        ("PATCH", {"GET", "HEAD"}, True),
        ("POST", {"GET", "HEAD"}, True),
        ("PUT", {"GET", "HEAD"}, True),
    ],
)
async def test_authorization(edge, method: str, cached: set[str], passed: bool) -> None:
    """Authorization is forwarded with methods whose answers are not cached."""
    headers = await asked(edge, [("Authorization", "x")], method, cached_methods=frozenset(cached))
    assert (("Authorization", "x") in headers) is passed


@pytest.mark.parametrize(
    ("sent", "policy", "forward", "expected"),
    [
        (["deflate, gzip, br"], CachePolicy(1, 60, 60, gzip=True, brotli=True), Selection(), ["br,gzip"]),
        (["deflate, gzip, br"], CachePolicy(1, 60, 60, gzip=True), Selection("allViewer"), ["gzip"]),
        (["deflate"], CachePolicy(1, 60, 60, gzip=True), Selection("allViewer"), ["identity"]),
        ([], CachePolicy(1, 60, 60, gzip=True), Selection("allViewer"), []),
        (["deflate", "zstd"], CachePolicy(1, 60, 60), Selection("allViewer"), ["deflate", "zstd"]),
        (["gzip"], CachePolicy(1, 60, 60), Selection(), []),
        (
            ["gzip"],
            CachePolicy(1, 60, 60, headers=some("accept-encoding")),
            Selection(),
            ["gzip"],
        ),
    ],
)
async def test_accept_encoding(edge, sent, policy, forward, expected) -> None:
    """Accept-Encoding is normalized if compressed objects are cached. Otherwise it is forwarded like any header."""
    policies = {"cache_policy": policy, "origin_request_policy": OriginRequestPolicy(headers=forward)}
    headers = await asked(edge, [("Accept-Encoding", value) for value in sent], **policies)
    assert [value for name, value in headers if name == "Accept-Encoding"] == expected


async def test_via_and_forwarded_for_grow(edge) -> None:
    """CloudFront adds its own name to the viewer's Via, and the viewer's address to X-Forwarded-For."""
    headers = dict(await asked(edge, [("X-Forwarded-For", "192.0.2.4"), ("Via", "1.1 proxy")]))
    assert (headers["X-Forwarded-For"], headers["Via"]) == ("192.0.2.4, 203.0.113.178", f"1.1 proxy, {VIA}")


@pytest.mark.parametrize(
    ("vary", "policy", "expected"),
    [
        ("Accept-Encoding, Cookie, Origin", CachePolicy(0, 60, 60), "Accept-Encoding, Cookie"),
        ("origin, X-Other", CachePolicy(0, 60, 60, headers=some("origin")), "origin"),
        ("User-Agent", CachePolicy(0, 60, 60), None),
        ("User-Agent", CachePolicy(0, 60, 60, headers=some("cloudfront-is-mobile-viewer")), "User-Agent"),
        ("*", CachePolicy(1, 60, 60), None),
        ("*", CachePolicy(0, 60, 60), "*"),
    ],
)
async def test_vary(edge, vary: str, policy: CachePolicy, expected: str | None) -> None:
    """CloudFront removes the names in Vary that the behavior does not select."""
    at = edge(cache_policy=policy)
    at.origin.reply(200, b"", {"Vary": vary})
    assert (await at.get()).headers.get("Vary") == expected


async def test_repeated_headers_of_the_origin(edge) -> None:
    """The origin's headers reach the viewer in the origin's spelling and order. Repeated headers are not joined."""
    headers = [("x-b", "1"), ("X-A", "2"), ("X-B", "3"), ("WWW-Authenticate", "Basic")]
    at = edge()
    at.origin.script.append(Response(200, CIMultiDict([*headers, ("x-amz-id-2", "1"), ("x-amz-version-id", "2")])))
    assert list((await at.get()).headers.items())[:5] == [*headers, ("x-amz-version-id", "2")]
