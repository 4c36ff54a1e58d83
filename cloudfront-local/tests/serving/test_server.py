"""The server on a real socket passes on every byte of a request and every byte of a response."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from multidict import CIMultiDict

from cloudfront_local.aws.ports import bound
from cloudfront_local.distribution.messages import Response
from cloudfront_local.distribution.policies import CachePolicy, OriginRequestPolicy, Selection
from cloudfront_local.errors import LocalError
from cloudfront_local.serving import body, server

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
        self.own_port: int = writer.get_extra_info("sockname")[1]

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
        runner = await server.start(at.distribution, bound(0, "PORT"))
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
    """The server listens on 127.0.0.1 alone; a port in use is an error that names another one."""
    runner = await server.start(edge().distribution, bound(0, "PORT"))
    ((host, port),) = runner.addresses
    assert host == "127.0.0.1"
    with pytest.raises(
        LocalError, match=rf"^Port {port} is not available: Address already in use\. .* PORT={port + 1}"
    ):
        bound(port, "PORT")
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


def _login(_: Any) -> Any:
    return {"status": "401", "statusDescription": "Unauthorized", "headers": {}}


@pytest.mark.parametrize(
    ("announced", "sent"),
    [("Content-Length: 100000000000000", b"x" * 100_000), ("Content-Length: 2\r\nExpect: 100-continue", b"")],
)
@pytest.mark.parametrize(
    ("method", "host", "status"), [("POST", "localhost", "401"), ("POST", "x", "403"), ("TRACE", "localhost", "403")]
)
async def test_refused_before_the_body(edge, connect, announced, sent, method, host, status) -> None:
    """A request that is refused, by CloudFront or by the viewer-request function, need not send its body."""
    at = edge(functions={"viewer-request": _login}, **FORWARD_ALL)
    viewer = await connect(at)
    viewer.send(f"{method} / HTTP/1.1\r\nHost: {host}\r\n{announced}\r\n\r\n".encode() + sent)
    line, headers, _ = await viewer.answer()
    assert (line.split()[1], headers["Connection"], at.origin.requests) == (status, "close", [])
    assert await viewer.rest() == b""


async def test_a_body_that_was_not_needed(edge, connect) -> None:
    """After a refusal, the connection goes on if the body has arrived with the request."""
    viewer = await connect(edge(functions={"viewer-request": _login}, **FORWARD_ALL))
    for _ in range(2):
        viewer.send(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi")
        assert (await viewer.answer())[0] == "HTTP/1.1 401 Unauthorized"


async def test_the_function_sees_the_body(edge, connect, passes) -> None:
    """A viewer-request function that sees the body runs after the body has arrived."""
    at = edge(functions={"viewer-request": passes["viewer-request"]}, include_body=True, **FORWARD_ALL)
    at.origin.reply()
    viewer = await connect(at)
    viewer.send(b"POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    assert (await viewer.answer())[0] == "HTTP/1.1 100 Continue"
    assert at.events == []
    viewer.send(b"hi")
    assert (await viewer.answer())[0] == "HTTP/1.1 200 OK"
    assert at.events[0]["Records"][0]["cf"]["request"]["body"]["data"] == "aGk="


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"Content-Length: 100000000000000\r\n\r\nx", "413"),
        (b"Content-Length: 268435457\r\nExpect: 100-continue\r\n\r\n", "413"),
    ],
)
async def test_too_large_a_body(edge, connect, caplog, data: bytes, status: str) -> None:
    """A body that announces more than this tool keeps is refused at once; the terminal says why."""
    at = edge(**FORWARD_ALL)
    viewer = await connect(at)
    viewer.send(b"POST / HTTP/1.1\r\nHost: localhost\r\n" + data)
    line, headers, _ = await viewer.answer()
    assert (line.split()[1], headers["Connection"], at.origin.requests) == (status, "close", [])
    assert "larger than 256 MB, the limit of this tool" in caplog.text


@pytest.mark.parametrize(
    ("headers", "beginning", "rest"),
    [
        (b"Content-Length: 10", b"abc", b""),
        (b"Transfer-Encoding: chunked", b"2\r\nhi\r\n", b""),
        (b"Transfer-Encoding: chunked", b"2\r\nhi\r\n", b"ZZ\r\n"),
    ],
    ids=["length", "chunks", "no chunk"],
)
async def test_a_body_that_stops(edge, connect, caplog, monkeypatch, headers, beginning, rest) -> None:
    """A viewer that stops sending its body, or goes on with bytes that are not HTTP, gets 408."""
    monkeypatch.setattr(body, "IDLE_SECONDS", 0.2)
    viewer = await connect(edge(**FORWARD_ALL))
    viewer.send(b"POST / HTTP/1.1\r\nHost: localhost\r\n" + headers + b"\r\n\r\n" + beginning)
    await asyncio.sleep(0.05)
    viewer.send(rest)
    assert (await viewer.answer())[0].startswith("HTTP/1.1 408 ")
    assert "The viewer sent no byte of its body" in caplog.text
    assert "Traceback" not in caplog.text


FEW_FILES = """
import asyncio, logging, resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
from cloudfront_local.aws.ports import bound
from cloudfront_local.distribution.config import DistributionConfig
from cloudfront_local.distribution.headers import EdgeHost
from cloudfront_local.distribution.pipeline import Distribution
from cloudfront_local.serving import server

logging.basicConfig(stream=sys.stderr)

