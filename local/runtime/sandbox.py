"""One process that runs a function: initialised once, then one request at a time, as a Lambda execution environment."""

import asyncio
import functools
import importlib.util
import json
import os
import secrets
import signal
import socket
import sys
import time
import uuid
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, NoReturn

from local.runtime.artifact import Build
from local.runtime.bootstrap import RESULT
from local.runtime.credentials import Credentials
from local.runtime.function import FunctionFailed, Kind
from local.runtime.output import Console, Output
from local.runtime.replica import BOOTSTRAP, Replica

# Lambda Developer Guide, "Lambda execution environment": the Init phase is limited to 10 seconds. Lambda tries once
# more then, on the function's own time; we tell the developer instead.
INIT_TIMEOUT = 10.0

# What the managed Python runtime carries beside the standard library: the SDK and what it needs.
PACKAGES = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3")

# A Python built with a shared library may need these to start at all. The function does not see them.
LOADER_VARIABLES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FRAMEWORK_PATH")


@functools.cache
def package_folders() -> dict[str, str]:
    """Where this Python finds each of PACKAGES; those that are not installed are left out."""
    specs = {name: importlib.util.find_spec(name) for name in PACKAGES}
    origins = {name: Path(spec.origin) for name, spec in specs.items() if spec and spec.origin}
    # A package's origin is its __init__.py, a module's (six) the module.
    return {
        name: str(origin.parent.parent if origin.name == "__init__.py" else origin.parent)
        for name, origin in origins.items()
    }


