"""The cache: requests that share an object, requests that wait for another, and expired objects."""

import asyncio
import email
import logging
from dataclasses import replace

import pytest
from multidict import CIMultiDict

from cloudfront_local.distribution.behaviors import CacheBehavior
from cloudfront_local.distribution.cache.expiration import Lifetime
from cloudfront_local.distribution.cache.store import Cache, CacheEntry, CacheKey
from cloudfront_local.distribution.messages import Response
from cloudfront_local.distribution.pages import ORIGIN_TIMEOUT, ORIGIN_UNREACHABLE, OriginFailed
from cloudfront_local.distribution.policies import CachePolicy, OriginRequestPolicy, Selection

HIT, MISS, REFRESH, ERROR = (f"{kind} from cloudfront" for kind in ("Hit", "Miss", "RefreshHit", "Error"))
MINUTE = CachePolicy(0, 60, 3600)
NEVER = CachePolicy(0, 0, 0)
ALL_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"})


def some(*names: str) -> Selection:
    return Selection("whitelist", frozenset(names))


def x_cache(response: Response) -> str:
    return response.headers["X-Cache"]


# ── The cache key ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("policy", "first", "second", "shared"),
    [
        (MINUTE, ("/a", {}), ("/a", {}), True),
        (MINUTE, ("/a", {}), ("/A", {}), False),
        (MINUTE, ("/a", {}), ("/a/", {}), False),
        (MINUTE, ("/a", {}), ("/%61", {}), False),
        (MINUTE, ("/a?x=1", {}), ("/a?x=2", {}), True),
        (MINUTE, ("/a", {"Cookie": "a=1"}), ("/a", {"Cookie": "a=2"}), True),
        (MINUTE, ("/a", {"Origin": "x"}), ("/a", {"Origin": "y"}), True),
        (MINUTE, ("/a", {"Accept-Encoding": "gzip"}), ("/a", {"Accept-Encoding": "br"}), True),
        (CachePolicy(0, 60, 60, query_strings=Selection("all")), ("/a?x=1&y", {}), ("/a?y&x=1", {}), False),
        (CachePolicy(0, 60, 60, query_strings=some("x")), ("/a?x=1&y=1", {}), ("/a?y=2&x=1", {}), True),
        (CachePolicy(0, 60, 60, query_strings=some("x")), ("/a?x=1", {}), ("/a?x=2", {}), False),
        (CachePolicy(0, 60, 60, cookies=some("a")), ("/a", {"Cookie": "a=1; b=1"}), ("/a", {"Cookie": "a=1"}), True),
        (CachePolicy(0, 60, 60, cookies=some("a")), ("/a", {"Cookie": "a=1"}), ("/a", {"Cookie": "a=2"}), False),
        (CachePolicy(0, 60, 60, headers=some("origin")), ("/a", {"Origin": "x"}), ("/a", {"origin": "x"}), True),
        (CachePolicy(0, 60, 60, headers=some("origin")), ("/a", {"Origin": "x"}), ("/a", {"Origin": "y"}), False),
        (CachePolicy(0, 60, 60, headers=some("origin")), ("/a", {"Origin": "x"}), ("/a", {}), False),
        (
            CachePolicy(0, 60, 60, gzip=True),
            ("/a", {"Accept-Encoding": "gzip"}),
            ("/a", {"Accept-Encoding": "br"}),
            False,
        ),
        (CachePolicy(0, 60, 60, gzip=True), ("/a", {"Accept-Encoding": "br"}), ("/a", {}), True),
        (
            CachePolicy(0, 60, 60, gzip=True, brotli=True),
            ("/a", {"Accept-Encoding": "gzip, br"}),
            ("/a", {"Accept-Encoding": "br;q=1.0, gzip;q=0.8, *;q=0.1"}),
            True,
        ),
    ],
)
async def test_key(edge, policy: CachePolicy, first, second, shared: bool) -> None:
    """Requests share an object if they agree in the values that the cache policy selects."""
    at = edge(cache_policy=policy)
    at.origin.reply()
    assert [x_cache(await at.get(*request)) for request in (first, second)] == [MISS, HIT if shared else MISS]


