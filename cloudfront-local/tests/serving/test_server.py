"""The server on a real socket passes on every byte of a request and every byte of a response."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from multidict import CIMultiDict

from cloudfront_local.distribution.messages import Response
from cloudfront_local.distribution.policies import CachePolicy, OriginRequestPolicy, Selection
from cloudfront_local.serving import server

# Seconds that a test waits before it fails.
GIVE_UP = 30

ALL = Selection("all")
FORWARD_ALL = {
    "cache_policy": CachePolicy(0, 0, 0),
    "origin_request_policy": OriginRequestPolicy(Selection("allViewer"), ALL, ALL),
    "allowed_methods": frozenset({"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"}),
}


class Viewer:
    """A connection to the server that sends and receives raw bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.port: int = writer.get_extra_info("peername")[1]

    def send(self, data: bytes) -> None:
        self._writer.write(data)

    async def answer(self, method: str = "GET") -> tuple[str, dict[str, str], bytes]:
        """The next response: status line, headers, body."""
        async with asyncio.timeout(GIVE_UP):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode()
        status, *lines = head.split("\r\n")[:-2]
        headers = dict(line.split(": ", 1) for line in lines)
        length = 0 if method == "HEAD" else int(headers.get("Content-Length", 0))
        return status, headers, await self._reader.readexactly(length)

    async def rest(self) -> bytes:
        """All bytes until the server closes the connection."""
        async with asyncio.timeout(GIVE_UP):
            return await self._reader.read()

    def end(self) -> None:
        """Ends the sending side; the connection stays open for the response."""
        self._writer.write_eof()

    async def close(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()


Connect = Callable[[Any], Awaitable[Viewer]]


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Serves a distribution, and opens connections to the server."""
    runners, viewers = [], []

    async def connect(at: Any) -> Viewer:
        runner = await server.start(at.distribution, 0)
        runners.append(runner)
        viewer = Viewer(*await asyncio.open_connection(*runner.addresses[0]))
        viewers.append(viewer)
        return viewer

    yield connect
    for viewer in viewers:
        await viewer.close()
    for runner in runners:
        await runner.cleanup()


async def test_loopback_only(edge) -> None:
    """The server listens on 127.0.0.1 alone; a port in use is an OSError."""
    runner = await server.start(edge().distribution, 0)
    ((host, port),) = runner.addresses
    assert host == "127.0.0.1"
    with pytest.raises(OSError, match="address already in use"):
        await server.start(edge().distribution, port)
    await runner.cleanup()


async def test_request_as_sent(edge, connect) -> None:
    """The origin gets the path, query and headers as the viewer sent them, and the viewer's address is known."""
    at = edge(**FORWARD_ALL)
    at.origin.reply()
    viewer = await connect(at)
    viewer.send(
        b"GET //a/../b/./%7e%2F?x=%20+&&y HTTP/1.1\r\n"
        + f"host: localhost:{viewer.port}\r\n".encode()
        + b"accept: */*\r\nX-b: 1\r\nx-B: 2\r\nx-latin: caf\xe9\r\nx-utf-8: caf\xc3\xa9\r\nx-empty:\r\n\r\n"
    )
    await viewer.answer()
    (asked,) = at.origin.requests
    assert (asked.method, asked.uri, asked.querystring) == ("GET", "//a/../b/./%7e%2F", "x=%20+&&y")
    assert list(asked.headers.items()) == [
        ("Host", "d111111abcdef8.cloudfront.net"),
        ("User-Agent", "Amazon CloudFront"),
        ("X-Forwarded-For", "127.0.0.1"),
        ("Via", "1.1 0123456789abcdef.cloudfront.net (CloudFront)"),
        ("accept", "*/*"),
        ("X-b", "1"),
        ("x-B", "2"),
        ("x-latin", "café"),
        ("x-utf-8", "café"),
        ("x-empty", ""),
    ]
    assert asked.client_ip == "127.0.0.1"


async def test_answer_as_given(edge, connect) -> None:
    """The viewer gets the status, the phrase and the headers as they are, and no others but those that HTTP needs."""
    at = edge()
    headers = CIMultiDict(
        [("x-b", "1"), ("X-B", "é"), ("Date", "today"), ("content-type", "text/x"), ("Server", "nginx")]
    )
    at.origin.script.append(Response(203, headers, b"hello", "Hearsay"))
    viewer = await connect(at)
    viewer.send(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    head, _, body = (await viewer.rest()).decode().partition("\r\n\r\n")
    assert head.split("\r\n") == [
        "HTTP/1.1 203 Hearsay",
        "x-b: 1",
        "X-B: é",
        "Date: today",
        "content-type: text/x",
        "Server: nginx",
        "X-Cache: Miss from cloudfront",
        "Via: 1.1 0123456789abcdef.cloudfront.net (CloudFront)",
        "X-Amz-Cf-Pop: IAD1-P1",
        f"X-Amz-Cf-Id: {at.origin.ids[0]}",
        "Content-Length: 5",
        "Connection: close",
    ]
    assert body == "hello"


async def test_no_content_type_of_its_own(edge, connect) -> None:
    """A response without a Content-Type stays without one."""
    at = edge(functions={"viewer-request": lambda _: {"status": "401", "body": "no"}})
    viewer = await connect(at)
    viewer.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    status, headers, body = await viewer.answer()
    assert (status, headers.get("Content-Type"), body) == ("HTTP/1.1 401 Unauthorized", None, b"no")


async def test_head(edge, connect) -> None:
    """The response to HEAD has the Content-Length of the response to GET and no body, from origin and cache alike."""
    at = edge()
    at.origin.reply(200, b"", {"Content-Length": "12345"}).reply(200, b"hello")
    viewer = await connect(at)
    lengths = []
    for method in ("HEAD", "GET", "HEAD"):
        viewer.send(f"{method} / HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        lengths.append((await viewer.answer(method))[1]["Content-Length"])
    assert lengths == ["12345", "5", "5"]


@pytest.mark.parametrize("status", [204, 304])
async def test_no_body(edge, connect, status: int) -> None:
    """A response of a status without a body ends with its headers."""
    at = edge()
    at.origin.reply(status, b"").reply(200, b"next")
    viewer = await connect(at)
    viewer.send(b"GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n")
    answer = await viewer.answer()
    assert (answer[0].split()[1], answer[2]) == (str(status), b"")
    viewer.send(b"GET /b HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert (await viewer.answer())[2] == b"next"


async def test_stale_length(edge, connect) -> None:
    """Content-Length is the length of the body that is sent, even if a function replaced the origin's body."""
    at = edge(functions={"origin-response": lambda event: {**event["Records"][0]["cf"]["response"], "body": "héllo"}})
    at.origin.reply(200, b"", {"content-length": "99", "Transfer-Encoding": "chunked"})
    viewer = await connect(at)
    viewer.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    _, headers, body = await viewer.answer()
    assert (headers["Content-Length"], body.decode(), "Transfer-Encoding" in headers) == ("6", "héllo", False)


async def test_keep_alive(edge, connect) -> None:
    """One connection serves several requests in order, even if they are sent at once."""
    at = edge(**FORWARD_ALL)
    at.origin.reply()
    viewer = await connect(at)
    viewer.send(
        b"GET /1 HTTP/1.1\r\nHost: localhost\r\n\r\nPOST /2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi"
    )
    assert [(await viewer.answer())[2] for _ in range(2)] == [b"hello", b"hello"]
    assert [(request.uri, request.body) for request in at.origin.requests] == [("/1", b""), ("/2", b"hi")]


async def test_chunked_body(edge, connect, passes) -> None:
    """A chunked body is put together; functions see the header Transfer-Encoding."""
    at = edge(functions={"viewer-request": passes["viewer-request"]}, include_body=True, **FORWARD_ALL)
    at.origin.reply()
    viewer = await connect(at)
    viewer.send(
        b"PUT / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"
    )
    await viewer.answer()
    shown = at.events[0]["Records"][0]["cf"]["request"]
    assert (at.origin.requests[0].body, shown["body"]["data"]) == (b"hello", "aGVsbG8=")
    assert shown["headers"]["transfer-encoding"] == [{"key": "Transfer-Encoding", "value": "chunked"}]


async def test_big_bodies(edge, connect) -> None:
    """Bodies of megabytes pass in both directions, and no Content-Encoding is decoded."""
    body = b"\x1f\x8b" + b"x" * 5_000_000
    at = edge(**FORWARD_ALL)
    at.origin.reply(200, body, {"Content-Encoding": "gzip"})
    viewer = await connect(at)
    viewer.send(
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)
    )
    viewer.send(body)
    assert (await viewer.answer())[2] == body
    assert at.origin.requests[0].body == body


async def test_expect_continue(edge, connect) -> None:
    """A viewer that expects `100 Continue` before it sends its body gets it."""
    at = edge(**FORWARD_ALL)
    at.origin.reply()
    viewer = await connect(at)
    viewer.send(b"POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    assert (await viewer.answer())[0] == "HTTP/1.1 100 Continue"
    viewer.send(b"hi")
    assert (await viewer.answer())[0] == "HTTP/1.1 200 OK"
    assert at.origin.requests[0].body == b"hi"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("http://localhost/a/b?c", "/a/b?c"),
        ("https://example.org//a", "//a"),
        ("http://localhost", "/"),
        ("http://localhost/", "/"),
        ("http://localhost?x=1", "/?x=1"),
        ("/http://localhost/", "/http://localhost/"),
    ],
)
async def test_absolute_form(edge, connect, target: str, expected: str) -> None:
    """Of a request target with scheme and host, the path counts."""
    at = edge(**FORWARD_ALL)
    at.origin.reply()
    viewer = await connect(at)
    viewer.send(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    await viewer.answer()
    assert at.origin.requests[0].target == expected


async def test_http_1_0(edge, connect) -> None:
    """A viewer with HTTP/1.0 is served, and the origin gets that version in Via."""
    at = edge()
    at.origin.reply()
    viewer = await connect(at)
    viewer.send(b"GET / HTTP/1.0\r\n\r\n")
    assert (await viewer.rest()).endswith(b"\r\n\r\nhello")
    assert at.origin.requests[0].headers["Via"].startswith("1.0 ")


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"GET /" + b"a" * 8192 + b" HTTP/1.1\r\n", "414"),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 40_000 + b"\r\n", "494"),
        (b"OPTIONS * HTTP/1.1\r\n", "400"),
        (b"CONNECT example.org:443 HTTP/1.1\r\n", "400"),
        (b"GET /a#b HTTP/1.1\r\n", "400"),
    ],
)
async def test_refused_and_closed(edge, connect, line: bytes, status: str) -> None:
    """After some refusals, CloudFront closes the connection."""
    viewer = await connect(edge())
    viewer.send(line + b"Host: localhost\r\n\r\n")
    answer = await viewer.rest()
    assert answer.split()[1].decode() == status
    assert b"\r\nConnection: close\r\n" in answer
    assert b"Generated by cloudfront (CloudFront)" in answer


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"NONSENSE\r\n\r\n", "Invalid method encountered"),
        (b"GET / HTTP/1.1\r\nHost x\r\n\r\n", "Invalid header token"),
        (b"GET / HTTP/1.1\r\n\r\n", "Missing 'Host' header in request"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: y\r\n\r\n", "Duplicate 'Host' header found"),
        (b"GET /caf\xc3\xa9 HTTP/1.1\r\nHost: localhost\r\n\r\n", "Invalid char in url path"),
        (
            b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
            "Invalid character in chunk size",
        ),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "Received HTTPS traffic on an HTTP port"),
    ],
)
async def test_malformed(edge, connect, caplog, data: bytes, reason: str) -> None:
    """Bytes that are not HTTP get CloudFront's 400 page and one line in the terminal, not a traceback."""
    caplog.set_level(logging.INFO)
    viewer = await connect(edge())
    viewer.send(data)
    answer = await viewer.rest()
    assert answer.split()[1:4] == [b"400", b"Bad", b"Request"]
    assert b"Server: CloudFront\r\n" in answer
    assert b"<H1>400 ERROR</H1>" in answer
    assert caplog.messages == [f"400 The request is not HTTP/1.1: {reason}."]


