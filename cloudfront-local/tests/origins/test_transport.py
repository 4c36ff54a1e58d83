"""Requests to custom origins over real sockets: the bytes that are sent, and the results of failures."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from multidict import CIMultiDict

from cloudfront_local.distribution.messages import Request
from cloudfront_local.distribution.origin import CustomOrigin, S3Origin
from cloudfront_local.distribution.pages import OriginFailed
from cloudfront_local.origins.transport import Transport

CONNECT, RESOLVE = (
    "CloudFront wasn't able to connect to the origin.",
    ("CloudFront wasn't able to resolve the origin domain name."),
)
CLOSED = (
    "CloudFront attempted to establish a connection with the origin, but either the attempt failed or the origin "
    "closed the connection."
)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture
async def transport() -> AsyncIterator[Transport]:
    """A transport for origins at their own addresses, without an embedded AWS."""
    transport = Transport("http://127.0.0.1:9")
    yield transport
    await transport.close()


class RawOrigin:
    """A server that records the bytes of each request and always answers with the same bytes."""

    def __init__(self, answer: bytes) -> None:
        self.received = b""
        self.answer = answer

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await self._head(reader):
            lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
            body = await reader.readexactly(int(lengths[0].split(b":")[1]) if lengths else 0)
            self.received += head + body
            writer.write(self.answer)
        writer.close()

    async def _head(self, reader: asyncio.StreamReader) -> bytes:
        try:
            return await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return b""


Serve = Callable[[bytes], Awaitable[tuple[RawOrigin, CustomOrigin]]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts an origin that answers with these bytes."""
    servers = []

    async def start(answer: bytes = OK) -> tuple[RawOrigin, CustomOrigin]:
        raw = RawOrigin(answer)
        server = await asyncio.start_server(raw.serve, "127.0.0.1", 0)
        servers.append(server)
        return raw, origin_at(server.sockets[0].getsockname()[1])

    yield start
    for server in servers:
        server.close()


def origin_at(port: int, **parts: int) -> CustomOrigin:
    return CustomOrigin(domain_name="127.0.0.1", protocol="http", port=port, **parts)


def request(method: str = "GET", uri: str = "/", querystring: str = "", body: bytes = b"", **headers: str) -> Request:
    sent = CIMultiDict([("Host", "example.org"), *headers.items()])
    return Request(method, uri, querystring, sent, body)


async def test_sent_as_it_is(transport, serve) -> None:
    """Path, query, Host and headers are sent unchanged, in order, and no other headers are added."""
    raw, origin = await serve()
    headers = CIMultiDict([("host", "other.example.org"), ("x-b", "1"), ("X-A", "é"), ("X-B", "2"), ("x-b", "")])
    await transport.send(Request("GET", "//a/../b/./%7e%2F+&;='()", "x=%20+&&y=[1]|", headers), origin)
    assert raw.received.decode() == (
        "GET //a/../b/./%7e%2F+&;='()?x=%20+&&y=[1]| HTTP/1.1\r\n"
        "host: other.example.org\r\nx-b: 1\r\nX-A: é\r\nx-b: 2\r\nx-b: \r\n\r\n"
    )


@pytest.mark.parametrize(
    ("method", "body", "length"),
    [
        ("GET", b"", None),
        ("HEAD", b"", None),
        ("OPTIONS", b"", None),
        ("DELETE", b"", "0"),
        ("DELETE", b"x", "1"),
        ("POST", b"", "0"),
        ("PUT", b"\x00\xff", "2"),
        ("PATCH", b"x" * 3_000_000, "3000000"),
    ],
)
async def test_body(transport, serve, method: str, body: bytes, length: str | None) -> None:
    """Content-Length is the length of the body, even if the request's headers say otherwise."""
    raw, origin = await serve()
    sent = request(method, body=body, **{"Transfer-Encoding": "chunked", "content-length": "77"})
    await transport.send(sent, origin)
    head, _, received = raw.received.partition(b"\r\n\r\n")
    assert head.decode().split("\r\n") == [
        f"{method} / HTTP/1.1",
        "Host: example.org",
        *([f"Content-Length: {length}"] if length else []),
    ]
    assert received == body


