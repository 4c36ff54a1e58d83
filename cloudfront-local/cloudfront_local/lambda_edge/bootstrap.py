"""The program inside a sandbox. It behaves towards the function like Lambda's own Python runtime (awslambdaric).

The parent starts it by its path: `python -I -S -B -u -X utf8 bootstrap.py CHANNEL LIFELINE`. With these options it can
import the standard library alone: no site-packages, nothing of this project. CHANNEL is a socket to the parent. A
message in either direction is a length (4 bytes, big-endian) and that many bytes. The parent sends JSON; this program
sends one byte for the kind of the answer, then JSON.

The parent's first message holds the environment and the handler's name. Each further message is a request. This program
answers each message with RESULT or ERROR. Before that, at a breakpoint, it may send ASK and get a line. LIFELINE is a
pipe that the parent holds open. When the parent ends, even if it was killed, this program kills itself and every
process that it started, in the middle of a handler, too. (C code that holds the GIL delays this until it returns.) A
process that left the group is found by MARK in its environment, which it got from here.
"""

import _thread
import contextlib
import decimal
import faulthandler
import importlib
import importlib.machinery
import json
import logging
import os
import signal
import site
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from types import FrameType, ModuleType
from typing import Any, BinaryIO, NoReturn

# The kinds of answers. The payload of RESULT is the handler's result (null for the first message), that of ERROR
# describes the error: its `errorType` and `errorMessage`, and as `trace` the text that a person reads, or "". FATAL is
# an ERROR after which the process ends: in Node.js, an error that nobody caught. The payload of ASK is a text for the
# terminal; the parent's next message holds the `line` that the person types there.
RESULT, ERROR, FATAL, ASK = b"r", b"e", b"f", b"a"
# On this signal the process prints the stack of its main thread, even in an endless loop or in C code.
STACK_SIGNAL = signal.SIGUSR2

# The variable whose value no other sandbox has. On Lambda, it is unique, too.
MARK = "AWS_LAMBDA_LOG_STREAM_NAME"

Handler = Callable[[Any, "Context"], Any]
current_request_id = ""


class LambdaError(Exception):
    """An error of the runtime itself: its `type` ("Runtime.MarshalError"), its message, and the lines of its trace."""

    def __init__(self, type: str, message: str, trace: Sequence[str] = ()) -> None:  # noqa: A002 - Lambda's name
        super().__init__(type, message, trace)
        self.type, self.message, self.trace = type, message, trace


class Identity:
    """`context.identity`. It is empty: edge functions get no Cognito identity."""

    __slots__ = ("cognito_identity_id", "cognito_identity_pool_id")

    def __init__(self) -> None:
        self.cognito_identity_id = None
        self.cognito_identity_pool_id = None


class Context:
    """Lambda Developer Guide, "Using the Lambda context object". The memory limit is a string, as on Lambda."""

    def __init__(self, request_id: str, arn: str, deadline_ms: int) -> None:
        self.aws_request_id = request_id
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = arn
        self.client_context = None
        self.identity = Identity()
        self._deadline_ms = deadline_ms

    def wait(self, seconds: float) -> None:
        """Moves the deadline: a person has debugged for so long."""
        self._deadline_ms += int(seconds * 1000)

    def get_remaining_time_in_millis(self) -> int:
        return max(0, self._deadline_ms - int(time.time() * 1000))

    def log(self, message: object) -> None:
        sys.stdout.write(str(message))


class Channel:
    """Messages to and from the parent. Without a parent, each method waits until `end_with_parent` ends the process."""

    def __init__(self, fd: int) -> None:
        os.set_inheritable(fd, False)
        self._in: BinaryIO = open(fd, "rb")  # noqa: SIM115 - it stays open while the process runs
        self._out: BinaryIO = open(fd, "wb", closefd=False)  # noqa: SIM115 - the same

    def receive(self) -> Any:
        with contextlib.suppress(ConnectionError):  # The parent left the last answer unread.
            if len(length := self._in.read(4)) == 4:
                return json.loads(self._in.read(int.from_bytes(length, "big")))
        return wait_for_end()

    def send(self, kind: bytes, payload: bytes) -> None:
        try:
            self._out.write((1 + len(payload)).to_bytes(4, "big") + kind + payload)
            self._out.flush()
        except ConnectionError:
            wait_for_end()


def wait_for_end() -> NoReturn:
    while True:
        signal.pause()


def end_with_parent(lifeline: int, mark: str) -> None:
    """Waits until the parent has ended. Then kills this process, and those that it started."""
    try:
        os.read(lifeline, 1)
    finally:
        # The parent made this process the leader of a process group of its own.
        try:
            kill_marked(mark)
        finally:
            os.killpg(0, signal.SIGKILL)


def kill_marked(mark: str) -> None:
    """Kills every process, other than this one, whose environment has MARK with this value; on Linux only."""
    for _ in range(100):  # A process may have started another one in the meantime.
        found = marked(mark)
        if not found:
            return
        for pid in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)


