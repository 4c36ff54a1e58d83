"""A relay with TLS before a plain HTTP server, which imitates distance. It is a process of its own, so that it does not
use the processor time of its clients.

Each port of the relay has a round-trip time in seconds. The relay delays every octet by half of this time in either
direction. The kernel accepts a connection at once, so the relay delays a client's first octets by one more round trip:
a distant server would need it to open the connection.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.artifact import ROOT

HOST = "127.0.0.1"


@contextmanager
def running(upstream: int, certificate: Path, round_trips: Sequence[float]) -> Iterator[list[int]]:
    """Run a relay to the port `upstream` of this machine. Yields its ports, one for each of the round-trip times."""
    with subprocess.Popen(  # noqa: S603 - a program of ours
        [sys.executable, "-m", "benchmarks.relay", str(upstream), str(certificate), *map(str, round_trips)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        if process.stdout is None or process.stdin is None:
            raise RuntimeError("the relay has no pipes")
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.stdin.close()


async def main(upstream: int, certificate: str, *round_trips: float) -> None:
    """Print the ports, and relay until standard input ends."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    encrypted = await _listen(upstream, 0, context)
    ports = [await _listen(encrypted, round_trip) for round_trip in round_trips]
    print(json.dumps(ports), flush=True)  # noqa: T201 - the parent reads it
    await asyncio.to_thread(sys.stdin.read)


async def _listen(target: int, round_trip: float, context: ssl.SSLContext | None = None) -> int:
    """The port of a new server that relays to the port `target`."""

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened = asyncio.get_running_loop().time() + round_trip
        server_reader, server_writer = await asyncio.open_connection(HOST, target)
        with suppress(asyncio.CancelledError):  # the relay ends
            await asyncio.gather(
                _pass_on(reader, server_writer, round_trip / 2, opened),
                _pass_on(server_reader, writer, round_trip / 2, opened),
            )

    server = await asyncio.start_server(relay, HOST, 0, ssl=context)
    return int(server.sockets[0].getsockname()[1])


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float, opened: float) -> None:
    """Write everything that is read, in order and `delay` seconds later, and nothing before `opened` plus `delay`."""
    now = asyncio.get_running_loop().time
    pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def write() -> None:
        while True:
            due, piece = await pieces.get()
            if (pause := due - now()) > 0:
                await asyncio.sleep(pause)
            if not piece:
                return writer.close()
            writer.write(piece)

    writing = asyncio.create_task(write())
    try:
        while piece := await reader.read(1 << 16):
            pieces.put_nowait((max(now(), opened) + delay, piece))
    except OSError:  # the client closed the connection
        pass
    pieces.put_nowait((max(now(), opened) + delay, b""))
    await writing


if __name__ == "__main__":
    upstream, certificate, *round_trips = sys.argv[1:]
    asyncio.run(main(int(upstream), certificate, *map(float, round_trips)))
