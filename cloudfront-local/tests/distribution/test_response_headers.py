"""Response headers policies: what they remove and add, when, and on which answers."""

import logging
from typing import Any

import pytest

from cloudfront_local.distribution.error_responses import ErrorResponse
from cloudfront_local.distribution.response_headers_policy import response_headers_policy

ALL_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"})
ORIGIN = "https://www.example.org"
EVERY_METHOD = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"


def items(*members: Any) -> dict[str, Any]:
    return {"Quantity": len(members), "Items": list(members)}


def cors(*origins: str, override: bool = False, **config: Any) -> dict[str, Any]:
    return {
        "CorsConfig": {
            "AccessControlAllowOrigins": items(*(origins or ("*",))),
            "AccessControlAllowHeaders": items(),
            "AccessControlAllowMethods": items("GET", "POST"),
            "AccessControlAllowCredentials": False,
            "OriginOverride": override,
            **config,
        }
    }


def custom(*headers: tuple[str, str, bool]) -> dict[str, Any]:
    named = [{"Header": name, "Value": value, "Override": override} for name, value, override in headers]
    return {"CustomHeadersConfig": items(*named)}


def removing(*names: str) -> dict[str, Any]:
    return {"RemoveHeadersConfig": items(*({"Header": name} for name in names))}


# Headers that this file does not look at: the policy concerns the others.
CLOUDFRONT = {"Server", "X-Cache", "Via", "X-Amz-Cf-Pop", "X-Amz-Cf-Id", "Age"}


async def added(edge, config: dict[str, Any], origin: dict[str, str] | None = None, **request: Any) -> dict[str, str]:
    """The headers of the answer to one request, without CloudFront's own."""
    at = edge(response_headers_policy=response_headers_policy(config), allowed_methods=ALL_METHODS)
    at.origin.reply(200, b"hello", origin)
    response = await at.get(**request)
    return {name: value for name, value in response.headers.items() if name not in CLOUDFRONT}


# ── CORS ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("pattern", "origin", "matches"),
    [
        ("http://*.example.org", "http://www.example.org", True),
        ("http://*.example.org", "https://www.example.org", False),
        ("http://*.example.org", "http://www.example.org:123", False),
        ("*.example.org", "http://test.example.org", True),
        ("*.example.org", "https://test.example.org", True),
        ("*.example.org", "https://test.test.example.org", True),
        ("*.example.org", "https://test.example.org:123", False),
        ("*.example.org", "https://example.org", False),
        ("*.example.org", "https://test.example.org.evil.example", False),
        ("example.org", "http://example.org", True),
        ("example.org", "https://example.org", True),
        ("example.org", "https://www.example.org", False),
        ("https://example.org", "https://exampleXorg", False),
        ("http://example.org:*", "http://example.org:123", True),
        ("http://example.org:*", "http://example.org", True),
        ("http://example.org:1*3", "http://example.org:123", True),
        ("http://example.org:1*3", "http://example.org:1893", True),
        ("http://example.org:1*3", "http://example.org:13", True),
        ("http://example.org:1*3", "http://example.org:14", False),
        ("https://example.org:8443", "https://example.org:8443", True),
        ("https://example.org", "null", False),
    ],
)
async def test_origins(edge, pattern: str, origin: str, matches: bool) -> None:
    """The guide's table: the origin that matches is echoed, with Vary; another gets no CORS header."""
    headers = await added(edge, cors("https://other.example", pattern), headers={"Origin": origin})
    assert headers == ({"Access-Control-Allow-Origin": origin, "Vary": "Origin"} if matches else {})


@pytest.mark.parametrize("pattern", ["example.*", "test.*.example.org", "*test.example.org", "exa*mple.org", "", "/x"])
def test_wrong_origins(pattern: str) -> None:
    """The guide's table of wildcards that are refused."""
    with pytest.raises(ValueError, match="Correct the origin"):
        response_headers_policy(cors(pattern))


FULL = cors(
    override=True,
    AccessControlAllowHeaders=items("Authorization", "x-amz-*"),
    AccessControlAllowMethods=items("ALL"),
    AccessControlAllowCredentials=True,
    AccessControlExposeHeaders=items("ETag", "X-Count"),
    AccessControlMaxAgeSec=600,
)
SIMPLE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Expose-Headers": "ETag, X-Count",
}


