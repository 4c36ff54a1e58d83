"""A function under test: a folder holds its source, and a real EdgeRuntime runs it in real processes."""

import asyncio
import datetime
import shutil
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from cloudfront_local.distribution.failure import FunctionFailed
from cloudfront_local.errors import LocalError
from cloudfront_local.lambda_edge import interpreter
from cloudfront_local.lambda_edge.artifact import Artifact
from cloudfront_local.lambda_edge.credentials import Credentials
from cloudfront_local.lambda_edge.debug import NO_DEBUG
from cloudfront_local.lambda_edge.edge import EdgeRuntime
from cloudfront_local.lambda_edge.function import Function
from cloudfront_local.lambda_edge.source_folder import Source


class FunctionUnderTest:
    """A function whose build copies the source, and fails if the source has a file `broken`, which may hold
    the build's output. It notes every call."""

    arn = "arn:aws:lambda:us-east-1:123456789012:function:shop-Greeter-1A2B:7"
    role = "arn:aws:iam::123456789012:role/greeter"
    region = "ap-southeast-2"
    endpoint_url = "http://127.0.0.1:4566"

    def __init__(self, folder: Path) -> None:
        self.source = folder / "source"
        self.builds = folder / "builds"
        self.handler = "app.handler.handler"
        self.file = "app/handler.py"
        self.runtime = "python3.13"
        self.program = sys.executable
        self.timeout = 10.0
        self.concurrency = 4
        self.lifetime = datetime.timedelta(hours=1)
        self.now = datetime.datetime(2026, 11, 22, 12, 0, tzinfo=datetime.UTC)
        self.printed: list[tuple[str, str, str]] = []
        self.looked_up: list[str] = []
        self.assumed: list[str] = []
        self.built = 0
        self.may_build = asyncio.Event()
        self.may_build.set()
        self.refused: Exception | None = None
        self.misplaced = False
        self.debug = NO_DEBUG
        self.source.mkdir()
        self.builds.mkdir()

    def write(self, code: str, name: str = "") -> None:
        """Writes a file of the source, by default that of the handler."""
        path = self.source / (name or self.file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code)

    @property
    def lines(self) -> list[str]:
        return [line for _, _, line in self.printed]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[EdgeRuntime]:
        runtime = EdgeRuntime(
            self._resolve,
            self.assume_role,
            region=self.region,
            endpoint_url=self.endpoint_url,
            console=lambda *line: self.printed.append(line),
            concurrency=self.concurrency,
            clock=lambda: self.now,
            debug=self.debug,
        )
        self.artifact = Artifact(
            Source(self.source), self.build, scratch=self.builds, clock=lambda: self.now.timestamp()
        )
        try:
            yield runtime
        finally:
            await runtime.close()

    async def invoke(self, event: object = None) -> object:
        """Calls the function once, in a new runtime. Returns its result."""
        async with self.running() as runtime:
            return await runtime.invoke(self.arn, event)

    async def failure(self, runtime: EdgeRuntime, event: object = None) -> tuple[str, str]:
        """Calls the function, and expects it to fail. Returns the kind and the message of the failure."""
        with pytest.raises(FunctionFailed) as caught:
            await runtime.invoke(self.arn, event)
        return caught.value.kind, caught.value.message

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not condition():  # noqa: ASYNC110 - files and processes set no events
                await asyncio.sleep(0.01)

    async def _resolve(self, arn: str) -> Function:
        self.looked_up.append(arn)
        await asyncio.sleep(0)
        if arn != self.arn:
            raise LookupError("Function not found")
        configuration = (self.handler, self.runtime, self.timeout, 128, self.role)
        return Function(self.arn, *configuration, self.artifact, program=self.program)

    async def assume_role(self, role: str) -> Credentials:
        self.assumed.append(role)
        key = f"ASIA{len(self.assumed)}"
        await asyncio.sleep(0)
        if self.refused:
            raise self.refused
        return {
            "AccessKeyId": key,
            "SecretAccessKey": "secret",
            "SessionToken": "token",
            "Expiration": self.now + self.lifetime,
        }

    async def build(self, folder: Path) -> Path:
        self.built += 1
        await self.may_build.wait()
        if (self.source / "broken").exists():
            raise LocalError((self.source / "broken").read_text() or "Building\nError: app is broken")
        if not self.misplaced:
            await self.copy_source(folder / "Greeter")
        return folder / "Greeter"

    async def copy_source(self, target: Path) -> None:
        shutil.copytree(self.source, target, ignore=shutil.ignore_patterns("unrelated"))


@pytest.fixture
def function(tmp_path: Path) -> FunctionUnderTest:
    return FunctionUnderTest(tmp_path)


@pytest.fixture
def node(function: FunctionUnderTest) -> FunctionUnderTest:
    """A function in Node.js, run by the `node` of this machine."""
    _, path = interpreter.node()
    if path is None:
        pytest.skip("this machine has no `node`")
    function.runtime, function.program = "nodejs22.x", path
    function.handler, function.file = "index.handler", "index.js"
    return function


class Witness:
    """Notices when processes start and end. They hold a connection to it; the system closes the connection when the
    last of them ends."""

    # A handler that opens a connection, starts a process that holds it, too, and sleeps.
    sleeper = """
import socket, subprocess, time
def handler(event, context):
    held = socket.create_connection(("127.0.0.1", event["port"]))
    subprocess.Popen(["sleep", "60"], pass_fds=[held.fileno()])
    held.sendall(b"here")
    time.sleep(event.get("seconds", 60))
"""

    def __init__(self) -> None:
        self._arrivals: asyncio.Queue[asyncio.StreamReader] = asyncio.Queue()
        self._writers: list[asyncio.StreamWriter] = []

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.event = {"port": server.sockets[0].getsockname()[1]}
        yield
        server.close()
        for writer in self._writers:
            writer.close()
        await server.wait_closed()

    async def arrival(self) -> asyncio.StreamReader:
        async with asyncio.timeout(30):
            connection = await self._arrivals.get()
            await connection.readexactly(4)
            return connection

    async def death(self, connection: asyncio.StreamReader) -> None:
        async with asyncio.timeout(30):
            assert await connection.read() == b""

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        self._arrivals.put_nowait(reader)


@pytest.fixture
async def witness() -> AsyncIterator[Witness]:
    witness = Witness()
    async with witness.listening():
        yield witness


@pytest.fixture
def open_descriptors() -> Callable[[], int]:
    """Counts the file descriptors that this process has open."""
    return lambda: len(list(Path("/dev/fd").iterdir()))
