"""Fixtures for code that talks to HTTP servers: a server that misbehaves on command, and a port that refuses.

A project's tests get them with `pytest_plugins = ["cloudfront_local.testing.servers"]` in `conftest.py`.
"""

from __future__ import annotations

import json
import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import parse_qs

import pytest


@dataclass(frozen=True)
class ReceivedRequest:
    """A request that the server received. Header names are in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int  # the number of its connection: 1 is the first that was made, 2 the second

    @property
    def operation(self) -> str | None:
        """The AWS operation that the request calls, in AWS's JSON protocol or Query protocol."""
        if "x-amz-target" in self.headers:
            return self.headers["x-amz-target"].partition(".")[2]
        return parse_qs(self.body.decode("latin-1")).get("Action", [None])[0]

    @property
    def json(self) -> object:
        return json.loads(self.body)


# Acts on a connection. Returns whether the server reads the next request from it.
Step = Callable[[socket.socket], bool]


class MisbehavingServer:
    """A real HTTP server on a free port of 127.0.0.1 that does what a test tells it to do.

    Each request takes the next step of the server's script; the last step repeats. `to="GetItem"` puts a step into the
    script of one AWS operation; requests for that operation take their steps from that script.

        server.reply(200, b'{"Item": {}}', to="GetItem")    # a well-formed response
        server.reply(503).reply(200, b"{}")                 # 503 for the first request, then 200 for all others
        server.reply(200, b"{}", then_close=True)           # closes without `Connection: close`: a stale connection
        server.send(b"HTTP/1.1 200 OK\\r\\nContent-Le")       # sends these bytes, then closes
        server.send(b"")                                    # closes without a response
        server.reset()                                      # aborts the connection (RST)
        server.slowly(0.3)                                  # sends each response 0.3 s late
        server.hang()                                       # accepts the request, never responds
        server.drip(b"HTTP/1.1 200 OK\\r\\n")                 # sends these bytes, then a byte every 20 ms, for 5 s
        server.speak(b"HTTP/1.1 200 OK\\r\\n")                # sends these bytes now, without a request
        server.requests                                     # the requests that arrived, in order
    """

    def __init__(self) -> None:
        self.requests: list[ReceivedRequest] = []
        self._scripts: dict[str | None, list[Step]] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._delay = 0.0
        self._sockets: list[socket.socket] = []
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                outer._serve(self.request)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = False  # `server_close` then waits for the threads
            request_queue_size = 128

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def reply(
        self,
        status: int = 200,
        body: bytes | str = b"",
        headers: Mapping[str, str] | None = None,
        *,
        then_close: bool = False,
        to: str | None = None,
    ) -> MisbehavingServer:
        """Adds a step: sends a well-formed response."""
        content = body.encode() if isinstance(body, str) else body
        lines = [f"HTTP/1.1 {status} Status", f"Content-Length: {len(content)}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        return self.send("\r\n".join([*lines, "", ""]).encode() + content, then_close=then_close, to=to)

    def send(self, data: bytes, *, then_close: bool = True, to: str | None = None) -> MisbehavingServer:
        """Adds a step: sends exactly these bytes."""

        def step(connection: socket.socket) -> bool:
            connection.sendall(data)
            return not then_close

        return self._add(to, step)

    def reset(self, data: bytes = b"", *, to: str | None = None) -> MisbehavingServer:
        """Adds a step: sends these bytes, then aborts the connection."""

        def step(connection: socket.socket) -> bool:
            connection.sendall(data)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
            return False

        return self._add(to, step)

    def slowly(self, seconds: float) -> MisbehavingServer:
        """From now on, the server waits so many seconds before each response."""
        self._delay = seconds
        return self

    def hang(self, *, to: str | None = None) -> MisbehavingServer:
        """Adds a step: sends nothing and keeps the connection open until the test ends."""

        def step(_: socket.socket) -> bool:
            self._closing.wait()
            return False

        return self._add(to, step)

    def drip(self, beginning: bytes = b"", byte: bytes = b"x", *, to: str | None = None) -> MisbehavingServer:
        """Adds a step: sends the beginning of a response, then one byte every 20 ms for 5 s."""

        def step(connection: socket.socket) -> bool:
            connection.sendall(beginning)
            for _ in range(250):
                if self._closing.wait(0.02):
                    break
                connection.sendall(byte)
            return False

        return self._add(to, step)

    def speak(self, data: bytes) -> None:
        """Sends these bytes at once over every open connection, without a request."""
        with self._lock:
            for connection in self._sockets:
                connection.sendall(data)

    def close(self) -> None:
        """Closes every connection and waits for every thread."""
        self._closing.set()
        self._server.shutdown()
        for connection in self._sockets:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:  # already closed
                continue
        self._server.server_close()
        self._thread.join()

    def _add(self, operation: str | None, step: Step) -> MisbehavingServer:
        self._scripts.setdefault(operation, []).append(step)
        return self

    def _serve(self, connection: socket.socket) -> None:
        with self._lock:
            self._sockets.append(connection)
            number = len(self._sockets)
        try:
            with connection.makefile("rb") as stream:
                while request := _read_request(stream, number):
                    with self._lock:
                        self.requests.append(request)
                        step = self._next_step(request)
                    self._closing.wait(self._delay)
                    if not step(connection):
                        return
        except OSError:  # the client closed the connection
            return

    def _next_step(self, request: ReceivedRequest) -> Step:
        script = self._scripts.get(request.operation) or self._scripts.get(None)
        if not script:
            raise AssertionError(f"the test has no step for {request}")
        return script.pop(0) if len(script) > 1 else script[0]


def _read_request(stream: BinaryIO, connection: int) -> ReceivedRequest | None:
    request_line = stream.readline().decode("latin-1").split()
    if not request_line:
        return None
    headers = {}
    while line := stream.readline().decode("latin-1").strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", 0)))
    return ReceivedRequest(request_line[0], request_line[1], headers, body, connection)


@pytest.fixture
def misbehaving_server() -> Iterator[MisbehavingServer]:
    """A `MisbehavingServer`."""
    server = MisbehavingServer()
    yield server
    server.close()


@pytest.fixture
def refused_port() -> Iterator[int]:
    """A port of 127.0.0.1 that refuses connections. It is bound but not listening: no other program can take it."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        yield reserved.getsockname()[1]