async def test_origin_request_policy_is_not_in_the_key(edge) -> None:
    """Values that only the origin request policy selects go to the origin, but not into the cache key."""
    at = edge(cache_policy=MINUTE, origin_request_policy=OriginRequestPolicy(query_strings=Selection("all")))
    at.origin.reply()
    assert [x_cache(await at.get(uri)) for uri in ("/a?x=1", "/a?x=2")] == [MISS, HIT]
    assert at.origin.requests[0].target == "/a?x=1"


async def test_head_shares_with_get(edge) -> None:
    """A HEAD is answered from the answer to an earlier HEAD, or from the object that a GET fetched."""
    at = edge(cache_policy=MINUTE)
    at.origin.reply(200, b"").reply(200, b"hello")
    answers = [await at.get(method=method) for method in ("HEAD", "HEAD", "GET", "HEAD", "GET")]
    assert [answer.headers["X-Cache"] for answer in answers] == [MISS, HIT, MISS, HIT, HIT]
    assert [request.method for request in at.origin.requests] == ["HEAD", "GET"]
    assert answers[4].body == b"hello"


async def test_a_head_revalidates_no_object_of_a_get(edge) -> None:
    """After the answer to a HEAD, a GET still gets the whole object."""
    at = edge(cache_policy=MINUTE)
    at.origin.reply(200, b"hello").reply(200, b"").reply(200, b"new")
    await at.get()
    at.clock.advance(61)
    assert (await at.get(method="HEAD")).status == 200
    assert (await at.get()).body == b"new"


async def test_options(edge) -> None:
    """OPTIONS is cached if the behavior says so, as an object of its own."""
    three = frozenset({"GET", "HEAD", "OPTIONS"})
    for cached, expected in ((three, [MISS, MISS, HIT]), (frozenset({"GET", "HEAD"}), [MISS, MISS, MISS])):
        at = edge(allowed_methods=three, cached_methods=cached)
        at.origin.reply()
        assert [x_cache(await at.get(method=method)) for method in ("GET", "OPTIONS", "OPTIONS")] == expected


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_other_methods(edge, method: str) -> None:
    """Other methods always go to the origin, and do not change the cached object."""
    at = edge(allowed_methods=ALL_METHODS)
    at.origin.reply()
    assert [x_cache(await at.get(method=m)) for m in ("GET", method, method, "GET")] == [MISS, MISS, MISS, HIT]


# ── Requests for the same object at the same time ─────────────────────────────────────────────────────────────────────


async def parallel(at, count: int, seen: int, **request) -> list[Response]:
    """Sends `count` requests at once. The origin answers after it has received `seen` of them."""
    at.origin.hold()
    tasks = [asyncio.create_task(at.get(**request)) for _ in range(count)]
    await at.origin.arrived(seen)
    for _ in range(10):
        await asyncio.sleep(0)
    assert len(at.origin.requests) == seen
    at.origin.released.set()
    return await asyncio.gather(*tasks)


async def test_collapsing(edge, passes) -> None:
    """The first request asks the origin and runs the functions. The others wait, and get its object from the cache."""
    at = edge(functions=passes)
    at.origin.reply()
    answers = await parallel(at, 5, 1)
    assert sorted(x_cache(answer) for answer in answers) == [HIT] * 4 + [MISS]
    assert at.event_types.count("origin-request") == 1
    assert at.event_types.count("viewer-request") == at.event_types.count("viewer-response") == 5


async def test_uncacheable_answers_do_not_line_up(edge) -> None:
    """If the first answer is not cacheable, all waiting requests ask the origin at once, not one by one."""
    at = edge(cache_policy=MINUTE)
    at.origin.reply(200, b"mine", {"Cache-Control": "private"})
    at.origin.hold()
    tasks = [asyncio.create_task(at.get()) for _ in range(5)]
    await at.origin.arrived(1)
    at.origin.released.set()
    await tasks[0]
    at.origin.hold()
    await at.origin.arrived(5)
    at.origin.released.set()
    assert [x_cache(answer) for answer in await asyncio.gather(*tasks)] == [MISS] * 5


@pytest.mark.parametrize(
    "behavior",
    [
        {"cache_policy": NEVER},
        {"cache_policy": CachePolicy(0, 60, 60, cookies=Selection("all"))},
        {"cache_policy": MINUTE, "origin_request_policy": OriginRequestPolicy(cookies=Selection("all"))},
    ],
)
async def test_no_collapsing(edge, behavior) -> None:
    """Requests do not wait if nothing is cached, or if cookies are forwarded."""
    at = edge(**behavior)
    at.origin.reply()
    await parallel(at, 3, 3)


