"""What can be done with a request: send it again, copy it, remove its object from the cache."""

import asyncio
import re
import shlex
import shutil

import pytest

from cloudfront_local.distribution.policies import CachePolicy, OriginRequestPolicy, Selection

POSTS = {
    "allowed_methods": frozenset({"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"}),
    "origin_request_policy": OriginRequestPolicy(Selection("allViewer"), Selection("all"), Selection("all")),
}


async def test_replay(edge, opened):
    """A replay is the same request: method, target, headers, body. It is finished when the answer comes."""
    at = edge(**POSTS)
    at.origin.reply(200).reply(201)
    window = await opened(at)
    await at.get("/page?a=1", {"X-Own": "1", "Cookie": "a=b"}, method="POST", body=b"hello")
    replayed = await window.post(f"/requests/{(await window.last())['id']}/replay", {})
    assert (await window.get(f"/requests/{replayed['id']}"))["status"] == 201
    first, second = at.origin.requests
    assert (second.method, second.target, second.body) == ("POST", "/page?a=1", b"hello")
    assert second.headers == first.headers


async def test_replay_as_another_viewer(edge, opened):
    """From another country, with another device, without cookies."""
    names = frozenset({"cloudfront-viewer-country", "cloudfront-is-mobile-viewer"})
    forward = OriginRequestPolicy(
        Selection("allViewerAndWhitelistCloudFront", names), Selection("all"), Selection("all")
    )
    at = edge(origin_request_policy=forward, cache_policy=CachePolicy(0, 0, 0))
    at.origin.reply()
    window = await opened(at)
    await at.get("/page", {"Cookie": "a=b"})
    found = await window.last()
    viewer = {"country": "NZ", "device": "mobile", "cookies": False}
    replayed = await window.post(f"/requests/{found['id']}/replay", viewer)
    marked = await window.get(f"/requests/{replayed['id']}")
    assert (found["replay_of"], found["viewer"]) == (None, None)
    assert (marked["replay_of"], marked["viewer"]) == (found["id"], "NZ, mobile")
    assert (await window.get("/requests"))[-1]["replay_of"] == found["id"]
    await window.post(f"/requests/{found['id']}/replay", {"country": None, "device": None, "cookies": True})
    before, other, same = at.origin.requests
    seen = ("CloudFront-Viewer-Country", "CloudFront-Is-Mobile-Viewer", "Cookie")
    assert [other.headers.get(name) for name in seen] == ["NZ", "true", None]
    assert [same.headers.get(name) for name in seen] == [before.headers.get(name) for name in seen]


@pytest.mark.parametrize(
    ("viewer", "sentence"),
    [
        ({"country": "XX9"}, "XX9"),
        ({"device": "toaster"}, "'toaster' is not a device"),
        ({"speed": 1}, "no setting 'speed'"),
        ({"cookies": "no"}, "`cookies` is true or false"),
        ({"country": 1}, "`country` is a text"),
        ({"device": ["mobile"]}, "`device` is a text"),
        ([], "must be a JSON object"),
    ],
)
async def test_replay_that_cannot_be(edge, opened, viewer, sentence):
    """A viewer that there cannot be is told in a sentence."""
    at = edge()
    at.origin.reply()
    window = await opened(at)
    await at.get("/page")
    url = f"{window.url}/requests/{(await window.last())['id']}/replay"
    async with window.session.post(url, json=viewer, headers={"X-Local-Window": "1"}) as answer:
        assert (answer.status, answer.content_type) == (400, "text/plain")
        assert sentence in await answer.text()
    assert len(at.origin.requests) == 1


async def test_curl(edge, opened):
    """The command for a shell sends the same request, whatever characters it has."""
    at = edge(**POSTS)
    at.origin.reply()
    window = await opened(at)
    await at.get("/it's?a=1&b=$HOME", {"X-Own": "a 'quoted' value", "X-Empty": ""}, method="PUT", body=b"it's `text`")
    command = await window.get(f"/requests/{(await window.last())['id']}/curl")
    words = shlex.split(command)
    assert words[:4] == ["curl", "-i", "-X", "PUT"]
    assert words[4] == "http://127.0.0.1:8080/it's?a=1&b=$HOME"
    assert words[words.index("X-Own: a 'quoted' value") - 1] == "-H"
    assert "X-Empty;" in words
    assert words[-2:] == ["--data-raw", "it's `text`"]
    assert not any(word.lower().startswith("host:") for word in words)