@pytest.mark.parametrize(
    ("method", "asked", "expected"),
    [
        ("GET", {}, {}),
        ("GET", {"Origin": ORIGIN}, SIMPLE),
        ("POST", {"Origin": ORIGIN}, SIMPLE),
        ("OPTIONS", {}, {}),
        (
            "OPTIONS",
            {"Origin": ORIGIN, "Access-Control-Request-Method": "PUT"},
            {
                **SIMPLE,
                "Access-Control-Allow-Headers": "Authorization",
                "Access-Control-Allow-Methods": EVERY_METHOD,
                "Access-Control-Max-Age": "600",
            },
        ),
        (
            "OPTIONS",
            {"Origin": ORIGIN, "Access-Control-Request-Headers": "X-Amz-Date,x-amz, x-amz-"},
            {
                **SIMPLE,
                "Access-Control-Allow-Headers": "Authorization, X-Amz-Date, x-amz-",
                "Access-Control-Allow-Methods": EVERY_METHOD,
                "Access-Control-Max-Age": "600",
            },
        ),
    ],
)
async def test_cors_headers(edge, method: str, asked: dict[str, str], expected: dict[str, str]) -> None:
    """A request without Origin gets no CORS header, a simple one three, and a preflight request all."""
    assert await added(edge, FULL, method=method, headers=asked) == expected


@pytest.mark.parametrize(
    ("override", "origin", "expected"),
    [
        (True, {"Access-Control-Allow-Origin": "https://a.example"}, {"Access-Control-Allow-Origin": "*"}),
        (
            True,
            {"Access-Control-Max-Age": "5"},
            {"Access-Control-Max-Age": "5", "Access-Control-Allow-Origin": "*"},
        ),
        (
            False,
            {"Access-Control-Allow-Origin": "https://a.example"},
            {"Access-Control-Allow-Origin": "https://a.example"},
        ),
        (False, {"Access-Control-Max-Age": "5"}, {"Access-Control-Max-Age": "5"}),
        (False, {"X": "1"}, {"X": "1", "Access-Control-Allow-Origin": "*"}),
    ],
)
async def test_cors_override(edge, override: bool, origin: dict[str, str], expected: dict[str, str]) -> None:
    """Without override, any CORS header of the origin keeps all of the policy's away."""
    assert await added(edge, cors(override=override), origin, headers={"Origin": ORIGIN}) == expected


@pytest.mark.parametrize(
    ("config", "asked", "statement"),
    [
        (FULL, {}, "even without Access-Control-Request-Method"),
        (FULL, {"Access-Control-Request-Headers": "x"}, "for a name with a wildcard"),
        (cors(), {"Access-Control-Request-Headers": "x"}, "without Access-Control-Allow-Headers sends none"),
    ],
)
async def test_unverified_cors(edge, caplog, config: dict[str, Any], asked: dict[str, str], statement: str) -> None:
    """The terminal says once on which statements about preflight requests an answer depends."""
    at = edge(response_headers_policy=response_headers_policy(config), allowed_methods=ALL_METHODS)
    at.origin.reply()
    for _ in range(2):
        await at.get(headers={"Origin": ORIGIN, **asked}, method="OPTIONS")
    assert caplog.text.count(statement) == 1


async def test_options_goes_to_the_origin(edge) -> None:
    """The policy answers no preflight request: the origin does, or CloudFront refuses the method."""
    policy = response_headers_policy(cors())
    at = edge(response_headers_policy=policy, allowed_methods=ALL_METHODS)
    at.origin.reply(403, b"no CORS rules")
    response = await at.get(headers={"Origin": ORIGIN}, method="OPTIONS")
    assert (response.status, response.headers["Access-Control-Allow-Origin"]) == (403, "*")
    refused = await edge(response_headers_policy=policy).get(headers={"Origin": ORIGIN}, method="OPTIONS")
    assert (refused.status, refused.headers["Access-Control-Allow-Origin"]) == (403, "*")