def marked(mark: str) -> list[int]:
    """The ids of these processes. An environment is the one that a process began with; it is empty if it has ended."""
    variable = f"{MARK}={mark}".encode()
    found = []
    for name in os.listdir("/proc") if os.path.isdir("/proc") else ():  # noqa: PTH112, PTH208 - pathlib starts slowly
        # An error: another user's process, one that has just ended, or no process.
        with contextlib.suppress(OSError, ValueError), open(f"/proc/{int(name)}/environ", "rb") as file:  # noqa: PTH123
            if variable in file.read().split(b"\0") and int(name) != os.getpid():
                found.append(int(name))
    return found


class RuntimePackages:
    """Finds the packages of Lambda's managed runtime, and no other packages that lie in the same folders."""

    def __init__(self, folders: dict[str, str]) -> None:
        self._folders = folders

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if path is not None or name not in self._folders:
            return None
        return importlib.machinery.PathFinder.find_spec(name, [self._folders[name]], target)


def set_up(environment: dict[str, str], packages: dict[str, str]) -> None:
    """Gives the process Lambda's environment variables, import path and logging."""
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.argv = sys.argv[:1]
    sys.path.insert(0, environment["LAMBDA_TASK_ROOT"])
    sys.meta_path.append(RuntimePackages(packages))
    site.setquit()  # The option -S leaves out exit() and quit().
    set_up_logging()


