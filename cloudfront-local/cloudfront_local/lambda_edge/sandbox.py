"""Lambda's execution environment: a process that loads a function once, then answers one request at a time."""

import asyncio
import functools
import importlib.util
import json
import secrets
import time
import uuid
from pathlib import Path
from typing import Any, NoReturn

from cloudfront_local.distribution import journal
from cloudfront_local.distribution.failure import FunctionFailed, Kind
from cloudfront_local.lambda_edge import advice, node_advice
from cloudfront_local.lambda_edge.artifact import Build
from cloudfront_local.lambda_edge.bootstrap import ASK, FATAL, RESULT
from cloudfront_local.lambda_edge.credentials import Credentials
from cloudfront_local.lambda_edge.language import NODE, PYTHON, PYTHON_PACKAGES
from cloudfront_local.lambda_edge.output import Console
from cloudfront_local.lambda_edge.process import ExitedError, NotTakenError, Process
from cloudfront_local.lambda_edge.replica import Replica
from cloudfront_local.lambda_edge.source import in_source
from cloudfront_local.rules import RULES

# Seconds. Lambda Developer Guide, "Lambda execution environment": the Init phase is limited to 10 seconds. After that,
# Lambda initializes once more within the function's timeout. The emulator reports the failure instead.
INIT_TIMEOUT = 10.0
# Seconds: what a function that is debugged still has at the beginning of each request.
UNLIMITED = 24 * 3600.0


@functools.cache
def package_folders() -> dict[str, str]:
    """The folder in which this Python finds each of PYTHON_PACKAGES. Packages that are not installed are left out."""
    specs = {name: importlib.util.find_spec(name) for name in PYTHON_PACKAGES}
    origins = {name: Path(spec.origin) for name, spec in specs.items() if spec and spec.origin}
    # The origin of a package is its __init__.py. The origin of a module (six) is the module itself.
    return {
        name: str(origin.parent.parent if origin.name == "__init__.py" else origin.parent)
        for name, origin in origins.items()
    }


def debugger_folders() -> dict[str, str]:
    """The folder in which this Python finds debugpy; empty if it is not installed."""
    spec = importlib.util.find_spec("debugpy")
    return {"debugpy": str(Path(spec.origin).parent.parent)} if spec and spec.origin else {}


class NotTakenFailure(FunctionFailed):
    """The process ended before it took the request: another sandbox may be asked."""