async def main():
    config = DistributionConfig("E", "arn", "d1.cloudfront.net", "", (), {})
    runner = await server.start(Distribution(config, None, None, EdgeHost("v", "p")), bound(0, "PORT"))
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()

asyncio.run(main())
"""


async def test_few_open_files() -> None:
    """With 256 open files, 300 idle connections starve nobody: the oldest are closed, and the terminal says so once."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", FEW_FILES, stdin=pipe, stdout=pipe, stderr=pipe
    )
    assert process.stdout
    port = int(await process.stdout.readline())
    idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(300)]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: other\r\n\r\n")
    async with asyncio.timeout(GIVE_UP):
        assert (await reader.readline()).startswith(b"HTTP/1.1 403 ")
        assert await idle[0][0].read() == b""
    for _, each in [*idle, (reader, writer)]:
        each.close()
    _, errors = await process.communicate(b"")  # the end of its standard input ends the program
    assert errors.decode().count("the oldest idle ones are closed") == 1
    assert b"Traceback" not in errors


def test_open_files_are_raised() -> None:
    """A soft limit of 256 open files is raised to the hard limit, and to no more than 65,536."""
    program = (
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (256, 1024));"
        "from cloudfront_local.serving import open_files; print(open_files.raised(), open_files.raised())"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "1024 1024\n"


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
        (b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n", "414"),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 32_750 + b"\r\n", "494"),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 200_000 + b"\r\n", "494"),
        (b"GET / HTTP/1.1\r\n" + b"X" * 200_000 + b": x\r\n", "494"),
        (b"GET / HTTP/1.1\r\n" + b"X: x\r\n" * 8_000, "494"),
        (b"NONSENSE\r\n", "400"),
        (b"OPTIONS * HTTP/1.1\r\n", "400"),
        (b"CONNECT example.org:443 HTTP/1.1\r\n", "400"),
        (b"GET /a#b HTTP/1.1\r\n", "400"),
    ],
)
async def test_refused_and_closed(edge, connect, line: bytes, status: str) -> None:
    """After some refusals, CloudFront closes the connection."""
    viewer = await connect(edge())
    viewer.send(line + b"Host: localhost\r\n\r\n")
    head, _, page = (await viewer.rest()).decode().partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    assert first.startswith(f"HTTP/1.1 {status} ")
    assert headers["Connection"] == "close"
    assert headers["X-Cache"] == "Error from cloudfront"
    assert headers["Via"] == "1.1 0123456789abcdef.cloudfront.net (CloudFront)"
    assert f"Generated by cloudfront (CloudFront)\nRequest ID: {headers['X-Amz-Cf-Id']}\n" in page


async def test_many_headers(edge, connect) -> None:
    """CloudFront bounds the bytes of the headers, not their number."""
    at = edge(**FORWARD_ALL)
    at.origin.reply()
    viewer = await connect(at)
    viewer.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: x\r\n" * 5_000 + b"\r\n")
    assert (await viewer.answer())[0] == "HTTP/1.1 200 OK"
    assert len(at.origin.requests[0].headers.getall("X")) == 5_000


async def test_no_secret_of_a_long_request(edge, connect, caplog) -> None:
    """The terminal shows nothing of a URL or a header that is too long."""
    for line in (b"GET /?token=" + b"s3cret" * 10_000, b"GET / HTTP/1.1\r\nCookie: " + b"s3cret" * 10_000):
        viewer = await connect(edge())
        viewer.send(line)
        await viewer.rest()
    assert [message[:3] for message in caplog.messages] == ["414", "494"]
    assert "s3cret" not in caplog.text


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


async def test_chosen_viewer(edge, connect) -> None:
    """A request's own header chooses the viewer's country. The origin gets the address of the viewer's connection."""
    names = frozenset({"cloudfront-viewer-country", "cloudfront-viewer-address"})
    headers = Selection("allViewerAndWhitelistCloudFront", names)
    at = edge(origin_request_policy=OriginRequestPolicy(headers))
    at.origin.reply()
    viewer = await connect(at)
    viewer.send(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Local-Viewer-Country: NZ\r\n\r\n")
    await viewer.answer()
    sent = at.origin.requests[0].headers
    assert sent["CloudFront-Viewer-Country"] == "NZ"
    assert sent["CloudFront-Viewer-Address"] == f"127.0.0.1:{viewer.own_port}"
    assert "X-Local-Viewer-Country" not in sent


async def test_no_such_viewer(edge, connect, caplog) -> None:
    """A viewer that there cannot be is a 400, with the reason in the body and in the terminal."""
    viewer = await connect(edge(functions={"viewer-request": lambda _: 1 / 0}))
    viewer.send(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Local-Viewer-Country: <b>\r\n\r\n")
    status, _, body = await viewer.answer()
    reason = "is not a country. Give a two-letter code of ISO 3166-1, such as NZ."
    assert status == "HTTP/1.1 400 Bad Request"
    assert f"The request header X-Local-Viewer-Country: '&lt;b&gt;' {reason}" in body.decode()
    assert caplog.messages == [f"400 The request header X-Local-Viewer-Country: '<b>' {reason}"]


async def test_a_bug_of_the_emulator(edge, connect, caplog) -> None:
    """A bug of the emulator is a 500 with a traceback in the terminal, not one of CloudFront's pages."""
    at = edge()
    at.origin.fail(ZeroDivisionError("a bug"))
    viewer = await connect(at)
    viewer.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert (await viewer.rest()).startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
    assert "ZeroDivisionError: a bug" in caplog.text
