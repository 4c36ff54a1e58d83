"""The embedded AWS: ministack in a process of its own, behind a door, on the loopback interface, with IAM enforced."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import aiohttp

from cloudfront_local.aws import installation, tether
from cloudfront_local.aws.embedded import kept_data, key_value_stores, snapshot, start
from cloudfront_local.aws.embedded.invalidations import NOTE
from cloudfront_local.aws.embedded.signature import Key
from cloudfront_local.aws.endpoint import ACCOUNT_ID, Endpoint
from cloudfront_local.aws.key_value_stores import KeyValueStores
from cloudfront_local.aws.ports import available_port
from cloudfront_local.errors import LocalError

log = logging.getLogger("aws")

# It takes a second. A machine that is busy with something else may need many.
START_SECONDS = 60.0
# For the file that keeps the data, at the end.
WRITE_SECONDS = 30.0


class MinistackError(LocalError):
    """The embedded AWS did not start, or ended. The text ends with the last lines that it wrote."""


@asynccontextmanager
async def running(
    port: int = 0, region: str = "us-east-1", kept_data_file: Path | None = None
) -> AsyncIterator[Ministack]:
    """Starts ministack on a port of 127.0.0.1 (0: a free one), and ends it with its Lambda workers and its files.

    They end, too, if this process is killed. Each start has a new root key. `kept_data_file` keeps the data of tables,
    buckets, user pools and key value stores for the next start; None keeps nothing. The log `aws` has a line for each
    request that the door refuses. Installs ministack first if need be. Raises LocalError, MinistackError.
    """
    python = await installation.python()
    port = available_port(port, "AWS_PORT")
    key = Key(f"AKIA{secrets.token_hex(8).upper()}", secrets.token_urlsafe(30))
    home = tempfile.mkdtemp(prefix="cloudfront-local-aws-")
    endpoint = Endpoint(f"http://127.0.0.1:{port}", region, key)
    invalidations = Invalidations(endpoint)
    stores = KeyValueStores(endpoint)
    with _notes(Path(home, "notes"), invalidations, stores) as notes:
        environment = _environment(home, port, key) | {"NOTES": str(notes), "KEPT_DATA": str(kept_data_file or "")}
        ministack = Ministack(endpoint, _start(python, home, environment), invalidations, stores)
        try:
            await ministack._healthy()
            yield ministack
        finally:
            if kept_data_file:
                await ministack._write_kept_data()
            ministack._end()


class Invalidations:
    """The invalidations of the embedded AWS. `follow` says what happens with each."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._act: Callable[[str, list[str]], None] | None = None
        self._reading: set[asyncio.Task[None]] = set()

    def follow(self, act: Callable[[str, list[str]], None]) -> None:
        """From now on, calls `act` with the distribution's id and the paths of each invalidation."""
        self._act = act

    def noted(self, line: str) -> None:
        """Reads the invalidation that a line names: its distribution's id and its own."""
        distribution_id, invalidation_id = line.split()[1:3]
        task = asyncio.create_task(self._read(distribution_id, invalidation_id))
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    async def _read(self, distribution_id: str, invalidation_id: str) -> None:
        client = self._endpoint.client("cloudfront")
        found = await asyncio.to_thread(client.get_invalidation, DistributionId=distribution_id, Id=invalidation_id)
        if self._act:
            self._act(distribution_id, found["Invalidation"]["InvalidationBatch"]["Paths"].get("Items", []))


@contextmanager
def _notes(fifo: Path, invalidations: Invalidations, stores: KeyValueStores) -> Iterator[Path]:
    """Makes a FIFO, and reads each line that is written to it while the `with` block runs."""
    os.mkfifo(fifo, 0o600)
    # Opened for writing, too: a FIFO without any writer would count as ended.
    reading = os.open(fifo, os.O_RDWR | os.O_NONBLOCK)
    loop = asyncio.get_running_loop()
    loop.add_reader(reading, lambda: _take(os.read(reading, 65536), invalidations, stores))
    try:
        yield fifo
    finally:
        loop.remove_reader(reading)
        os.close(reading)


