"""The requests that the window keeps, as data."""

import asyncio
import functools
import json

import pytest

from cloudfront_local.distribution import pages
from cloudfront_local.distribution.behaviors import CacheBehavior
from cloudfront_local.distribution.origin import CustomOrigin
from cloudfront_local.distribution.policies import CachePolicy, Selection
from cloudfront_local.serving.window.kept import Kept

ORIGIN = CustomOrigin(domain_name="origin.example.org", custom_headers=(("X-Origin-Key", "a-custom-header-value"),))
POLICY = CachePolicy(
    0, 86400, 31536000, query_strings=Selection("all"), headers=Selection("whitelist", frozenset({"x-color"}))
)


async def test_list(edge, opened):
    """The oldest first, with numbers, results and the functions that ran."""
    at = edge(functions={"viewer-request": lambda event: event["Records"][0]["cf"]["request"]})
    at.origin.reply(headers={"Cache-Control": "max-age=60"})
    window = await opened(at)
    for target in ("/a", "/a", "/b?x=1"):
        await at.get(target)
    found = await window.get("/requests")
    shown = [(each["number"], each["status"], each["method"], each["target"], each["result"]) for each in found]
    assert shown == [(1, 200, "GET", "/a", "Miss"), (2, 200, "GET", "/a", "Hit"), (3, 200, "GET", "/b?x=1", "Miss")]
    assert {tuple(each["functions"]) for each in found} == {("viewer-request-function",)}
    assert len({each["id"] for each in found}) == 3


async def test_stations(edge, opened, passes):
    """The way of a request: each station that it passed, with the time and what came of it."""
    at = edge(functions=passes)
    at.origin.reply(201, reason="Created").takes = lambda: at.clock.advance(0.25)
    window = await opened(at)
    await at.get("/page")
    stations = (await window.last())["stations"]
    assert [(each["name"], each["outcome"], each["summary"]) for each in stations] == [
        ("behavior", "passed", "*"),
        ("viewer-request", "passed", "viewer-request-function"),
        ("cache", "passed", "Miss"),
        ("origin-request", "passed", "origin-request-function"),
        ("origin", "answered", "201 Created"),
        ("origin-response", "passed", "origin-response-function"),
        ("viewer-response", "passed", "viewer-response-function"),
    ]
    assert [each["milliseconds"] for each in stations] == [0, 0, 0, 0, 250, 0, 0]
    assert stations[-1]["started"] == 250


async def test_waited(edge, opened):
    """A request that waited for another one of the same object says so."""
    at = edge()
    at.origin.reply(headers={"Cache-Control": "max-age=60"})
    window = await opened(at)
    at.origin.hold()
    both = [asyncio.create_task(at.get("/page")) for _ in range(2)]
    await at.origin.arrived(1)
    at.origin.released.set()
    await asyncio.gather(*both)
    sentences = [
        (await window.get(f"/requests/{each['id']}"))["cache"]["reason"] for each in await window.get("/requests")
    ]
    assert len(at.origin.requests) == 1
    assert sorted("It waited for a request of the same object" in sentence for sentence in sentences) == [False, True]


async def test_way_of_a_generated_response(edge, opened):
    """The way ends where the answer comes from."""
    at = edge(functions={"viewer-request": lambda _: {"status": "302", "headers": {}}})
    window = await opened(at)
    await at.get("/page")
    found = await window.last()
    assert [(each["name"], each["outcome"]) for each in found["stations"]] == [
        ("behavior", "passed"),
        ("viewer-request", "answered"),
    ]
    assert (found["result"], found["cache"], found["origin"]) == ("LambdaGeneratedResponse", None, None)


async def test_refused_at_once(edge, opened):
    """A request for another host, and one with a method that is not allowed, end at the behavior."""
    at = edge()
    window = await opened(at)
    await at.get("/", {"Host": "other.example"})
    await at.get("/", method="DELETE")
    for each in await window.get("/requests"):
        stations = (await window.get(f"/requests/{each['id']}"))["stations"]
        assert [(station["name"], station["outcome"]) for station in stations] == [("behavior", "failed")]