async def test_collapsed_requests_share_a_failure(edge) -> None:
    """If the origin does not answer the first request, the waiting requests get the same error."""
    at = edge()
    at.origin.fail(OriginFailed(*ORIGIN_TIMEOUT))
    answers = await parallel(at, 3, 1)
    assert [(answer.status, x_cache(answer)) for answer in answers] == [(504, ERROR)] * 3


async def test_a_viewer_that_hangs_up(edge) -> None:
    """If the first viewer gives up, a waiting request asks the origin itself."""
    at = edge()
    at.origin.reply()
    at.origin.hold()
    first, second = asyncio.create_task(at.get()), asyncio.create_task(at.get())
    await at.origin.arrived(1)
    first.cancel()
    await at.origin.arrived(2)
    at.origin.released.set()
    assert x_cache(await second) == MISS


# ── Expired objects ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_revalidation(edge, passes) -> None:
    """CloudFront revalidates with the origin's validators. A 304 updates the headers and makes the object fresh."""
    at = edge(functions=passes, cache_policy=MINUTE)
    at.origin.reply(200, b"hello", {"ETag": '"1"', "Last-Modified": "Fri, 31 Dec 1999 00:00:00 GMT", "X-Old": "1"})
    at.origin.reply(304, b"", {"ETag": '"1"', "X-New": "2", "X-Old": "2", "Content-Length": "0"})
    await at.get()
    at.clock.advance(61)
    refreshed, hit = await at.get(), await at.get()
    asked = at.origin.requests[1].headers
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == ('"1"', "Fri, 31 Dec 1999 00:00:00 GMT")
    for answer, kind in ((refreshed, REFRESH), (hit, HIT)):
        assert (answer.status, answer.body, answer.headers["X-New"], answer.headers["X-Old"], x_cache(answer)) == (
            200,
            b"hello",
            "2",
            "2",
            kind,
        )
        assert "Content-Length" not in answer.headers
    statuses = [e["Records"][0]["cf"]["response"]["status"] for e in at.events if "response" in e["Records"][0]["cf"]]
    assert statuses == ["200", "200", "304", "200", "200"]
    assert len(at.origin.requests) == 2


async def test_revalidation_by_max_age_0(edge) -> None:
    """An object that is fresh for 0 s is cached and revalidated on every request."""
    at = edge(cache_policy=MINUTE)
    at.origin.reply(200, b"hello", {"ETag": '"1"', "Cache-Control": "max-age=0"}).reply(304)
    answers = [await at.get() for _ in range(3)]
    assert [(answer.body, x_cache(answer)) for answer in answers] == [
        (b"hello", MISS),
        (b"hello", REFRESH),
        (b"hello", REFRESH),
    ]


async def test_changed_object(edge) -> None:
    """If the object has changed, the new object replaces the expired one."""
    at = edge(cache_policy=MINUTE)
    at.origin.reply(200, b"old", {"ETag": '"1"'}).reply(200, b"new", {"ETag": '"2"'})
    await at.get()
    at.clock.advance(61)
    answers = [await at.get(), await at.get()]
    assert [(answer.body, x_cache(answer)) for answer in answers] == [(b"new", MISS), (b"new", HIT)]


async def test_revalidation_leaves_out_the_viewers_conditions(edge) -> None:
    """The revalidation does not have the viewer's own conditions. The cache answers those."""
    at = edge(cache_policy=MINUTE)
    at.origin.reply(200, b"hello", {"ETag": '"1"'}).reply(200, b"HELLO", {"ETag": '"2"'})
    await at.get()
    at.clock.advance(61)
    answer = await at.get(headers={"If-None-Match": '"2"', "Range": "bytes=0-1", "If-Range": '"1"'})
    asked = at.origin.requests[1].headers
    assert (asked.getall("If-None-Match"), "Range" in asked, "If-Range" in asked) == (['"1"'], False, False)
    assert (answer.status, x_cache(answer)) == (304, MISS)


async def test_revalidation_without_validators(edge) -> None:
    """If the origin sent no validators, the object is fetched again."""
    at = edge(cache_policy=MINUTE)
    at.origin.reply()
    await at.get()
    at.clock.advance(61)
    assert x_cache(await at.get()) == MISS
    assert "If-None-Match" not in at.origin.requests[1].headers


