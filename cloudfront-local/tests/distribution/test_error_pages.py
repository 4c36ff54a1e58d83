"""Custom error pages: whose errors get one, its status and headers, its time in the cache, and pages that fail."""

import logging
from typing import Any

import pytest

from cloudfront_local.distribution import pages
from cloudfront_local.distribution.behaviors import CacheBehavior, FunctionAssociation
from cloudfront_local.distribution.error_responses import ErrorResponse, error_responses, exposed_pages
from cloudfront_local.distribution.failure import FunctionFailed
from cloudfront_local.distribution.origin import CustomOrigin, S3Origin
from cloudfront_local.distribution.pages import OriginFailed
from cloudfront_local.distribution.policies import CachePolicy
from cloudfront_local.rules import facts

DISABLED = CachePolicy(0, 0, 0)
CACHED = CachePolicy(0, 60, 600)
BUCKET = S3Origin(domain_name="site.s3.us-east-1.amazonaws.com", region="us-east-1")
PAGE = b"our page"


def pages_for(*statuses: int, code: int = 200, path: str = "/index.html", ttl: float = 10) -> dict[str, Any]:
    return {"error_responses": {status: ErrorResponse(ttl, path, code) for status in statuses}}


def request_of(event: dict[str, Any]) -> dict[str, Any]:
    return event["Records"][0]["cf"]["request"]


def raising(failure: Exception):
    def handler(_):
        raise failure

    return handler


@pytest.mark.parametrize("status", sorted(facts.ERROR_PAGE_STATUSES))
async def test_errors_of_the_origin(edge, caplog, status: int) -> None:
    """A page replaces the origin's error: its body, with the response code. The terminal says which error it hides."""
    caplog.set_level(logging.INFO, "cloudfront")
    at = edge(config=pages_for(status, code=200))
    at.origin.reply(status, b"error", {"X-Of": "error"}).reply(200, PAGE, {"Content-Type": "text/html"})
    response = await at.get("/deep/link?q=1")
    closing = status in (400, 405, 414, 416, 500, 501)
    assert (response.status, response.body, response.headers["X-Cache"]) == (200, PAGE, "Error from cloudfront")
    assert response.headers["Connection"] == ("close" if closing else "keep-alive")
    assert (response.headers["Content-Type"], "X-Of" in response.headers) == ("text/html", False)
    assert [(r.method, r.target) for r in at.origin.requests] == [("GET", "/deep/link"), ("GET", "/index.html")]
    hidden = f"The viewer gets the custom error page /index.html with 200 in place of {status} from the origin."
    assert hidden in caplog.text


@pytest.mark.parametrize("status", [401, 412, 415, 429, 451])
async def test_statuses_without_a_page(edge, status: int) -> None:
    """Other errors reach the viewer as they are, and so do errors with settings but without a page."""
    at = edge(config=pages_for(403, 404))
    at.origin.reply(status, b"error")
    assert ((await at.get()).status, len(at.origin.requests)) == (status, 1)
    at = edge(config={"error_responses": {404: ErrorResponse(5)}})
    at.origin.reply(404, b"error")
    assert ((await at.get()).body, len(at.origin.requests)) == (b"error", 1)


@pytest.mark.parametrize(
    ("failure", "status"),
    [(pages.ORIGIN_TIMEOUT, 504), (pages.ORIGIN_UNREACHABLE, 502), (pages.ORIGIN_UNRESOLVED, 502)],
)
async def test_unreachable_origin(edge, failure: tuple[int, str], status: int) -> None:
    """An origin that gives no answer counts as an error of the origin."""
    at = edge(config=pages_for(status, code=status))
    at.origin.fail(OriginFailed(*failure)).reply(200, PAGE)
    assert ((await at.get()).status, (await at.get()).body, len(at.origin.requests)) == (status, PAGE, 2)