async def test_violation(edge, opened):
    """A broken rule is there with its sentence and advice, beside the event as the function got it and its result."""

    def broken(event):
        request = event["Records"][0]["cf"]["request"]
        request["headers"]["connection"] = [{"key": "Connection", "value": "close"}]
        return request

    at = edge(functions={"origin-request": broken})
    window = await opened(at)
    await at.get("/page")
    found = await window.last()
    (call,) = found["functions"]
    (violation,) = call["violations"]
    assert (found["status"], found["result"]) == (502, "LambdaValidationError")
    assert (violation["rule"], violation["field"], violation["status"]) == (
        "disallowed-header",
        "headers.connection",
        502,
    )
    assert violation["sentence"].startswith("The Lambda function result failed validation")
    assert violation["advice"]
    assert "connection" not in call["event"]["Records"][0]["cf"]["request"]["headers"]
    assert "connection" in call["result"]["headers"]
    assert found["stations"][-1] | {"started": 0, "milliseconds": 0} == {
        "name": "origin-request",
        "outcome": "failed",
        "summary": "disallowed-header",
        "started": 0,
        "milliseconds": 0,
    }


async def test_why_a_miss(edge, opened):
    """The cache key part by part, beside the nearest kept object: the parts that differ say why."""
    at = edge(cache_policy=POLICY)
    at.origin.reply(headers={"Cache-Control": "max-age=60"})
    window = await opened(at)
    await at.get("/page?v=1&lang=en", {"X-Color": "red"})
    assert (await window.last())["cache"]["reason"] == "No object is kept under this path."
    await at.get("/page?v=2&lang=en", {"X-Color": "red"})
    cache = (await window.last())["cache"]
    assert cache["reason"] == "An object of this path is kept, but the key differs in: Query: v."
    assert cache["key"] == [
        {"part": "Path", "value": "/page", "nearest": "/page", "differs": False},
        {"part": "Query: v", "value": "2", "nearest": "1", "differs": True},
        {"part": "Query: lang", "value": "en", "nearest": "en", "differs": False},
        {"part": "Header: X-Color", "value": "red", "nearest": "red", "differs": False},
    ]
    await at.get("/page?v=2&lang=en", {"X-Color": "red"})
    assert (await window.last())["cache"]["reason"] == "A fresh object is kept under this key."
    at.clock.advance(61)
    await at.get("/page?v=2&lang=en", {"X-Color": "red"})
    assert "has expired" in (await window.last())["cache"]["reason"]


@pytest.mark.parametrize(
    ("policy", "headers", "seconds", "by"),
    [
        (CachePolicy(0, 86400, 31536000), {"Cache-Control": "max-age=60"}, 60, "Cache-Control: max-age=60"),
        (CachePolicy(0, 60, 99), {"Cache-Control": "s-maxage=9, max-age=8"}, 9, "Cache-Control: s-maxage=9"),
        (CachePolicy(0, 86400, 31536000), {}, 86400, "DefaultTTL of the cache policy"),
        (CachePolicy(90, 60, 99), {}, 90, "MinTTL of the cache policy"),
        (
            CachePolicy(90, 95, 99),
            {"Cache-Control": "max-age=60"},
            90,
            "MinTTL of the cache policy, which is above Cache-Control: max-age=60",
        ),
        (
            CachePolicy(0, 95, 99),
            {"Cache-Control": "max-age=600"},
            99,
            "MaxTTL of the cache policy, which is below Cache-Control: max-age=600",
        ),
        (CachePolicy(0, 95, 99), {"Cache-Control": "no-store"}, 0, "Cache-Control: no-store"),
        (
            CachePolicy(5, 95, 99),
            {"Cache-Control": "no-store"},
            5,
            "MinTTL of the cache policy, in spite of Cache-Control: no-store",
        ),
        (
            CachePolicy(0, 95, 99),
            {"Expires": "Sat, 01 Jan 2000 00:00:30 GMT"},
            30,
            "Expires: Sat, 01 Jan 2000 00:00:30 GMT",
        ),
    ],
)
async def test_what_decided_the_ttl(edge, opened, policy, headers, seconds, by):
    """The header or the policy's setting that decided, at the miss and at the hit."""
    at = edge(cache_policy=policy)
    at.origin.reply(headers=headers)
    window = await opened(at)
    for _ in range(2):
        await at.get("/page")
        ttl = (await window.last())["cache"]["ttl"]
        assert (ttl["seconds"], ttl["decided_by"]) == (seconds, by)


async def test_ttl_of_an_error(edge, opened):
    """An error stays for the error caching minimum TTL."""
    at = edge()
    at.origin.reply(404)
    window = await opened(at)
    await at.get("/page")
    ttl = (await window.last())["cache"]["ttl"]
    assert (ttl["seconds"], ttl["decided_by"]) == (10, "the error caching minimum TTL")