async def test_no_longer_to_be_stored(edge) -> None:
    """After a 304 with no-store, viewers still get the object, but each request asks the origin."""
    at = edge(cache_policy=MINUTE)
    at.origin.reply(200, b"hello", {"ETag": '"1"'}).reply(304, b"", {"Cache-Control": "no-store"})
    await at.get()
    at.clock.advance(61)
    assert [x_cache(await at.get()) for _ in range(2)] == [REFRESH, REFRESH]


@pytest.mark.parametrize("failure", [503, 500, OriginFailed(*ORIGIN_UNREACHABLE)])
async def test_stale_on_failure(edge, failure, caplog) -> None:
    """While the origin fails, viewers get the expired object. The origin is asked again every 10 s."""
    at = edge(cache_policy=MINUTE)
    at.origin.reply(200, b"hello")
    at.origin.reply(failure) if isinstance(failure, int) else at.origin.fail(failure)
    await at.get()
    at.clock.advance(100_000)
    answers = [await at.get(), await at.get()]
    assert [(a.status, a.body, x_cache(a), a.headers["Age"]) for a in answers] == [(200, b"hello", HIT, "100000")] * 2
    assert len(at.origin.requests) == 2
    at.clock.advance(10)
    await at.get()
    assert len(at.origin.requests) == 3
    assert (
        caplog.records[0]
        .getMessage()
        .endswith("\n    The viewer gets the expired object. The origin is not asked again for 10 s.")
    )


async def test_4xx_replaces_an_expired_object(edge) -> None:
    """A 4xx of the origin replaces the expired object and goes to the viewer."""
    at = edge(cache_policy=MINUTE)
    at.origin.reply(200, b"hello").reply(404, b"gone")
    await at.get()
    at.clock.advance(61)
    assert [((await at.get()).status, len(at.origin.requests)) for _ in range(2)] == [(404, 2), (404, 2)]


@pytest.mark.parametrize(
    ("directive", "seconds"), [("stale-if-error=0", 0), ("stale-if-error=100", 100), ("stale-if-error=99999", 3600)]
)
async def test_stale_if_error(edge, directive: str, seconds: int) -> None:
    """stale-if-error limits how long viewers get an expired object, up to the maximum TTL."""
    at = edge(cache_policy=MINUTE)
    at.origin.reply(200, b"hello", {"Cache-Control": f"max-age=60, {directive}"}).reply(503, b"down")
    await at.get()
    at.clock.advance(60 + seconds - 1)
    assert (await at.get()).status == 200
    at.clock.advance(11)
    assert (await at.get()).status == 503


async def test_stale_if_error_is_not_lengthened(edge) -> None:
    """CloudFront waits before it asks a failing origin again, but serves the expired object no longer than it may."""
    at = edge(cache_policy=MINUTE)
    at.origin.reply(200, b"hello", {"Cache-Control": "max-age=60, stale-if-error=2"}).reply(503, b"down")
    await at.get()
    at.clock.advance(61)
    assert (await at.get()).status == 200
    at.clock.advance(1)
    assert (await at.get()).status == 503


async def test_cached_errors_do_not_stand_in(edge) -> None:
    """An expired error is not served while the origin fails, and is not revalidated."""
    at = edge(cache_policy=MINUTE)
    at.origin.reply(503, b"one", {"ETag": '"1"'}).fail(OriginFailed(*ORIGIN_UNREACHABLE))
    await at.get()
    at.clock.advance(11)
    answer = await at.get()
    assert (answer.status, x_cache(answer), "If-None-Match" in at.origin.requests[1].headers) == (502, ERROR, False)


async def test_unreachable_origin_is_cached(edge) -> None:
    """If the origin does not answer, the error page is cached for 10 s."""
    at = edge()
    at.origin.fail(OriginFailed(*ORIGIN_UNREACHABLE)).reply()
    answers = [await at.get(), await at.get()]
    assert [(answer.status, x_cache(answer)) for answer in answers] == [(502, ERROR)] * 2
    assert b"CloudFront wasn't able to connect to the origin." in answers[0].body
    at.clock.advance(10)
    assert (await at.get()).status == 200