class Sandbox:
    """A sandbox is made by `spawn`, and ready after `initialize`. It has ended when the task `ended` is done. The files
    of its build stay until then."""

    def __init__(
        self, replica: Replica, build: Build, credentials: Credentials, process: Process, log_stream: str
    ) -> None:
        self.build = build
        self.credentials = credentials
        self.ended = process.ended
        self._replica = replica
        self._process = process
        self._log_stream = log_stream
        self._name = replica.function.name

    @classmethod
    async def spawn(cls, replica: Replica, build: Build, credentials: Credentials, console: Console) -> "Sandbox":
        """Starts the process. `initialize` loads the function. Raises OSError."""
        source = replica.function.artifact.source

        def relay(name: str, request_id: str, line: str) -> None:
            console(name, request_id, in_source(line, build.folder, source))

        build.hold()
        try:
            function, log_stream = replica.function, replica.log_stream()
            command = (function.program, *replica.options(), str(function.language.bootstrap))
            process = await Process.start(function.language, command, build.folder, log_stream, function.name, relay)
        except BaseException:
            build.release()
            raise
        process.ended.add_done_callback(lambda _: build.release())
        return cls(replica, build, credentials, process, log_stream)

    @property
    def alive(self) -> bool:
        return self._process.alive

    def kill(self) -> None:
        self._process.kill()

    async def initialize(self) -> None:
        """Loads the handler. Raises FunctionFailed of kind "init" or "exit"; the sandbox cannot be used after that."""
        environment = self._replica.environment(self.build.folder, self.credentials, self._log_stream)
        packages = package_folders() if self._replica.function.language is PYTHON else {}
        outbound = self._replica.outbound
        leading = (
            {"tls": outbound.tls_port, "plain": outbound.plain_port, "authority": outbound.authority}
            if outbound
            else None
        )
        debug = self._replica.debug
        message = {
            "environment": environment,
            "packages": packages,
            "outbound": leading,
            "debug": {
                "terminal": debug.terminal is not None,
                "port": self._replica.debug_port,
                "packages": debugger_folders(),
                "source": str(self._replica.function.artifact.source.resolve()),
            },
        }
        kind, payload = await self._ask(_json(message), "", INIT_TIMEOUT, "init", "Init phase")
        if kind != RESULT:
            self.kill()
            self._raise_described("init", payload)

    async def invoke(self, event: object) -> Any:
        """Calls the handler. Returns its result. After a timeout or an exit, the sandbox cannot be used again.

        Raises FunctionFailed, or NotTakenFailure if the process ended before it took the request.
        """
        request_id, written = str(uuid.uuid4()), _json(event)
        timeout = self._replica.function.timeout
        kind, payload = await self._ask(self._request(request_id, written), request_id, timeout, "timeout", "Task")
        if kind == FATAL:
            self.kill()
        if kind != RESULT:
            self._raise_described("error", payload)
        try:
            result = json.loads(payload, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            text = f"the result is not JSON: {error}"
            raise FunctionFailed("invalid result", self._name, text, RULES["invalid-json"].advice) from error
        journal.exchanged(written, payload)
        return result

    def _request(self, request_id: str, event: bytes) -> bytes:
        """The message with an event, which is written already."""
        now = time.time()
        fields = {
            "request_id": request_id,
            "arn": self._replica.arn,
            "trace_id": f"Root=1-{int(now):08x}-{secrets.token_hex(12)};Parent={secrets.token_hex(8)};Sampled=0",
            "deadline_ms": int((now + (self._replica.function.timeout if self._has_limits else UNLIMITED)) * 1000),
        }
        return b'%b, "event": %b}' % (_json(fields)[:-1], event)

    async def _ask(
        self, message: bytes, request_id: str, seconds: float, timeout_kind: Kind, phase: str
    ) -> tuple[bytes, bytes]:
        """Sends a message to the process. Returns the kind of its answer and the payload.

        Without an answer in time the process is killed: it cannot be asked again. Raises FunctionFailed.
        """
        try:
            async with asyncio.timeout(seconds if self._has_limits else None) as limit:
                kind, payload = await self._process.ask(message, request_id)
                if kind == ASK:
                    limit.reschedule(None)
                    return await self._debugged(payload, request_id)
                return kind, payload
        except TimeoutError:
            text = f"{phase} timed out after {seconds:.2f} seconds"
            failure = FunctionFailed(timeout_kind, self._name, text, await self._stack())
        except NotTakenError as exited:
            failure = NotTakenFailure("exit", self._name, f"Runtime.ExitError: {exited}")
        except ExitedError as exited:
            failure = FunctionFailed("exit", self._name, f"Runtime.ExitError: {exited}")
        except BaseException:
            self.kill()
            raise
        self.kill()
        raise failure

    @property
    def _has_limits(self) -> bool:
        """Whether time counts. A function that is debugged has as much as its author needs."""
        return self._replica.debug_port is None

    async def _debugged(self, payload: bytes, request_id: str) -> tuple[bytes, bytes]:
        """The function stands at a breakpoint, and asks the terminal. Returns its answer in the end."""
        terminal = self._replica.debug.terminal
        if terminal is None:
            raise RuntimeError("the process was told that there is no terminal")
        kind = ASK
        async with terminal.session(self._name) as ask:
            while kind == ASK:
                line = await ask(self._in_source(json.loads(payload)))
                kind, payload = await self._process.ask(_json({"line": line}), request_id)
        return kind, payload

    async def _stack(self) -> str:
        try:
            stack = await self._process.stack()
        finally:
            self.kill()
        return f"It was here when its time ended (most recent call last):\n{self._in_source(stack)}" if stack else ""

    def _in_source(self, text: str) -> str:
        return in_source(text, self.build.folder, self._replica.function.artifact.source)

    def _raise_described(self, kind: Kind, payload: bytes) -> NoReturn:
        error = json.loads(payload)
        message = f"{error['errorType']}: {error['errorMessage']}".removesuffix(": ")
        advised = self._advice(error["errorType"], message)
        detail = "\n".join(filter(None, (error["trace"], advised)))
        raise FunctionFailed(kind, self._name, self._in_source(message), self._in_source(detail))

    def _advice(self, error_type: str, message: str) -> str:
        function, build = self._replica.function, self.build.folder
        if function.language is NODE:
            return node_advice.for_error(error_type, message, build, function.artifact.source)
        return advice.for_error(error_type, message, build, function.artifact.source, function.package)


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")