async def test_method_not_allowed(edge, passes, caplog) -> None:
    """A method that is not allowed gets the page for 403, fetched with GET, without viewer functions."""
    caplog.set_level(logging.INFO, "cloudfront")
    at = edge(functions=passes, config=pages_for(403))
    at.origin.reply(200, PAGE)
    response = await at.get(
        "/form?token=secret", {"Range": "bytes=0-1", "If-None-Match": "*"}, method="POST", body=b"x"
    )
    (asked,) = at.origin.requests
    assert (response.status, response.body) == (200, PAGE)
    assert (asked.method, asked.target, asked.body) == ("GET", "/index.html", b"")
    assert not {"Range", "If-None-Match"} & set(asked.headers)
    assert at.event_types == ["origin-request", "origin-response"]
    assert f"in place of 403 from CloudFront ({pages.ONLY_CACHABLE[1]})" in caplog.text
    assert "origin-request and origin-response functions run when CloudFront fetches" in caplog.text


async def test_no_page_for_unsafe_requests(edge) -> None:
    """Malformed requests and other hosts get CloudFront's own page: they belong to no distribution."""
    at = edge(config=pages_for(400, 403, 414))
    assert [(await at.get(uri)).status for uri in ("*", "/" + "a" * 9000)] == [400, 414]
    assert (await at.get(headers={"Host": "other.example.org"})).status == 403
    assert at.origin.requests == []


@pytest.mark.parametrize(
    ("functions", "status", "statement"),
    [
        ({"viewer-request": lambda _: {"status": "404"}}, 404, "an error that a viewer-request function generates"),
        ({"origin-request": lambda _: {"status": "404"}}, 404, "an error that an origin-request function generates"),
        ({"viewer-request": lambda _: None}, 502, "CloudFront's own errors about Lambda@Edge functions"),
        (
            {"viewer-request": raising(FunctionFailed("error", "f", "it broke"))},
            503,
            "CloudFront's own errors about Lambda@Edge functions",
        ),
        (
            {"viewer-response": raising(FunctionFailed("error", "f", "it broke"))},
            503,
            "CloudFront's own errors about Lambda@Edge functions",
        ),
    ],
)
async def test_errors_of_functions(edge, caplog, functions, status: int, statement: str) -> None:
    """Errors that functions generate or cause get the page, too. The terminal says once that this is not verified."""
    caplog.set_level(logging.INFO, "cloudfront")
    at = edge(
        CacheBehavior("/errors/*", "main", DISABLED), functions=functions, config=pages_for(status, path="/errors/x")
    )
    at.origin.reply(200, PAGE)
    assert [(await at.get(uri)).body for uri in ("/a", "/b")] == [PAGE, PAGE]
    assert caplog.text.count(statement) == 1


async def test_viewer_response_does_not_run(edge, passes) -> None:
    """The viewer-response function does not see a custom error page, even if its status became 200."""
    at = edge(functions=passes, config=pages_for(404), cache_policy=DISABLED)
    at.origin.reply(404).reply(200, PAGE)
    await at.get()
    assert at.event_types == ["viewer-request"] + ["origin-request", "origin-response"] * 2


async def test_behavior_of_the_page(edge) -> None:
    """The first behavior that matches the page's path serves it, from that behavior's origin."""
    api, site = CustomOrigin(domain_name="api.example.org"), CustomOrigin(domain_name="site.example.org")
    at = edge(
        CacheBehavior("/errors/*", "site", DISABLED),
        config={**pages_for(404, path="/errors/404.html", code=404), "origins": {"main": api, "site": site}},
    )
    at.origin.reply(404).reply(200, PAGE)
    assert ((await at.get("/api/x")).body, at.origin.origins) == (PAGE, [api, site])