async def test_generated_answers_are_no_failures(edge, passes) -> None:
    """A 503 or 304 that an origin-request function generates goes to the viewer, even if there is an expired object."""
    made = {}
    at = edge(functions={"origin-request": lambda event: made or passes["origin-request"](event)}, cache_policy=MINUTE)
    at.origin.reply(200, b"hello", {"ETag": '"1"'})
    await at.get()
    for status in ("304", "503"):
        at.clock.advance(61)
        made["status"] = status
        answer = await at.get()
        assert (answer.status, x_cache(answer)) == (int(status), "LambdaGeneratedResponse from cloudfront")


async def test_stale_while_revalidate(edge, caplog) -> None:
    """During stale-while-revalidate, viewers get the expired object at once. One request asks the origin meanwhile."""
    caplog.set_level(logging.INFO, "cloudfront")
    at = edge(cache_policy=MINUTE)
    at.origin.reply(200, b"old", {"ETag": '"1"', "Cache-Control": "max-age=60, stale-while-revalidate=30"})
    at.origin.reply(200, b"new", {"ETag": '"2"'})
    await at.get()
    at.clock.advance(89)
    at.origin.hold()
    stale = [await at.get(), await at.get()]
    assert [(answer.body, x_cache(answer), answer.headers["Age"]) for answer in stale] == [(b"old", HIT, "89")] * 2
    await at.origin.arrived(2)
    at.origin.released.set()
    await at.settled()
    fresh = await at.get()
    assert (fresh.body, x_cache(fresh), len(at.origin.requests)) == (b"new", HIT, 2)
    assert caplog.records[3].getMessage() == "200 GET /page (Miss in the background, 0 ms)"


@pytest.mark.parametrize(("directive", "seconds"), [("30", 30), ("99999", 3600)])
async def test_stale_while_revalidate_ends(edge, directive: str, seconds: int) -> None:
    """After stale-while-revalidate, or after the maximum TTL, viewers wait for the origin."""
    at = edge(cache_policy=MINUTE)
    at.origin.reply(200, b"old", {"Cache-Control": f"max-age=60, stale-while-revalidate={directive}"})
    at.origin.reply(200, b"new")
    await at.get()
    at.clock.advance(60 + seconds)
    assert (await at.get()).body == b"new"


async def test_failed_revalidation_in_the_background(edge, caplog) -> None:
    """If a revalidation in the background fails, viewers get the expired object, and the terminal shows the failure."""
    caplog.set_level(logging.INFO, "cloudfront")
    at = edge(cache_policy=MINUTE)
    at.origin.reply(200, b"old", {"Cache-Control": "max-age=60, stale-while-revalidate=30, stale-if-error=0"})
    at.origin.fail(OriginFailed(*ORIGIN_UNREACHABLE))
    await at.get()
    at.clock.advance(70)
    assert (await at.get()).body == b"old"
    await at.settled()
    assert caplog.records[2].getMessage() == "502 GET /page (Error in the background, 0 ms)"


# ── Conditions and ranges ─────────────────────────────────────────────────────────────────────────────────────────────

OBJECT = {
    "Content-Type": "text/plain",
    "Content-Length": "10",
    "ETag": '"1"',
    "Last-Modified": "Fri, 31 Dec 1999 00:00:00 GMT",
}