async def test_not_cached(edge, opened):
    """Where nothing is cached, the reason is the policy or the method."""
    at = edge(CacheBehavior("/off/*", "main", CachePolicy(0, 0, 0)), allowed_methods=frozenset({"GET", "HEAD", "POST"}))
    at.origin.reply()
    window = await opened(at)
    await at.get("/off/page")
    assert "maximum TTL is 0" in (await window.last())["cache"]["reason"]
    await at.get("/page", method="POST")
    assert "answers to POST" in (await window.last())["cache"]["reason"]


async def test_edits(edge, opened):
    """What CloudFront dropped, added and rewrote, with the reason."""
    at = edge(origin=ORIGIN)
    at.origin.reply(headers={"Set-Cookie": "a=b", "X-Own": "1"})
    window = await opened(at)
    await at.get("/page", {"Cookie": "theme=dark", "User-Agent": "curl", "Connection": "close", "Accept": "*/*"})
    found = await window.last()
    there = {each["name"]: (each["kind"], each["why"]) for each in found["to_origin"]}
    assert there["Cookie"] == ("dropped", "Only cookies that a policy selects go to the origin.")
    assert there["Connection"] == ("dropped", "CloudFront never forwards it.")
    assert there["Accept"] == ("dropped", "No cache policy or origin request policy selects it.")
    assert there["User-Agent"][0] == "rewritten"
    assert there["Host"][0] == "rewritten"
    assert there["Via"][0] == "added"
    back = {each["name"]: each["kind"] for each in found["to_viewer"]}
    assert back["Set-Cookie"] == "dropped"
    assert back["X-Cache"] == "added"
    assert "X-Own" not in back
    assert found["origin"]["id"] == "main"
    assert found["origin"]["domain_name"] == "origin.example.org"


async def test_what_a_function_changed_is_no_edit_of_cloudfront(edge, opened):
    """A change on the way says who made it."""

    def changed(event):
        request = event["Records"][0]["cf"]["request"]
        request["headers"]["x-signed"] = [{"key": "X-Signed", "value": "yes"}]
        return request

    at = edge(functions={"origin-request": changed})
    at.origin.reply()
    window = await opened(at)
    await at.get("/page")
    (edit,) = [each for each in (await window.last())["to_origin"] if each["name"] == "X-Signed"]
    assert (edit["kind"], edit["why"]) == ("added", "The function at origin-request changed it.")


async def test_bodies_are_cut(edge, opened):
    """A long body is kept in part; its length is that of the whole. Bytes that are no text are not shown."""
    at = edge()
    at.origin.reply(body=b"x" * 100_000, headers={"Content-Length": "100000"})
    at.origin.reply(body=b"\x89PNG\xff")
    window = await opened(at)
    await at.get("/long")
    body = (await window.last())["response"]["body"]
    assert (body["bytes"], len(body["text"]), body["truncated"]) == (100_000, 65_536, True)
    await at.get("/image")
    assert (await window.last())["response"]["body"] == {"bytes": 5, "text": None, "truncated": False}


@pytest.mark.parametrize("query", ["", "?secrets=true"])
@pytest.mark.parametrize(("depth", "is_shown"), [(100, True), (500, False), (900, False)])
async def test_deep_result(edge, opened, query, depth, is_shown):
    """A result that is nested too deeply for its page is a few words there."""
    deep = functools.reduce(lambda inner, _: [inner], range(depth), "inside")
    at = edge(functions={"viewer-request": lambda event: event["Records"][0]["cf"]["request"] | {"own": deep}})
    at.origin.reply()
    window = await opened(at)
    assert (await at.get("/page")).status == 200
    (call,) = (await window.last(query))["functions"]
    assert (call["result"] == "nested too deeply to be shown") is not is_shown
    assert not is_shown or call["result"]["own"] == deep


async def test_number_is_bounded(edge, opened):
    """The last 1,000 requests are kept; the others are gone."""
    at = edge()
    at.origin.reply(headers={"Cache-Control": "max-age=60"})
    window = await opened(at)
    await at.get("/page")
    first = (await window.get("/requests"))[0]["id"]
    for _ in range(1000):
        await at.get("/page")
    found = await window.get("/requests")
    assert (len(found), found[0]["number"], found[-1]["number"]) == (1000, 2, 1001)
    async with window.session.get(f"{window.url}/requests/{first}") as answer:
        assert (answer.status, await answer.text()) == (
            404,
            "The window does not keep this request, or no longer: reload the list.",
        )