async def test_received_as_it_is(transport, serve) -> None:
    """The body is not decoded and no redirect is followed. Headers keep their form; Latin-1 values are decoded."""
    _, origin = await serve(
        b"HTTP/1.1 302 Over There\r\nlocation: /x\r\nContent-Encoding: gzip\r\nset-cookie: a=1\r\nSet-Cookie: b=2\r\n"
        b"X-Latin: caf\xe9\r\nX-Utf-8: caf\xc3\xa9\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x00\x00"
    )
    response = await transport.send(request(**{"Accept-Encoding": "gzip"}), origin)
    assert (response.status, response.reason, response.body) == (302, "Over There", b"\x1f\x8b\x00\x00")
    assert list(response.headers.items()) == [
        ("location", "/x"),
        ("Content-Encoding", "gzip"),
        ("set-cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("X-Latin", "café"),
        ("X-Utf-8", "café"),
        ("Content-Length", "4"),
    ]


async def test_chunked(transport, serve) -> None:
    """A chunked body arrives in one piece, and the response keeps Transfer-Encoding."""
    _, origin = await serve(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
    response = await transport.send(request(), origin)
    assert (response.body, list(response.headers.items())) == (b"abcde", [("Transfer-Encoding", "chunked")])


async def test_head(transport, serve) -> None:
    """The answer to a HEAD keeps the Content-Length of a GET."""
    _, origin = await serve(b"HTTP/1.1 200 OK\r\nContent-Length: 12345\r\nContent-Encoding: gzip\r\n\r\n")
    response = await transport.send(request("HEAD"), origin)
    assert (response.body, response.headers["Content-Length"]) == (b"", "12345")


async def test_connections_are_kept(transport, misbehaving_server) -> None:
    """Requests share a connection. A GET is sent again if the origin has closed the idle connection."""
    origin = origin_at(misbehaving_server.port)
    misbehaving_server.reply(200).reply(200, then_close=True).reply(200)
    for _ in range(3):
        await transport.send(request(), origin)
        await asyncio.sleep(0.05)  # lets the closing arrive
    assert [received.connection for received in misbehaving_server.requests] == [1, 1, 2]


@pytest.mark.parametrize(("seconds", "connections"), [(1, [1, 2]), (5, [1, 1])])
async def test_keepalive_timeout(transport, misbehaving_server, seconds: int, connections: list[int]) -> None:
    """An idle connection is kept as long as the origin says."""
    origin = replace(origin_at(misbehaving_server.port), keepalive_timeout=seconds)
    misbehaving_server.reply(200).reply(200)
    await transport.send(request(), origin)
    await asyncio.sleep(1.1)
    await transport.send(request(), origin)
    assert [received.connection for received in misbehaving_server.requests] == connections


async def test_large_headers(transport, serve) -> None:
    """A header of an origin's response may have 30 KB."""
    _, origin = await serve(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: " + b"x" * 30_000 + b"\r\n\r\n")
    assert len((await transport.send(request(), origin)).headers["X"]) == 30_000


async def test_aws_hosts() -> None:
    """Requests to hosts of AWS go to the embedded AWS. Host is unchanged; X-Forwarded-Proto is the protocol."""
    raw = RawOrigin(OK)
    server = await asyncio.start_server(raw.serve, "127.0.0.1", 0)
    transport = Transport(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    for origin in (
        S3Origin(domain_name="site.s3.eu-west-1.amazonaws.com", region="eu-west-1"),
        CustomOrigin(domain_name="abc.lambda-url.us-east-1.on.aws"),
        CustomOrigin(domain_name="site.s3.eu-west-1.amazonaws.com", protocol="http", port=80),
    ):
        await transport.send(request(), origin)
    await transport.close()
    server.close()
    assert raw.received.decode() == "".join(
        f"GET / HTTP/1.1\r\nHost: example.org\r\nX-Forwarded-Proto: {protocol}\r\n\r\n"
        for protocol in ("https", "https", "http")
    )


# ── No answer ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def failed(
    transport: Transport, origin: CustomOrigin, asked: Request | None = None, failover: int | None = None
) -> tuple[int, str]:
    """The status and the sentence of the failure. Its failover status is `failover`, else the status."""
    with pytest.raises(OriginFailed) as caught:
        await transport.send(asked or request(), origin)
    assert caught.value.failover_status == (failover or caught.value.status)
    return caught.value.status, caught.value.sentence


async def test_refused(transport, refused_port, caplog) -> None:
    """A refused connection gives a 502, and the terminal names the origin."""
    assert await failed(transport, origin_at(refused_port), failover=503) == (502, CONNECT)
    assert caplog.messages[0].startswith(
        f"Origin 127.0.0.1:{refused_port}: no connection; check the port, and that the origin runs"
    )


async def test_unresolved(transport) -> None:
    """A domain name that does not resolve gives a 502."""
    assert await failed(transport, CustomOrigin(domain_name="nobody.invalid"), failover=503) == (502, RESOLVE)


async def test_no_tls(transport) -> None:
    """An https origin that does not use TLS gives a 502."""

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        origin = CustomOrigin(domain_name="127.0.0.1", port=server.sockets[0].getsockname()[1])
        assert await failed(transport, origin, failover=503) == (502, CONNECT)


@pytest.fixture
def certificate(tmp_path, monkeypatch) -> str:
    """The file of a certificate, with its key, for localhost. This process trusts it."""
    path = str(tmp_path / "localhost.pem")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    options = ["-addext", "subjectAltName=DNS:localhost", "-keyout", path, "-out", f"{path}.cert"]
    subprocess.run([*command, *options], check=True, capture_output=True)
    Path(path).write_text(Path(path).read_text() + Path(f"{path}.cert").read_text())
    monkeypatch.setenv("SSL_CERT_FILE", f"{path}.cert")
    return path


V1_1, V1_2, V1_3 = ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize(
    ("spoken", "protocols", "status"),
    [
        (V1_2, ("TLSv1.2",), 200),
        (V1_1, ("TLSv1.2",), 502),
        (V1_1, ("TLSv1.1", "TLSv1.2"), 200),
        (V1_1, ("SSLv3", "TLSv1", "TLSv1.1"), 200),
        (V1_2, ("TLSv1", "TLSv1.1"), 502),
        (V1_3, ("TLSv1.2",), 502),
    ],
)
async def test_ssl_protocols(transport, certificate, caplog, spoken, protocols, status: int) -> None:
    """The connection uses a TLS version among the origin's SSL protocols. Without one in common, it fails."""
    server_side = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server_side.load_cert_chain(certificate)
    server_side.minimum_version = server_side.maximum_version = spoken
    server_side.set_ciphers("DEFAULT:@SECLEVEL=0")
    async with await asyncio.start_server(RawOrigin(OK).serve, "127.0.0.1", 0, ssl=server_side) as server:
        port = server.sockets[0].getsockname()[1]
        origin = CustomOrigin(domain_name="localhost", port=port, ssl_protocols=protocols, connection_attempts=1)
        if status == 200:
            assert (await transport.send(request(), origin)).status == 200
        else:
            assert await failed(transport, origin, failover=503) == (502, CONNECT)
            (line,) = caplog.messages
            assert line.startswith(f"Origin localhost:{port}: ")
            assert "<ssl" not in line
        await transport.close()


@pytest.mark.parametrize(("method", "attempts"), [("GET", 2), ("HEAD", 2), ("POST", 1), ("DELETE", 1)])
async def test_timeout(transport, misbehaving_server, caplog, method: str, attempts: int) -> None:
    """A timeout gives a 504. GET and HEAD are first repeated, up to the configured number of attempts."""
    misbehaving_server.hang()
    # Time enough for the server to have read the request, on a machine that has others to serve.
    origin = origin_at(misbehaving_server.port, read_timeout=0.5, connection_attempts=2)
    assert await failed(transport, origin, request(method)) == (504, CLOSED)
    assert len(misbehaving_server.requests) == attempts
    assert caplog.messages == [
        f"Origin 127.0.0.1:{misbehaving_server.port}: no complete answer within the response timeout. "
        "(SocketTimeoutError)"
    ]


async def test_an_attempt_that_succeeds(transport, misbehaving_server) -> None:
    """If the second attempt succeeds, the viewer gets its answer."""
    misbehaving_server.hang().reply(200, b"hello")
    origin = origin_at(misbehaving_server.port, read_timeout=0.2)
    assert (await transport.send(request(), origin)).body == b"hello"


async def test_slow_answer(transport, misbehaving_server) -> None:
    """An answer that takes longer than the response completion timeout gives a 504."""
    misbehaving_server.drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    origin = origin_at(misbehaving_server.port, response_completion_timeout=0.1, connection_attempts=1)
    assert await failed(transport, origin) == (504, CLOSED)


@pytest.mark.parametrize(
    ("data", "status", "sentence"),
    [
        (b"", 502, CLOSED),
        (b"HTTP/1.1 200 OK\r\nX: secret\r\nContent-Le", 502, CLOSED),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", 502, CLOSED),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nha", 502, CLOSED),
        (b"SSH-2.0-OpenSSH_9.6\r\n", 502, CONNECT),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: " + b"secret" * 6_000 + b"\r\n\r\n", 502, CONNECT),
    ],
)
async def test_half_answers(transport, misbehaving_server, caplog, data: bytes, status: int, sentence: str) -> None:
    """An answer that is incomplete or not valid HTTP gives a 502."""
    misbehaving_server.send(data)
    asked = request("POST", querystring="token=secret")
    assert await failed(transport, origin_at(misbehaving_server.port), asked) == (status, sentence)
    assert len(caplog.messages) == 1
    assert "secret" not in caplog.text


async def test_reset(transport, misbehaving_server) -> None:
    """An aborted connection gives a 502."""
    misbehaving_server.reset()
    assert await failed(transport, origin_at(misbehaving_server.port), request("POST")) == (502, CLOSED)