def lead_connections(ports: dict[str, Any]) -> None:
    """Leads connections to other hosts to the ports of a test. `tls` is for the port 443, `plain` for the others."""
    import ipaddress
    import socket  # The process of a function that is not under a test has only what the function imports.

    known = socket.getaddrinfo

    def is_this_machine(host: str) -> bool:
        with contextlib.suppress(ValueError):
            return ipaddress.ip_address(host).is_loopback
        return host == "localhost"

    def getaddrinfo(host: Any, port: Any, *others: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is None or is_this_machine(name):
            return known(host, port, *others, **more)
        return known("127.0.0.1", ports["tls"] if port in (443, "443", "https") else ports["plain"])

    socket.getaddrinfo = getaddrinfo


class Debugger:
    """`breakpoint()` and `pdb.set_trace()` of the function: in the debugger of `settings["port"]`, or on the parent's
    terminal. `settings` are the parent's."""

    def __init__(self, settings: dict[str, Any], channel: Channel) -> None:
        self._channel = channel
        self._has_terminal = settings["terminal"]
        self.context: Context | None = None
        self._has_stopped = False
        sys.meta_path.insert(0, self)
        sys.breakpointhook = self.stop
        if settings["port"]:
            sys.meta_path.append(RuntimePackages(settings["packages"]))
            self._module().listen(settings["port"], settings["source"], os.environ["LAMBDA_TASK_ROOT"])

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Finds pdb, and gives it our `set_trace`."""
        spec = importlib.machinery.PathFinder.find_spec(name, path, target) if name == "pdb" else None
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            execute(module)
            module.__dict__["set_trace"] = self.set_trace

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec

    def set_trace(self, *_: object, **__: object) -> None:
        """In the place of `pdb.set_trace`."""
        if sys.breakpointhook == self.stop:
            self._stop(sys._getframe(1))
        else:
            sys.breakpointhook()

    def stop(self, *_: object, **__: object) -> None:
        """In the place of `sys.breakpointhook`."""
        self._stop(sys._getframe(1))

    def end(self) -> None:
        """A request has ended: stepping ends with it."""
        if self._has_stopped:
            sys.settrace(None)

    def _stop(self, frame: FrameType) -> None:
        self._has_stopped = self._has_terminal
        self._module().stop(frame, self._ask if self._has_terminal else None)

    def _ask(self, text: str) -> str:
        asked = time.time()
        self._channel.send(ASK, json.dumps(text).encode())
        line: str = self._channel.receive()["line"]
        if self.context:
            self.context.wait(time.time() - asked)
        return line

    @staticmethod
    def _module() -> Any:
        """debugger.py, which lies beside this file and not on the import path."""
        path = os.path.join(os.path.dirname(__file__), "debugger.py")  # noqa: PTH118, PTH120 - pathlib starts slowly
        loader = importlib.machinery.SourceFileLoader("cloudfront_local_debugger", path)
        module = ModuleType(loader.name)
        loader.exec_module(module)
        return module


def set_up_logging() -> None:
    """Gives the root logger awslambdaric's handler. Because of it, `logging.basicConfig` does nothing, as on Lambda."""
    logging.Formatter.converter = time.gmtime
    handler = logging.StreamHandler(sys.stdout)
    line = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s"
    handler.setFormatter(logging.Formatter(line, "%Y-%m-%dT%H:%M:%S"))
    handler.addFilter(add_request_id)
    logging.getLogger().addHandler(handler)


def add_request_id(record: logging.LogRecord) -> bool:
    record.aws_request_id = current_request_id
    return True


def load(handler: str) -> Handler:
    """Imports the function that `handler` names ("module.function"). Raises LambdaError in awslambdaric's words."""
    module_name, dot, name = handler.rpartition(".")
    if not dot:
        message = f"Bad handler '{handler}': not enough values to unpack (expected 2, got 1)"
        raise LambdaError("Runtime.MalformedHandlerName", message)
    if module_name.split(".")[0] in sys.builtin_module_names:
        message = f"Cannot use built-in module {module_name} as a handler module"
        raise LambdaError("Runtime.BuiltInModuleConflict", message)
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        message = f"Unable to import module '{module_name}': {error}"
        raise LambdaError("Runtime.ImportModuleError", message) from error
    except SyntaxError as error:
        message = f"Syntax error in module '{module_name}': {error}"
        where = f'  File "{error.filename}" Line {error.lineno}\n    {error.text}'
        raise LambdaError("Runtime.UserCodeSyntaxError", message, [where]) from error
    try:
        found: Handler = getattr(module, name)
    except AttributeError as error:
        message = f"Handler '{name}' missing on module '{module_name}'"
        raise LambdaError("Runtime.HandlerNotFound", message) from error
    return found


def marshal(result: object) -> bytes:
    """Returns the result as JSON. Bytes are returned unchanged: the handler may have made JSON itself."""
    if isinstance(result, bytes):
        return result
    try:
        # Lambda escapes characters that are not ASCII, except on python3.12. Both are the same once parsed. A lone
        # surrogate cannot be encoded as UTF-8 and fails here, as on python3.12. How CloudFront treats an escaped lone
        # surrogate is unknown.
        return json.dumps(simplified(result), ensure_ascii=False, default=marshal_decimal).encode()
    except Exception as error:
        raise LambdaError("Runtime.MarshalError", f"Unable to marshal response: {error}") from error


def simplified(value: Any) -> Any:
    """Converts bytes and named tuples for `json`: simplejson, which Lambda's runtime uses, accepts them."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, dict):
        return {key.decode() if isinstance(key, bytes) else key: simplified(item) for key, item in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return simplified(value._asdict())
    if isinstance(value, list | tuple):
        return [simplified(item) for item in value]
    return value


def marshal_decimal(value: object) -> object:
    """Converts a Decimal (DynamoDB's numbers) to a number with the same digits, as awslambdaric does. -NaN is NaN."""
    if isinstance(value, decimal.Decimal):
        return float("nan") if value.is_nan() else json.loads(str(value))
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def described(error: Exception) -> bytes:
    """Returns the error as JSON: Lambda's type and message, and the traceback without the frames of this file."""
    if isinstance(error, LambdaError):
        return error_json(error.type, error.message, error.trace)
    frames = traceback.extract_tb(error.__traceback__)
    while len(frames) > 1 and frames[0].filename == __file__:
        del frames[0]
    # The frames have no columns: Lambda's traces have no markers under the line.
    lines = traceback.format_list([(frame.filename, frame.lineno or 0, frame.name, frame.line) for frame in frames])
    return error_json(type(error).__name__, str(error), lines)


def error_json(type: str, message: str, trace: Sequence[str]) -> bytes:  # noqa: A002 - Lambda's name
    summary = f"{type}: {message}".removesuffix(": ")
    text = "".join(("Traceback (most recent call last):\n", *trace, summary)) if trace else ""
    return json.dumps({"errorType": type, "errorMessage": message, "trace": text}).encode()


def initialized(channel: Channel) -> tuple[Handler, Debugger]:
    message = channel.receive()
    set_up(message["environment"], message["packages"])
    if message["outbound"]:
        lead_connections(message["outbound"])
    debugger = Debugger(message["debug"], channel)
    try:
        handler = load(message["environment"]["_HANDLER"])
    except Exception as error:
        channel.send(ERROR, described(error))
        sys.exit(1)
    channel.send(RESULT, b"null")
    return handler, debugger


def serve(channel: Channel, handler: Handler, debugger: Debugger) -> NoReturn:
    global current_request_id
    while True:
        request = channel.receive()
        current_request_id = request["request_id"]
        os.environ["_X_AMZN_TRACE_ID"] = request["trace_id"]
        context = debugger.context = Context(request["request_id"], request["arn"], request["deadline_ms"])
        # SystemExit (sys.exit) is not an Exception: it ends the process, as on Lambda.
        try:
            kind, payload = RESULT, marshal(handler(request["event"], context))
        except Exception as error:
            kind, payload = ERROR, described(error)
        debugger.end()
        channel.send(kind, payload)


def main() -> NoReturn:
    # A copy of stderr: a function may close or replace its own.
    faulthandler.register(STACK_SIGNAL, os.dup(2), all_threads=False)
    channel, lifeline = Channel(int(sys.argv[1])), int(sys.argv[2])
    os.set_inheritable(lifeline, False)
    # Not a threading.Thread: a function that lists threading's threads must find its own alone.
    _thread.start_new_thread(end_with_parent, (lifeline, os.environ.get(MARK, "")))
    serve(channel, *initialized(channel))


if __name__ == "__main__":
    main()