@pytest.mark.parametrize(("page_status", "expected"), [(403, 403), (404, 404), (500, 500), (429, 429)])
async def test_page_that_fails(edge, caplog, page_status: int, expected: int) -> None:
    """If the page fails itself, the viewer gets that failure. CloudFront looks for no second page."""
    at = edge(config=pages_for(500, 404, 403))
    at.origin.reply(500, b"first").reply(page_status, b"second")
    responses = [await at.get(), await at.get()]
    assert [(r.status, r.body) for r in responses] == [(expected, b"second")] * 2
    assert len(at.origin.requests) == 2
    assert f"/index.html fails itself: the viewer gets {expected} in place of 500 from the origin." in caplog.text


async def test_page_of_an_unreachable_origin(edge) -> None:
    """If the page's origin gives no answer, the viewer gets CloudFront's own page. The next request asks again."""
    at = edge(config=pages_for(404))
    at.origin.reply(404).fail(OriginFailed(*pages.ORIGIN_TIMEOUT)).reply(200, PAGE)
    assert [(await at.get()).status, (await at.get()).status] == [504, 200]
    assert len(at.origin.requests) == 3


# ── Time in the cache ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("origin", "ttl", "headers", "seconds"),
    [
        (None, 10, {}, 10),
        (None, 5, {}, 5),
        (None, 300, {}, 300),
        (None, 5, {"Cache-Control": "max-age=30"}, 30),
        (None, 30, {"Cache-Control": "max-age=5"}, 30),
        (None, 5, {"Cache-Control": "max-age=10000"}, 600),
        (None, 0, {}, 0),
        (None, 0, {"Cache-Control": "max-age=5"}, 5),
        (BUCKET, 0, {}, 1),
        (BUCKET, 0.5, {}, 1),
        (BUCKET, 5, {}, 5),
    ],
)
@pytest.mark.parametrize("path", ["", "/index.html"])
async def test_error_caching_min_ttl(edge, origin, ttl: float, headers, seconds: float, path: str) -> None:
    """The error, and the page with it, is cached for the minimum TTL or the origin's, also without a page. The page's
    own headers do not count. For S3, the minimum is 1 s."""
    at = edge(origin=origin, cache_policy=CACHED, config={"error_responses": {404: ErrorResponse(ttl, path, 200)}})
    each = 2 if path else 1
    for _ in range(2):
        at.origin.reply(404, b"error", headers)
        if path:
            at.origin.reply(200, PAGE, {"Cache-Control": "no-store"})
    at.origin.reply(500)
    await at.get()
    if seconds:
        at.clock.advance(seconds - 0.25)
        assert (await at.get()).headers["Age"] == str(int(seconds - 0.25))
        assert len(at.origin.requests) == each
        at.clock.advance(0.25)
    await at.get()
    assert len(at.origin.requests) == 2 * each


async def test_ttl_of_the_pages_own_behavior(edge) -> None:
    """If the page's path has a behavior of its own, that behavior's TTLs rule the page."""
    at = edge(
        CacheBehavior("/errors/*", "main", CachePolicy(0, 5, 5)),
        cache_policy=CACHED,
        config=pages_for(404, path="/errors/404", ttl=60),
    )
    at.origin.reply(404).reply(200, b"first").reply(200, b"second")
    bodies = []
    for _ in range(3):
        bodies.append((await at.get()).body)
        at.clock.advance(3)
    assert bodies == [b"first", b"first", b"second"]
    assert [request.uri for request in at.origin.requests] == ["/page", "/errors/404", "/errors/404"]


async def test_error_for_a_range(edge) -> None:
    """The page for an error is cached with it, even if a request for a range found the error."""
    at = edge(config=pages_for(404))
    at.origin.reply(404).reply(200, PAGE)
    bodies = [(await at.get(headers=headers)).body for headers in ({"Range": "bytes=0-1"}, {}, {"Range": "bytes=2-3"})]
    assert (bodies, len(at.origin.requests)) == ([PAGE, PAGE, PAGE], 2)