@pytest.mark.parametrize("where", ["request", "event", "result", "response"])
async def test_bytes_are_bounded(edge, opened, where):
    """Bodies, events and results count: the oldest requests go first."""
    text = "x" * 60_000
    passes = {"viewer-request": lambda event: event["Records"][0]["cf"]["request"]}
    answers = {"viewer-request": lambda _: {"status": "200", "headers": {}, "body": text[:30_000]}}
    functions = passes if where == "event" else answers if where == "result" else {}
    at = edge(functions=functions, include_body=where == "event", allowed_methods=frozenset({"GET", "HEAD", "POST"}))
    at.origin.reply(body=text.encode() if where == "response" else b"")
    window = await opened(at, kept=Kept(max_bytes=300_000))
    for _ in range(20):
        body = text.encode() if where in ("request", "event") else b""
        await at.get("/page", method="POST" if body else "GET", body=body)
    assert 1 <= len(await window.get("/requests")) < 10


async def test_stream(edge, opened):
    """Each request is an event as it happens, in order; a reader that comes later gets the later ones."""
    at = edge()
    at.origin.reply()
    window = await opened(at)
    await at.get("/before")
    async with window.session.get(f"{window.url}/requests/stream") as stream:
        assert stream.content_type == "text/event-stream"
        assert (await stream.content.readuntil(b"\n\n")) == b": \n\n"
        for path in ("/one", "/two"):
            await at.get(path)
        async with asyncio.timeout(10):
            events = [await stream.content.readuntil(b"\n\n") for _ in range(2)]
    kinds, data = zip(*(event.decode().rstrip("\n").split("\n") for event in events), strict=True)
    assert set(kinds) == {"event: request"}
    found = [json.loads(each.removeprefix("data: ")) for each in data]
    assert found == (await window.get("/requests"))[1:]


async def test_stream_of_many(edge, opened):
    """A reader gets each of many requests, in order, however many wait for it."""
    at = edge()
    at.origin.reply(headers={"Cache-Control": "max-age=60"})
    window = await opened(at)
    async with window.session.get(f"{window.url}/requests/stream") as stream:
        await stream.content.readuntil(b"\n\n")
        for _ in range(120):
            await at.get("/page")
        async with asyncio.timeout(10):
            events = [await stream.content.readuntil(b"\n\n") for _ in range(120)]
    assert [json.loads(each.partition(b"data: ")[2])["number"] for each in events] == [*range(1, 121)]


async def test_streams_are_bounded(edge, opened):
    """More readers than the window has room for are told so, and a reader that left makes room."""
    window = await opened(edge())
    streams = [await window.session.get(f"{window.url}/requests/stream") for _ in range(32)]
    async with window.session.get(f"{window.url}/requests/stream") as answer:
        assert answer.status == 503
    for stream in streams:
        stream.close()
    async with asyncio.timeout(10):
        while (answer := await window.session.get(f"{window.url}/requests/stream")).status == 503:
            window.at.origin.reply()
            await window.at.get("/page")
            await asyncio.sleep(0.05)
    answer.close()


async def test_cache_and_distribution(edge, opened):
    """The cached objects, and the behaviors with their functions."""
    at = edge(
        CacheBehavior("/off/*", "main", CachePolicy(0, 0, 0)),
        functions={"viewer-response": lambda event: event["Records"][0]["cf"]["response"]},
    )
    at.origin.reply(headers={"Cache-Control": "max-age=60"})
    window = await opened(at)
    await at.get("/page")
    at.clock.advance(20)
    (cached,) = await window.get("/cache")
    assert (cached["target"], cached["status"], cached["age"], cached["fresh_for"]) == ("/page", 200, 20, 40)
    (found,) = await window.get("/distribution")
    assert (found["id"], found["url"]) == ("EDFDVBD6EXAMPLE", "http://127.0.0.1:8080/")
    assert [(each["path_pattern"], each["functions"]) for each in found["behaviors"]] == [
        ("/off/*", {}),
        ("*", {"viewer-response": "viewer-response-function"}),
    ]


async def test_origin_gives_no_answer(edge, opened):
    """Without an answer of the origin, the way ends there, and the reason is CloudFront's."""
    at = edge()
    at.origin.fail(pages.OriginFailed(*pages.ORIGIN_TIMEOUT))
    window = await opened(at)
    await at.get("/page")
    found = await window.last()
    assert found["origin"]["response"] is None
    assert (found["stations"][-1]["name"], found["stations"][-1]["outcome"]) == ("origin", "failed")