async def test_a_viewer_that_closes_its_connection(edge, connect, caplog) -> None:
    """A viewer that closes in the middle of its body gets no response, and the terminal shows nothing."""
    caplog.set_level(logging.INFO)
    at = edge(**FORWARD_ALL)
    viewer = await connect(at)
    viewer.send(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc")
    viewer.end()
    assert await viewer.rest() == b""
    assert (caplog.messages, at.origin.requests) == ([], [])


async def test_upgrade(edge, connect) -> None:
    """A request with Upgrade is answered like any other, and the connection ends."""
    at = edge(**FORWARD_ALL)
    at.origin.reply()
    viewer = await connect(at)
    viewer.send(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
    answer = await viewer.rest()
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert "Upgrade" not in at.origin.requests[0].headers


async def test_redirect_within_the_distribution(edge, connect) -> None:
    """Functions see the distribution's domain name, and a redirect to that name leads to this server."""

    def redirect(event):
        (host,) = event["Records"][0]["cf"]["request"]["headers"]["host"]
        (origin,) = event["Records"][0]["cf"]["request"]["headers"]["origin"]
        assert origin["value"] == f"https://{host['value']}"
        return {"status": "302", "headers": {"location": [{"value": f"https://{host['value']}/other"}]}}

    viewer = await connect(edge(functions={"viewer-request": redirect}))
    here = f"localhost:{viewer.port}"
    viewer.send(f"GET / HTTP/1.1\r\nHost: {here}\r\nOrigin: http://{here}\r\n\r\n".encode())
    assert (await viewer.answer())[1]["Location"] == f"http://{here}/other"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "a\\1b", "127.0.0.1.nip.io", "\\g<0>"])
async def test_another_host(edge, connect, host: str) -> None:
    """A request for a host that is not the distribution's gets CloudFront's 403."""
    viewer = await connect(edge(functions={"viewer-request": lambda _: 1 / 0}))
    viewer.send(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    status, headers, body = await viewer.answer()
    assert (status, headers["X-Cache"]) == ("HTTP/1.1 403 Forbidden", "Error from cloudfront")
    assert b"\nBad request.\n" in body


async def test_a_bug_of_the_emulator(edge, connect, caplog) -> None:
    """A bug of the emulator is a 500 with a traceback in the terminal, not one of CloudFront's pages."""
    at = edge()
    at.origin.fail(ZeroDivisionError("a bug"))
    viewer = await connect(at)
    viewer.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert (await viewer.rest()).startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
    assert "ZeroDivisionError: a bug" in caplog.text