# ── Security headers, custom headers, removal ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("section", "settings", "header", "value"),
    [
        ("StrictTransportSecurity", {"AccessControlMaxAgeSec": 5}, "Strict-Transport-Security", "max-age=5"),
        (
            "StrictTransportSecurity",
            {"AccessControlMaxAgeSec": 5, "IncludeSubdomains": True, "Preload": True},
            "Strict-Transport-Security",
            "max-age=5; includeSubDomains; preload",
        ),
        ("XSSProtection", {"Protection": False}, "X-XSS-Protection", "0"),
        ("XSSProtection", {"Protection": True}, "X-XSS-Protection", "1"),
        ("XSSProtection", {"Protection": True, "ModeBlock": True}, "X-XSS-Protection", "1; mode=block"),
        ("XSSProtection", {"Protection": True, "ReportUri": "/r"}, "X-XSS-Protection", "1; report=/r"),
        ("FrameOptions", {"FrameOption": "DENY"}, "X-Frame-Options", "DENY"),
        ("ContentTypeOptions", {}, "X-Content-Type-Options", "nosniff"),
        ("ReferrerPolicy", {"ReferrerPolicy": "no-referrer"}, "Referrer-Policy", "no-referrer"),
        (
            "ContentSecurityPolicy",
            {"ContentSecurityPolicy": "default-src 'self'"},
            "Content-Security-Policy",
            "default-src 'self'",
        ),
    ],
)
async def test_security_headers(edge, section: str, settings: dict[str, Any], header: str, value: str) -> None:
    """Each security header has its value. With override it replaces the origin's; without, the origin's stays."""
    for override, expected in ((True, value), (False, "own")):
        config = {"SecurityHeadersConfig": {section: {**settings, "Override": override}}}
        assert await added(edge, config) == {header: value}
        assert await added(edge, config, {header.lower(): "own"}) in ({header: expected}, {header.lower(): expected})


async def test_custom_headers(edge) -> None:
    """Custom headers replace the origin's or stay away, each as it says. An empty value is sent."""
    config = custom(("X-One", "policy", True), ("X-Two", "policy", False), ("X-Empty", "", False))
    origin = {"X-One": "origin", "X-Two": "origin"}
    assert await added(edge, config) == {"X-One": "policy", "X-Two": "policy", "X-Empty": ""}
    assert await added(edge, config, origin) == {"X-One": "policy", "X-Two": "origin", "X-Empty": ""}


async def test_removed_headers(edge) -> None:
    """Removal comes first: a header that is both removed and added is sent. Names are case-insensitive."""
    config = {**removing("X-Powered-By", "Vary", "X-Two"), **custom(("X-Two", "policy", False))}
    origin = {"x-powered-by": "PHP", "Vary": "Accept-Encoding", "X-Two": "origin", "X-Other": "1"}
    assert await added(edge, config, origin) == {"X-Two": "policy", "X-Other": "1"}
    assert await added(
        edge,
        {**cors(), **removing("Access-Control-Max-Age")},
        {"Access-Control-Max-Age": "5"},
        headers={"Origin": ORIGIN},
    ) == {"Access-Control-Allow-Origin": "*"}


async def test_removal_of_cloudfronts_own_headers(edge) -> None:
    """X-Cache and Age may be removed. For a removed Server, CloudFront sends its own."""
    at = edge(response_headers_policy=response_headers_policy(removing("X-Cache", "Server", "Age")))
    at.origin.reply(200, b"", {"Server": "nginx"})
    for _ in range(2):
        response = await at.get()
        assert list(response.headers) == ["Server", "Via", "X-Amz-Cf-Pop", "X-Amz-Cf-Id"]
        assert response.headers["Server"] == "CloudFront"


@pytest.mark.parametrize(
    "name", ["Via", "Content-Length", "X-Amz-Cf-Pop", "x-amz-cf-anything", "X-Edge-Key", "Warning"]
)
def test_not_removable(name: str) -> None:
    """Headers that CloudFront does not let a policy remove are refused."""
    with pytest.raises(ValueError, match=f"does not remove the header {name.lower()}"):
        response_headers_policy(removing(name))


def test_block_and_report() -> None:
    """X-XSS-Protection cannot both block and report."""
    both = {"Protection": True, "ModeBlock": True, "ReportUri": "/r", "Override": False}
    with pytest.raises(ValueError, match="exclude each other"):
        response_headers_policy({"SecurityHeadersConfig": {"XSSProtection": both}})


# ── Server-Timing ─────────────────────────────────────────────────────────────────────────────────────────────────────


def timing(rate: float | None) -> dict[str, Any]:
    sampling = {} if rate is None else {"SamplingRate": rate}
    return {"ServerTimingHeadersConfig": {"Enabled": True, **sampling}}


