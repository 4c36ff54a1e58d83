"""A load generator: viewers that ask for one path, each on a connection of its own, one request after the other."""

from __future__ import annotations

import asyncio
import ssl
import time
from dataclasses import dataclass, field

# demo:demo in base64.
REQUEST = b"GET %s HTTP/1.1\r\nHost: localhost:%d\r\nAuthorization: Basic ZGVtbzpkZW1v\r\n\r\n"
TIMEOUT = 90.0


@dataclass
class Result:
    """`latencies` are seconds, in ascending order; `seconds` is the length of the run. `errors` counts the responses
    that were not 200."""

    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0
    errors: int = 0

    def percentile(self, share: float) -> float:
        """The latency, in milliseconds, that this share of the requests kept (0.5 is the median)."""
        return self.latencies[min(len(self.latencies) - 1, int(len(self.latencies) * share))] * 1000

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.latencies) / self.seconds


class Viewer(asyncio.Protocol):
    """One connection. It sends a request as soon as the response to the last one is complete, until `until`."""

    def __init__(self, request: bytes, until: float, result: Result) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._request = request
        self._until = until
        self._result = result
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - TCP
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end or len(body) < int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]):
            return
        self._result.latencies.append(time.perf_counter() - self._asked_at)
        self._result.errors += head[9:12] != b"200"
        self._received = b""
        if time.perf_counter() < self._until:
            self._ask()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            if exc or not self._result.latencies:
                self.done.set_exception(exc or ConnectionError("The server closed the connection."))
            else:
                self.done.set_result(None)

    def _ask(self) -> None:
        self._asked_at = time.perf_counter()
        self._transport.write(self._request)


async def run(port: int, path: str, connections: int, seconds: float, trust: ssl.SSLContext | None = None) -> Result:
    """Asks for `path` on `connections` connections for `seconds`; 0 asks once on each. With `trust`, over TLS."""
    result = Result()
    began = time.perf_counter()

    async def view() -> None:
        request = REQUEST % (path.encode(), port)
        _, viewer = await asyncio.get_running_loop().create_connection(
            lambda: Viewer(request, began + seconds, result), "127.0.0.1", port, ssl=trust
        )
        await viewer.done

    async with asyncio.timeout(seconds + TIMEOUT):
        await asyncio.gather(*(view() for _ in range(connections)))
    result.seconds = time.perf_counter() - began
    result.latencies.sort()
    return result