@pytest.mark.parametrize(
    ("headers", "status", "body"),
    [
        ({"If-None-Match": '"1"'}, 304, b""),
        ({"If-None-Match": '"0", W/"1"'}, 304, b""),
        ({"If-None-Match": "*"}, 304, b""),
        ({"If-None-Match": '"2"'}, 200, b"0123456789"),
        ({"If-None-Match": '"2"', "If-Modified-Since": "Fri, 31 Dec 1999 00:00:00 GMT"}, 200, b"0123456789"),
        ({"If-Modified-Since": "Fri, 31 Dec 1999 00:00:00 GMT"}, 304, b""),
        ({"If-Modified-Since": "Thu, 30 Dec 1999 00:00:00 GMT"}, 200, b"0123456789"),
        ({"If-Modified-Since": "yesterday"}, 200, b"0123456789"),
        ({"If-Modified-Since": f"Fri, 31 Dec {'9' * 20} 00:00:00 GMT"}, 200, b"0123456789"),
        ({"Range": "bytes=0-3"}, 206, b"0123"),
        ({"Range": "bytes=8-99"}, 206, b"89"),
        ({"Range": "bytes=7-"}, 206, b"789"),
        ({"Range": "bytes=-2"}, 206, b"89"),
        ({"Range": "bytes=-99"}, 206, b"0123456789"),
        ({"Range": "bytes=10-"}, 416, b""),
        ({"Range": "bytes=-0"}, 416, b""),
        ({"Range": "bytes=3-1"}, 200, b"0123456789"),
        ({"Range": "bytes=0-1, 10-"}, 206, b"01"),
        ({"Range": "bytes=10-11,12-"}, 416, b""),
        ({"Range": "bytes=4-5,0-1"}, 200, b"0123456789"),
        ({"Range": "bytes=0-4,4-5"}, 200, b"0123456789"),
        ({"Range": "bytes=0-4,-6"}, 200, b"0123456789"),
        ({"Range": "bytes=0-1,x"}, 200, b"0123456789"),
        ({"Range": "bytes=0-1,3-2"}, 200, b"0123456789"),
        ({"Range": "lines=1-2"}, 200, b"0123456789"),
        ({"Range": "bytes=-"}, 200, b"0123456789"),
        ({"Range": f"bytes={'1' * 5000}-"}, 200, b"0123456789"),
        ({"Range": "bytes=0-3", "If-Range": '"1"'}, 206, b"0123"),
        ({"Range": "bytes=0-3", "If-Range": "Fri, 31 Dec 1999 00:00:00 GMT"}, 206, b"0123"),
        ({"Range": "bytes=0-3", "If-Range": '"2"'}, 200, b"0123456789"),
        ({"Range": "bytes=0-3", "If-None-Match": '"1"'}, 304, b""),
    ],
)
async def test_conditions_on_a_hit(edge, headers: dict[str, str], status: int, body: bytes) -> None:
    """Conditional requests and ranges are answered from the cached object."""
    at = edge()
    at.origin.reply(200, b"0123456789", OBJECT)
    await at.get()
    answer = await at.get(headers=headers)
    assert (answer.status, answer.body, x_cache(answer), len(at.origin.requests)) == (status, body, HIT, 1)


async def test_headers_of_a_range(edge) -> None:
    """A 206 has Content-Range. A 304 and a 416 have no headers about the body."""
    at = edge()
    at.origin.reply(200, b"0123456789", OBJECT)
    await at.get()
    part, not_modified, beyond = [
        dict(list((await at.get(headers=headers)).headers.items())[:5])
        for headers in ({"Range": "bytes=2-4"}, {"If-None-Match": '"1"'}, {"Range": "bytes=10-"})
    ]
    validators = {name: OBJECT[name] for name in ("ETag", "Last-Modified")}
    assert part == {**OBJECT, "Content-Length": "3", "Content-Range": "bytes 2-4/10"}
    assert {name: value for name, value in not_modified.items() if name in OBJECT} == validators
    assert {n: v for n, v in beyond.items() if n in {*OBJECT, "Content-Range"}} == {
        **validators,
        "Content-Range": "bytes */10",
    }


async def test_conditions_on_a_miss(edge) -> None:
    """On a miss, conditions and ranges go to the origin."""
    at = edge()
    at.origin.reply(304, b"").reply(200, b"0123456789")
    answers = [
        await at.get(headers={"If-None-Match": '"1"'}),
        await at.get(headers={"Range": "bytes=0-1"}),
        await at.get(headers={"Range": "bytes=0-1"}),
    ]
    assert [(a.status, a.body, x_cache(a)) for a in answers] == [
        (304, b"", MISS),
        (200, b"0123456789", MISS),  # an origin without ranges sends the whole object
        (206, b"01", HIT),
    ]


PART = {**OBJECT, "Content-Length": "2", "Content-Range": "bytes 0-1/10"}
TWO = {"Range": "bytes=0-1"}


async def test_several_ranges(edge) -> None:
    """Several ranges are answered in the form multipart/byteranges (RFC 9110, section 14.6)."""
    at = edge()
    at.origin.reply(200, b"0123456789", OBJECT)
    await at.get()
    answer = await at.get(headers={"Range": "bytes=0-1,4-5,-1"})
    assert (answer.status, x_cache(answer)) == (206, HIT)
    assert answer.headers["Content-Length"] == str(len(answer.body))
    assert "Content-Range" not in answer.headers
    head = f"Content-Type: {answer.headers['Content-Type']}\r\n\r\n".encode()
    parts = email.message_from_bytes(head + answer.body).get_payload()
    assert [(p["Content-Type"], p["Content-Range"], p.get_payload()) for p in parts] == [
        ("text/plain", "bytes 0-1/10", "01"),
        ("text/plain", "bytes 4-5/10", "45"),
        ("text/plain", "bytes 9-9/10", "9"),
    ]