async def test_caching_disabled(edge) -> None:
    """With CachingDisabled, neither the error nor the page is cached. The same holds for methods that are not."""
    at = edge(cache_policy=DISABLED, config=pages_for(404, ttl=300))
    at.origin.reply(404).reply(200, PAGE).reply(404).reply(200, PAGE)
    assert [(await at.get()).body, (await at.get()).body] == [PAGE, PAGE]
    assert len(at.origin.requests) == 4


async def test_stale_first(edge) -> None:
    """While the origin fails, the expired object comes before the page. It serves for the status's own minimum TTL."""
    at = edge(cache_policy=CachePolicy(0, 5, 5), config=pages_for(500, ttl=30))
    at.origin.reply(200, b"object").reply(500)
    await at.get()
    for wait, requests in ((6, 2), (29, 2), (1, 3)):
        at.clock.advance(wait)
        assert ((await at.get()).body, len(at.origin.requests)) == (b"object", requests)


async def test_compressed_page(edge) -> None:
    """The page is compressed for the viewers who accept it, also from the cache."""
    policy = CachePolicy(0, 60, 600, gzip=True)
    at = edge(
        CacheBehavior("/api/*", "main", CACHED), cache_policy=policy, compress=True, config=pages_for(404, path="/x")
    )
    at.origin.reply(404).reply(200, b"x" * 2000, {"Content-Type": "text/html", "Content-Length": "2000"})
    encodings = [
        (await at.get("/api/a", headers)).headers.get("Content-Encoding")
        for headers in ({"Accept-Encoding": "gzip"}, {}, {"Accept-Encoding": "gzip"})
    ]
    assert encodings == ["gzip", None, "gzip"]
    assert len(at.origin.requests) == 2


# ── Configuration ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_settings() -> None:
    """The settings of the API, with the default of 10 s."""
    items = [
        {"ErrorCode": 404, "ResponsePagePath": "/404.html", "ResponseCode": "404", "ErrorCachingMinTTL": 0},
        {"ErrorCode": 500, "ErrorCachingMinTTL": 3},
        {"ErrorCode": 503, "ResponsePagePath": "", "ResponseCode": ""},
    ]
    assert error_responses(items) == {
        404: ErrorResponse(0, "/404.html", 404),
        500: ErrorResponse(3),
        503: ErrorResponse(10),
    }


@pytest.mark.parametrize(
    ("item", "wrong"),
    [
        ({"ErrorCode": 401}, "ErrorCode 401: CloudFront has custom error responses for 400, 403, 404, 405, 414,"),
        (
            {"ErrorCode": 404, "ResponsePagePath": "/x"},
            "ErrorCode 404: ResponsePagePath and ResponseCode come together",
        ),
        ({"ErrorCode": 404, "ResponseCode": "200"}, "ErrorCode 404: ResponsePagePath and ResponseCode come together"),
        ({"ErrorCode": 404, "ResponsePagePath": "x.html", "ResponseCode": "200"}, "must begin with a slash"),
        ({"ErrorCode": 404, "ResponsePagePath": "/x", "ResponseCode": "201"}, "ResponseCode 201 must be one of 200,"),
    ],
)
def test_wrong_settings(item: dict[str, Any], wrong: str) -> None:
    """Settings that CloudFront refuses are refused with what is wrong."""
    with pytest.raises(ValueError, match=wrong):
        error_responses([item])


def test_exposed_pages() -> None:
    """A page for 403 that lies behind a viewer-request function is named: a refused method gets the page."""
    behind = CacheBehavior("*", "main", CACHED, functions={"viewer-request": FunctionAssociation("f")})
    public = CacheBehavior("/errors/*", "main", CACHED)
    of = {path: {403: ErrorResponse(10, path, 200)} for path in ("/index.html", "/errors/403")}
    (line,) = exposed_pages(of["/index.html"], (public, behind))
    assert line.startswith("The custom error page for 403, /index.html, is open to all: ")
    assert list(exposed_pages(of["/errors/403"], (public, behind))) == []
    assert list(exposed_pages({404: ErrorResponse(10, "/index.html", 200)}, (behind,))) == []
