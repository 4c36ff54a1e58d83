"""`python -m benchmarks.https`: hits a second over TLS, beside plain HTTP.

A process of its own serves the same cached page on both ports. The two are measured in turn, in one run, and the
connections are kept. Run nothing else on the machine meanwhile. Run the command in the folder `cloudfront-local`.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import ssl
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks import load, signed
from cloudfront_local.aws.ports import bound
from cloudfront_local.serving import certificates, server
from cloudfront_local.serving.server import Https

CONNECTIONS = 16


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.https", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="measurements of each port (default: 20)")
    parser.add_argument("--seconds", type=float, default=1.0, help="the length of a measurement (default: 1)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as (http, https):
        trust = ssl.create_default_context(cafile=str(Path(folder, certificates.CERTIFICATE)))
        plain, secure = [], []
        for _ in range(arguments.rounds):
            plain.append(rate(http, arguments.seconds, None))
            secure.append(rate(https, arguments.seconds, trust))
    ratio = statistics.median(over / under for over, under in zip(secure, plain, strict=True))
    print(f"hits a second, {CONNECTIONS} connections: HTTP {statistics.median(plain):.0f}, ", end="")
    print(f"TLS {statistics.median(secure):.0f}, ratio {ratio:.2f}")


def rate(port: int, seconds: float, trust: ssl.SSLContext | None) -> float:
    result = asyncio.run(load.run(port, "/page", CONNECTIONS, seconds, trust))
    if result.errors:
        raise RuntimeError(f"{result.errors} responses were not 200.")
    return result.rate


@contextmanager
def serving(folder: Path) -> Iterator[tuple[int, int]]:
    """The ports for HTTP and HTTPS of a server in a process of its own. `folder` gets the certificate authority."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=serve, args=(folder, there), daemon=True)
    process.start()
    try:
        http, https = here.recv()
        yield http, https
    finally:
        process.terminate()
        process.join()


def serve(folder: Path, ports: Connection) -> None:
    """Serves until the process ends, and sends its ports."""
    logging.basicConfig(level=logging.INFO, filename=os.devnull)  # `serve` writes a line for each request, too.
    os.environ[certificates.VARIABLE] = str(folder)
    asyncio.run(_serve(ports))


async def _serve(ports: Connection) -> None:
    context, _ = certificates.server_context([])
    runner = await server.start(signed.distribution(), bound(0, "PORT"), https=Https(bound(0, "HTTPS_PORT"), context))
    ports.send([int(address[1]) for address in runner.addresses])
    await asyncio.Event().wait()


if __name__ == "__main__":
    main()