def _take(lines: bytes, invalidations: Invalidations, stores: KeyValueStores) -> None:
    for line in lines.decode(errors="replace").splitlines():
        if line.startswith(f"{NOTE} "):
            invalidations.noted(line)
        elif line.startswith(f"{key_value_stores.NOTE} "):
            stores.changed(line.split()[1])
        else:
            log.warning("The embedded AWS %s", line)


class Ministack:
    """The running ministack, reached at `endpoint`."""

    def __init__(
        self,
        endpoint: Endpoint,
        process: subprocess.Popen[str],
        invalidations: Invalidations,
        key_value_stores: KeyValueStores,
    ) -> None:
        self.endpoint = endpoint
        self.invalidations = invalidations
        self.key_value_stores = key_value_stores
        self._process = process

    async def keep_data(self) -> None:
        """Keeps the data of tables and buckets as it is now, for `restore_data`."""
        await self._administer("PUT", snapshot.ADDRESS)

    async def restore_data(self) -> None:
        """Puts the data of tables and buckets back that `keep_data` kept."""
        await self._administer("POST", snapshot.ADDRESS)

    async def _write_kept_data(self) -> None:
        """Writes the file that keeps the data, if ministack still runs. It may have ended by itself."""
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            async with asyncio.timeout(WRITE_SECONDS):
                await self._administer("PUT", kept_data.ADDRESS)

    async def _administer(self, method: str, path: str) -> None:
        async with aiohttp.ClientSession(raise_for_status=True, headers=self.endpoint.headers("administer")) as session:
            await session.request(method, f"{self.endpoint.url}{path}")

    async def ended(self) -> None:
        """Waits until ministack has ended by itself, and raises MinistackError."""
        await asyncio.to_thread(self._process.wait)
        raise self._failure("The embedded AWS (ministack) ended by itself.")

    async def _healthy(self) -> None:
        try:
            async with asyncio.timeout(START_SECONDS), aiohttp.ClientSession() as session:
                while not await self._answers(session):
                    if self._process.poll() is not None:
                        raise self._failure("The embedded AWS (ministack) did not start.")
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise self._failure(f"The embedded AWS (ministack) did not answer within {START_SECONDS:.0f} s.") from None

    async def _answers(self, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.get(f"{self.endpoint.url}/_ministack/health") as response:
                return response.status == 200
        except aiohttp.ClientError:
            return False

    def _end(self) -> str:
        """Closes the pipe, which tells the tether to clean up, and waits for that. Returns ministack's last lines."""
        stream = self._process.stdout
        return "" if stream is None or stream.closed else self._process.communicate()[0]

    def _failure(self, sentence: str) -> MinistackError:
        written = self._end().splitlines()
        return MinistackError("\n  ".join([f"{sentence} Its last lines:", *written]) if written else sentence)


def _start(python: str, home: str, environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - both programs are our own
        [sys.executable, "-IS", tether.__file__, home, python, "-I", start.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,  # Ctrl-C in the terminal is for the parent, which then ends it in order.
    )


def _environment(home: str, port: int, key: Key) -> dict[str, str]:
    """ministack's environment. Of the user's, it has PATH only: ministack must not use files outside `home`."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": home,
        "TMPDIR": home,
        "STATE_DIR": f"{home}/state",
        "S3_DATA_DIR": f"{home}/s3",
        "DOCKER_HOST": f"unix://{home}/no-docker",  # It would remove containers that it takes for its own.
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "AUTH": "true",
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "MINISTACK_ACCOUNT_ID": ACCOUNT_ID,
        # ministack takes this key for root. The door verifies its signatures.
        "AWS_ACCESS_KEY_ID": key.id,
        "AWS_SECRET_ACCESS_KEY": key.secret,
        "LOG_LEVEL": "WARNING",
    }