async def test_a_part_is_cached(edge) -> None:
    """The part that the origin sends answers later requests for it. It is not the object, nor another part."""
    at = edge()
    at.origin.reply(206, b"01", PART).reply(206, b"45", PART).reply(200, b"0123456789", OBJECT)
    asked = [TWO, TWO, {"Range": "bytes=4-5"}, {}, TWO]
    answers = [await at.get(headers=headers) for headers in asked]
    assert [(a.status, a.body, x_cache(a)) for a in answers] == [
        (206, b"01", MISS),
        (206, b"01", HIT),
        (206, b"45", MISS),
        (200, b"0123456789", MISS),
        (206, b"01", HIT),
    ]
    assert len(at.origin.requests) == 3


@pytest.mark.parametrize(
    ("asked", "body", "content_range"),
    [
        ("bytes=2-5", b"2345", "bytes 2-5/10"),
        ("bytes=3-4", b"34", "bytes 3-4/10"),
        ("bytes=1-5", None, ""),
        ("bytes=4-6", None, ""),
        ("bytes=4-", None, ""),
        ("bytes=-3", None, ""),
    ],
)
async def test_a_range_within_a_part(edge, asked: str, body: bytes | None, content_range: str) -> None:
    """A cached part answers requests for all ranges within it, while it is fresh."""
    at = edge()
    part = {**PART, "Content-Length": "4", "Content-Range": "bytes 2-5/10", "Cache-Control": "max-age=60"}
    at.origin.reply(206, b"0", {**part, "Content-Range": "bytes 0-0/10"}).reply(206, b"2345", part).reply(
        206, b"...", PART
    )
    await at.get(headers={"Range": "bytes=0-0"})
    await at.get(headers={"Range": "bytes=2-5"})
    answer = await at.get(headers={"Range": asked})
    if body is None:
        assert x_cache(answer) == MISS
    else:
        assert (answer.status, answer.body, x_cache(answer)) == (206, body, HIT)
        assert (answer.headers["Content-Range"], answer.headers["Content-Length"]) == (content_range, str(len(body)))
    at.clock.advance(61)
    assert x_cache(await at.get(headers={"Range": "bytes=3-3"})) == MISS


async def test_end_of_an_object_within_a_part(edge) -> None:
    """A part that reaches the object's end answers for the last bytes, however a request names them."""
    at = edge()
    at.origin.reply(206, b"6789", {**PART, "Content-Range": "bytes 6-9/10"})
    await at.get(headers={"Range": "bytes=6-"})
    answers = [await at.get(headers={"Range": f"bytes={spec}"}) for spec in ("8-", "-2", "9-99")]
    assert [(a.body, x_cache(a)) for a in answers] == [(b"89", HIT), (b"89", HIT), (b"9", HIT)]


@pytest.mark.parametrize("content_range", ["bytes 0-1/*", "bytes 0-3/10", "lines 0-1/10", "", "bytes 5-4/10"])
async def test_a_part_of_unknown_place(edge, content_range: str) -> None:
    """A part whose place in the object is not known answers only requests with its own range."""
    at = edge()
    at.origin.reply(206, b"01", {**PART, "Content-Range": content_range})
    await at.get(headers=TWO)
    assert x_cache(await at.get(headers=TWO)) == HIT
    assert x_cache(await at.get(headers={"Range": "bytes=0-0"})) == MISS


async def test_conditions_on_a_cached_part(edge) -> None:
    """A cached part answers If-None-Match. With If-Range, the origin decides between part and object."""
    at = edge()
    at.origin.reply(206, b"01", PART).reply(200, b"0123456789", OBJECT)
    await at.get(headers=TWO)
    assert (await at.get(headers={**TWO, "If-None-Match": '"1"'})).status == 304
    assert (await at.get(headers={**TWO, "If-Range": '"0"'})).status == 200
    assert [request.headers.get("Range") for request in at.origin.requests] == ["bytes=0-1", "bytes=0-1"]