class Sandbox:
    """Made by `spawn`, ready after `initialise`, over when `ended` is done."""

    def __init__(
        self,
        replica: Replica,
        build: Build,
        credentials: Credentials,
        process: asyncio.subprocess.Process,
        channel: socket.socket,
        output: Output,
    ) -> None:
        self.build = build
        self.credentials = credentials
        self._replica = replica
        self._process = process
        self._channel = channel
        self._output = output
        self._killed = False
        self._in_use = asyncio.Lock()
        self.ended = asyncio.create_task(self._clean_up())

    @classmethod
    async def spawn(cls, replica: Replica, build: Build, credentials: Credentials, console: Console) -> "Sandbox":
        """Starts the process, as the leader of its own group, and nothing of the function yet."""
        build.hold()
        with ExitStack() as undo:
            undo.callback(build.release)
            channel, theirs = socket.socketpair()
            undo.callback(channel.close)
            reading, writing = os.pipe()
            undo.callback(os.close, reading)
            try:
                process = await _start(theirs.fileno(), writing, build.folder)
            finally:
                theirs.close()
                os.close(writing)
            undo.pop_all()  # from here on `_clean_up` does it
        channel.setblocking(False)
        return cls(replica, build, credentials, process, channel, Output(reading, replica.function.name, console))

    @property
    def alive(self) -> bool:
        return not self._killed and self._process.returncode is None

    async def initialise(self) -> None:
        """Loads the handler. Raises FunctionFailed of kind "init" or "exit"; the sandbox is then of no use."""
        environment = self._replica.environment(self.build.folder, self.credentials)
        message = {"environment": environment, "packages": package_folders()}
        async with self._in_use:
            kind, payload = await self._exchange(message, INIT_TIMEOUT, "init", "Init phase")
        if kind != RESULT:
            self.kill()
            self._raise_described("init", payload)

    async def invoke(self, event: object) -> Any:
        """The handler's result. Raises FunctionFailed; only after the kind "error" is the sandbox of further use."""
        request_id = str(uuid.uuid4())
        async with self._in_use:
            self._output.request_id = request_id
            try:
                message = self._request(request_id, event)
                kind, payload = await self._exchange(message, self._replica.function.timeout, "timeout", "Task")
            finally:
                self._output.request_id = ""
        if kind != RESULT:
            self._raise_described("error", payload)
        try:
            return json.loads(payload, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            message_text = f"the result is not JSON: {error}"
            raise FunctionFailed("invalid result", self._replica.function.name, message_text) from error

    def kill(self) -> None:
        """Ends the process and all that it started, at once. `ended` says when that is done."""
        self._killed = True
        if not self.ended.done():
            # Gone already; or, on macOS, nothing but zombies left in the group.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _request(self, request_id: str, event: object) -> dict[str, object]:
        now = time.time()
        return {
            "request_id": request_id,
            "arn": self._replica.arn,
            "trace_id": f"Root=1-{int(now):08x}-{secrets.token_hex(12)};Parent={secrets.token_hex(8)};Sampled=0",
            "deadline_ms": int((now + self._replica.function.timeout) * 1000),
            "event": event,
        }

    async def _exchange(self, message: object, seconds: float, timeout_kind: Kind, what: str) -> tuple[bytes, bytes]:
        """Sends `message`, returns the kind and the payload of the answer. All that was printed has been relayed then.

        A process that did not answer in full cannot be asked again: it is killed.
        """
        try:
            async with asyncio.timeout(seconds):
                return await self._ask(json.dumps(message).encode())
        except TimeoutError:
            self.kill()
            text = f"{what} timed out after {seconds:.2f} seconds"
            raise FunctionFailed(timeout_kind, self._replica.function.name, text) from None
        except BaseException:
            self.kill()
            raise
        finally:
            self._output.drain()

    async def _ask(self, message: bytes) -> tuple[bytes, bytes]:
        loop = asyncio.get_running_loop()
        try:
            await loop.sock_sendall(self._channel, len(message).to_bytes(4, "big") + message)
            answer = await self._receive(int.from_bytes(await self._receive(4), "big"))
        except (EOFError, ConnectionError):
            text = f"Runtime.ExitError: {_exit_text(await self._process.wait())}"
            raise FunctionFailed("exit", self._replica.function.name, text) from None
        return answer[:1], answer[1:]

    async def _receive(self, length: int) -> bytes:
        received = bytearray(length)
        rest = memoryview(received)
        while rest:
            count = await asyncio.get_running_loop().sock_recv_into(self._channel, rest)
            if not count:
                raise EOFError
            rest = rest[count:]
        return bytes(received)

    def _raise_described(self, kind: Kind, payload: bytes) -> NoReturn:
        error = json.loads(payload)
        message = f"{error['errorType']}: {error['errorMessage']}".removesuffix(": ")
        trace = "".join(error["stackTrace"])
        detail = f"Traceback (most recent call last):\n{trace}{message}" if trace else ""
        raise FunctionFailed(kind, self._replica.function.name, message, detail)

    async def _clean_up(self) -> None:
        await self._process.wait()
        self.kill()  # what the process started, and left behind
        with suppress(OSError):
            # Something that left the group may hold the other end: whoever waits for an answer stops waiting.
            self._channel.shutdown(socket.SHUT_RDWR)
        async with self._in_use:
            with ExitStack() as last:
                last.callback(self.build.release)
                last.callback(self._channel.close)
                self._output.close()


async def _start(channel: int, output: int, folder: Path) -> asyncio.subprocess.Process:
    # -I -S: nothing importable but the standard library. -B: no bytecode into the artifact. -u: prints go out at once.
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", "-B", "-u", "-X", "utf8", str(BOOTSTRAP), str(channel)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=output,
        stderr=asyncio.subprocess.STDOUT,
        pass_fds=[channel],
        cwd=folder,
        env={name: os.environ[name] for name in LOADER_VARIABLES if name in os.environ},
        start_new_session=True,
    )


def _exit_text(returncode: int) -> str:
    """The words of Lambda's Runtime.ExitError."""
    if returncode < 0:
        name = (signal.strsignal(-returncode) or str(-returncode)).lower()
        return f"Runtime exited with error: signal: {name}"
    if returncode:
        return f"Runtime exited with error: exit status {returncode}"
    return "Runtime exited without providing a reason"


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")