class Heard:
    """A server that keeps the bytes of each request and answers 204."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        self.requests.append(head + await reader.readexactly(int(length[1]) if length else 0))
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        writer.close()


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
@pytest.mark.parametrize(
    ("target", "headers", "method", "body"),
    [
        ("/assets/icon.svg?ids[1-3]=x&b={x,y}", {"Accept": "*/*"}, "GET", b""),
        ("/assets/../assets/./icon.svg", {}, "GET", b""),
        (
            "/it's?a=1&b=$HOME`id`&c=\\",
            {"X-Own": "a 'quoted' value", "X-Empty": "", "User-Agent": "me"},
            "PUT",
            b"it's",
        ),
        ("/", {"Content-Type": "text/plain"}, "POST", b"@/etc/hostname"),
        ("/", {"X-At": "@/etc/hostname"}, "POST", b"line\nline\r\n"),
        ("/", {}, "POST", b""),
    ],
)
async def test_curl_sends_the_request(edge, opened, target, headers, method, body):
    """curl sends the same request: target, headers and body, and no others of its own."""
    at = edge(**POSTS)
    at.origin.reply()
    window = await opened(at)
    await at.get(target, headers, method=method, body=body)
    command = await window.get(f"/requests/{(await window.last())['id']}/curl?secrets=true")
    heard = Heard()
    async with await asyncio.start_server(heard, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        process = await asyncio.create_subprocess_exec("/bin/sh", "-c", command.replace(":8080", f":{port}"))
        assert await process.wait() == 0
    (request,) = heard.requests
    head, _, sent = request.partition(b"\r\n\r\n")
    line, *fields = head.decode().split("\r\n")
    assert (line, sent) == (f"{method} {target} HTTP/1.1", body)
    found = dict(field.split(":", 1) for field in fields)
    of_curl = {"Host", "Content-Length"}
    assert {name: value.strip() for name, value in found.items() if name not in of_curl} == headers


@pytest.mark.parametrize("body", [b"\xff", b"a\x00b"])
async def test_no_curl(edge, opened, body):
    """No command of a shell can hold some bodies."""
    at = edge(**POSTS)
    at.origin.reply()
    window = await opened(at)
    await at.get("/", method="POST", body=body)
    async with window.session.get(f"{window.url}/requests/{(await window.last())['id']}/curl") as answer:
        assert (answer.status, await answer.text()) == (
            400,
            "The request's body is no text, so no curl command can show it. Replay the request.",
        )


async def test_no_curl_without_the_body(edge, opened):
    """CloudFront refuses some requests before their body: the window has no body to show."""
    at = edge()
    window = await opened(at)
    await at.get("/", {"Content-Length": "3"})
    async with window.session.get(f"{window.url}/requests/{(await window.last())['id']}/curl") as answer:
        assert answer.status == 400
        assert "before it read the body" in await answer.text()


async def test_invalidations(edge, opened):
    """Paths leave the cache; a path that CloudFront refuses is told in a sentence."""
    at = edge()
    at.origin.reply(headers={"Cache-Control": "max-age=60"})
    window = await opened(at)
    for path in ("/a", "/b", "/images/c"):
        await at.get(path)
    assert await window.post("/invalidations", {"paths": ["/images/*", "/a"]}) == {"removed": 2}
    assert [each["target"] for each in await window.get("/cache")] == ["/b"]
    for paths in (["b"], "/b", None, [1]):
        url, marked = f"{window.url}/invalidations", {"X-Local-Window": "1"}
        async with window.session.post(url, json={"paths": paths}, headers=marked) as answer:
            assert answer.status == 400


async def test_save_without_a_project(edge, opened):
    """A window without a project cannot save an event, and says so; nor one of a call that there was not."""
    at = edge(functions={"viewer-request": lambda event: event["Records"][0]["cf"]["request"]})
    at.origin.reply()
    window = await opened(at)
    await at.get("/page")
    url = f"{window.url}/requests/{(await window.last())['id']}/events"
    for function, sentence in (
        (0, "cloudfront-local serve"),
        (1, "has 1 calls"),
        (-1, "has 1 calls"),
        ("0", "has 1"),
        (True, "has 1"),
        (False, "has 1"),
    ):
        async with window.session.post(url, json={"function": function}, headers={"X-Local-Window": "1"}) as answer:
            assert answer.status == 400
            assert sentence in await answer.text()