async def test_an_expired_part(edge) -> None:
    """An expired part is revalidated as a part; an origin that answers with the object replaces it."""
    at = edge()
    short = {**PART, "Cache-Control": "max-age=60"}
    at.origin.reply(206, b"01", short).reply(304, b"", short).reply(200, b"0123456789", OBJECT)
    answers = []
    for _ in range(3):
        answers.append(await at.get(headers=TWO))
        at.clock.advance(61)
    assert [(a.status, a.body, x_cache(a)) for a in answers] == [
        (206, b"01", MISS),
        (206, b"01", REFRESH),
        (206, b"01", MISS),
    ]
    revalidation = at.origin.requests[1].headers
    assert (revalidation["Range"], revalidation["If-None-Match"]) == ("bytes=0-1", '"1"')
    assert (await at.get()).body == b"0123456789"
    assert len(at.origin.requests) == 3


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_part_that_nobody_asked_for(edge, method: str) -> None:
    """A 206 to a request without a range is not cached."""
    at = edge()
    at.origin.reply(206, b"01", PART)
    assert [x_cache(await at.get(method=method)) for _ in range(2)] == [MISS, MISS]


async def test_an_error_for_a_part(edge) -> None:
    """An error holds for the object, whatever range found it."""
    at = edge()
    at.origin.reply(404, b"")
    assert [(await at.get(headers=headers)).status for headers in (TWO, {"Range": "bytes=4-5"}, {})] == [404, 404, 404]
    assert len(at.origin.requests) == 1


async def test_conditions_on_other_answers(edge) -> None:
    """Conditions and ranges have an effect on a cached 200 only. Other cached answers are sent whole."""
    at = edge()
    at.origin.reply(404, b"not found", {"ETag": '"1"'})
    await at.get()
    for headers in ({"If-None-Match": '"1"'}, {"Range": "bytes=0-1"}):
        assert ((await at.get(headers=headers)).status, len(at.origin.requests)) == (404, 1)


async def test_range_of_a_head(edge) -> None:
    """A range has an effect on GET only."""
    at = edge()
    at.origin.reply(200, b"0123456789", OBJECT)
    await at.get()
    assert (await at.get(method="HEAD", headers={"Range": "bytes=0-1"})).status == 200


# ── The cache's size ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_least_recently_used_objects_go_first() -> None:
    """The least recently used objects make room for a new one. An object larger than the cache removes none."""

    def entry(size: int) -> CacheEntry:
        return CacheEntry(Response(200, CIMultiDict(), b"x" * size), CIMultiDict(), 0.0, Lifetime(1.0))

    cache = Cache(max_bytes=10)
    for name in "abc":
        cache.put(CacheKey((name,)), entry(3))
    assert cache.get(CacheKey(("a",)))
    cache.put(CacheKey(("d",)), entry(4))
    assert [name for name in "abcd" if cache.get(CacheKey((name,)))] == ["a", "c", "d"]
    cache.put(CacheKey(("d",)), entry(1))
    cache.put(CacheKey(("e",)), entry(3))
    assert [name for name in "acde" if cache.get(CacheKey((name,)))] == ["a", "c", "d", "e"]
    cache.put(CacheKey(("f",)), entry(11))
    assert [name for name in "acdef" if cache.get(CacheKey((name,)))] == ["a", "c", "d", "e"]


def test_parts_that_are_gone() -> None:
    """The cache knows which parts of an object it holds, also after some have made room."""
    part = CacheEntry(Response(206, CIMultiDict(), b"x" * 5), CIMultiDict(), 0.0, Lifetime(1.0))
    cache, whole = Cache(max_bytes=10), CacheKey(("a",))
    for spec in ("0-4", "5-9", "9-13"):
        cache.put(whole._replace(variant=spec), part)
    assert [key.variant for key in cache.variants(whole)] == ["5-9", "9-13"]
    cache.put(CacheKey(("b",)), replace(part, response=Response(200, CIMultiDict(), b"x" * 10)))
    assert cache.variants(whole) == []


async def test_behaviors_share_the_cache(edge) -> None:
    """Two behaviors share an object if their requests have the same path."""
    at = edge(
        CacheBehavior("/other/*", "main", CachePolicy(1, 86400, 31536000, gzip=True, brotli=True)),
        functions={"viewer-request": lambda event: {**event["Records"][0]["cf"]["request"], "uri": "/other/x"}},
    )
    at.origin.reply()
    assert [x_cache(await at.get(uri)) for uri in ("/other/x", "/page")] == [MISS, HIT]