async def test_server_timing(edge) -> None:
    """A miss, a hit and a refresh have their metrics. The origin's own are merged on a miss and dropped on a hit."""
    at = edge(response_headers_policy=response_headers_policy(timing(100)))
    at.origin.takes = lambda: at.clock.advance(0.25)
    at.origin.reply(200, b"", {"Server-Timing": "db;dur=53", "Cache-Control": "max-age=5"}).reply(304)
    miss, hit = await at.get(), await at.get()
    at.clock.advance(6)
    refresh = await at.get()
    of = [
        (response.headers.getall("Server-Timing"), response.headers["X-Amz-Cf-Id"]) for response in (miss, hit, refresh)
    ]
    metrics = [value.replace(rid, "RID") for (value,), rid in of]
    assert metrics == [
        'cdn-cache-miss,cdn-pop;desc="IAD1-P1",cdn-rid;desc="RID",cdn-upstream-layer;desc="EDGE",cdn-upstream-dns;dur=0,'
        "cdn-upstream-connect;dur=0,cdn-upstream-fbl;dur=250,cdn-downstream-fbl;dur=250,db;dur=53",
        'cdn-cache-hit,cdn-pop;desc="IAD1-P1",cdn-rid;desc="RID",cdn-hit-layer;desc="EDGE",cdn-downstream-fbl;dur=0',
        'cdn-cache-refresh,cdn-pop;desc="IAD1-P1",cdn-rid;desc="RID",cdn-downstream-fbl;dur=250',
    ]


@pytest.mark.parametrize(
    ("rate", "drawn", "pragma", "sent"),
    [
        (100, 0.9999, None, True),
        (50, 0.4999, None, True),
        (50, 0.5, None, False),
        (0.0001, 0.0, None, True),
        (0, 0.0, None, False),
        (None, 0.0, None, False),
        (0, 0.5, "server-timing", True),
        (0, 0.5, "no-cache", False),
    ],
)
async def test_sampling(edge, rate: float | None, drawn: float, pragma: str | None, sent: bool) -> None:
    """The rate is a percentage. `Pragma: server-timing` always gets the header."""
    at = edge(response_headers_policy=response_headers_policy(timing(rate)))
    at.drawn = drawn
    at.origin.reply()
    response = await at.get(headers={"Pragma": pragma} if pragma else {})
    assert ("Server-Timing" in response.headers) == sent


# ── On which answers ──────────────────────────────────────────────────────────────────────────────────────────────────

MARK = response_headers_policy(custom(("X-Mark", "1", True)))


async def test_the_cache_holds_the_origins_headers(edge, passes) -> None:
    """The policy applies to each response, and the viewer-response function sees its headers; the cache does not."""
    at = edge(functions=passes, response_headers_policy=response_headers_policy(cors("https://*.example.org")))
    at.origin.reply(200, b"", {"X": "1"})
    origins = ["https://a.example.org", "https://b.example.org"]
    answers = [await at.get(headers={"Origin": origin}) for origin in origins]
    assert [answer.headers["Access-Control-Allow-Origin"] for answer in answers] == origins
    assert len(at.origin.requests) == 1
    seen = [event["Records"][0]["cf"].get("response", {}).get("headers", {}) for event in at.events]
    assert [sorted(headers) for headers in seen if headers] == [
        ["x"],
        ["access-control-allow-origin", "vary", "x"],
        ["access-control-allow-origin", "vary", "x"],
    ]


@pytest.mark.parametrize(
    ("functions", "status", "statement"),
    [
        ({}, 302, None),
        ({}, 404, None),
        ({"origin-request": lambda _: {"status": "302"}}, 302, None),
        ({"viewer-request": lambda _: {"status": "302"}}, 302, "responses that viewer-request functions generate"),
        ({"viewer-request": lambda _: {"status": "401"}}, 401, "responses that viewer-request functions generate"),
        ({"viewer-request": lambda _: None}, 502, "CloudFront's own error pages"),
    ],
)
async def test_redirects_and_errors(edge, caplog, functions, status: int, statement: str | None) -> None:
    """The policy applies to redirects, errors and generated responses. The terminal says what is not verified."""
    caplog.set_level(logging.WARNING, "cloudfront")
    at = edge(functions=functions, response_headers_policy=MARK)
    at.origin.reply(status)
    responses = [await at.get(), await at.get()]
    assert [(r.status, r.headers["X-Mark"]) for r in responses] == [(status, "1")] * 2
    assert caplog.text.count("Not verified of CloudFront") == (1 if statement else 0)
    assert statement is None or statement in caplog.text


async def test_custom_error_page(edge, caplog) -> None:
    """A custom error page gets the policy of the requested path's behavior."""
    at = edge(response_headers_policy=MARK, config={"error_responses": {404: ErrorResponse(10, "/404", 404)}})
    at.origin.reply(404).reply(200, b"page")
    assert [(await at.get()).headers["X-Mark"], (await at.get()).headers["X-Mark"]] == ["1", "1"]
    assert caplog.text.count("gets the response headers policy of the requested path's behavior") == 1
