"""What runs inside a sandbox: the part of Lambda's own Python runtime (awslambdaric) that a function can see.

Started by its path, as `python -I -S -B -u -X utf8 bootstrap.py FD`, so that nothing but the standard library can be
imported: no site-packages, nothing of this project. FD is a socket to the parent. Messages in both directions are a
length of 4 bytes and as much payload: JSON from the parent; to the parent one byte for the kind, and JSON.

The parent's first message says how to set up the process and what to load; every further one is a request. Each is
answered, with RESULT or with ERROR. When the parent is gone, however it went, the process and all it started are
killed, a running handler included (C code that keeps the interpreter to itself delays that until it returns).
"""

import _thread
import decimal
import importlib
import importlib.machinery
import json
import logging
import os
import queue
import signal
import site
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, BinaryIO, NoReturn

# What an answer's payload is: the handler's result (nothing, for the first message), or the description of an error.
RESULT, ERROR = b"r", b"e"

Handler = Callable[[Any, "Context"], Any]
current_request_id = ""


class LambdaError(Exception):
    """The runtime's own errors: `type` as "Runtime.MarshalError", the message, and the lines that show where."""

    def __init__(self, type: str, message: str, trace: Sequence[str] = ()) -> None:  # noqa: A002 - Lambda's name
        super().__init__(type, message, trace)
        self.type, self.message, self.trace = type, message, trace


class Identity:
    """`context.identity`: no Cognito identity reaches an edge function."""

    __slots__ = ("cognito_identity_id", "cognito_identity_pool_id")

    def __init__(self) -> None:
        self.cognito_identity_id = None
        self.cognito_identity_pool_id = None


class Context:
    """Lambda Developer Guide, "Using the Lambda context object". The memory limit is a string, as it is there."""

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

    def get_remaining_time_in_millis(self) -> int:
        return max(0, self._deadline_ms - int(time.time() * 1000))

    def log(self, message: object) -> None:
        sys.stdout.write(str(message))


class Channel:
    """Messages to and from the parent. A thread reads, so that the parent's end is noticed while a handler runs."""

    def __init__(self, fd: int) -> None:
        os.set_inheritable(fd, False)
        self._in: BinaryIO = open(fd, "rb")  # noqa: SIM115 - open as long as the process runs
        self._out: BinaryIO = open(fd, "wb", closefd=False)  # noqa: SIM115 - the same
        self._messages: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        # Not a threading.Thread: a function that lists its threads finds only its own.
        _thread.start_new_thread(self._read, ())

    def receive(self) -> Any:
        return json.loads(self._messages.get())

    def send(self, kind: bytes, payload: bytes) -> None:
        self._out.write((1 + len(payload)).to_bytes(4, "big") + kind + payload)
        self._out.flush()

    def _read(self) -> None:
        try:
            while len(length := self._in.read(4)) == 4:
                self._messages.put(self._in.read(int.from_bytes(length, "big")))
        finally:
            # No parent any more: the end, or a reset when it never read our last answer. The parent made us the leader
            # of a group of our own.
            os.killpg(0, signal.SIGKILL)


class RuntimePackages:
    """Finds what the managed runtime carries beside the standard library, and nothing else that lies next to it."""

    def __init__(self, folders: dict[str, str]) -> None:
        self._folders = folders

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if path is not None or name not in self._folders:
            return None
        return importlib.machinery.PathFinder.find_spec(name, [self._folders[name]], target)


def set_up(environment: dict[str, str], packages: dict[str, str]) -> None:
    """Makes the process look like Lambda's: variables, import path, logging."""
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.argv = sys.argv[:1]
    sys.path.insert(0, environment["LAMBDA_TASK_ROOT"])
    sys.meta_path.append(RuntimePackages(packages))
    site.setquit()  # exit() and quit(), which -S leaves out
    set_up_logging()


def set_up_logging() -> None:
    """The root logger's handler that awslambdaric installs, which is why `logging.basicConfig` does nothing there."""
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
    """The function that `handler` names, in awslambdaric's words when there is none."""
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
    """The result's JSON. Bytes pass as they are, in the hope that they are JSON."""
    if isinstance(result, bytes):
        return result
    try:
        # Lambda escapes what is not ASCII (python3.12 does not); both are the same once parsed. A lone surrogate has
        # no UTF-8 and fails here, as on python3.12. What CloudFront makes of one is unknown.
        return json.dumps(simplified(result), ensure_ascii=False, default=marshal_decimal).encode()
    except Exception as error:
        raise LambdaError("Runtime.MarshalError", f"Unable to marshal response: {error}") from error


def simplified(value: Any) -> Any:
    """`value` with what simplejson, the encoder of Lambda's runtime, takes beyond `json`: bytes and named tuples."""
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
    """DynamoDB's numbers, by awslambdaric's own rule: as they are written. NaN in any sign is NaN."""
    if isinstance(value, decimal.Decimal):
        return float("nan") if value.is_nan() else json.loads(str(value))
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def described(error: Exception) -> bytes:
    """The error's JSON as Lambda words it, without the frames of this file that lead to the function's."""
    if isinstance(error, LambdaError):
        return error_json(error.type, error.message, error.trace)
    frames = traceback.extract_tb(error.__traceback__)
    while len(frames) > 1 and frames[0].filename == __file__:
        del frames[0]
    # Without columns: Lambda's traces have no markers under the line.
    lines = traceback.format_list([(frame.filename, frame.lineno or 0, frame.name, frame.line) for frame in frames])
    return error_json(type(error).__name__, str(error), lines)


def error_json(type: str, message: str, trace: Sequence[str]) -> bytes:  # noqa: A002 - Lambda's name
    return json.dumps({"errorType": type, "errorMessage": message, "stackTrace": list(trace)}).encode()


def initialised(channel: Channel) -> Handler:
    message = channel.receive()
    set_up(message["environment"], message["packages"])
    try:
        handler = load(message["environment"]["_HANDLER"])
    except Exception as error:
        channel.send(ERROR, described(error))
        sys.exit(1)
    channel.send(RESULT, b"null")
    return handler


def serve(channel: Channel, handler: Handler) -> NoReturn:
    global current_request_id
    while True:
        request = channel.receive()
        current_request_id = request["request_id"]
        os.environ["_X_AMZN_TRACE_ID"] = request["trace_id"]
        context = Context(request["request_id"], request["arn"], request["deadline_ms"])
        # What is no Exception, such as sys.exit, ends the process, as it does on Lambda.
        try:
            kind, payload = RESULT, marshal(handler(request["event"], context))
        except Exception as error:
            kind, payload = ERROR, described(error)
        channel.send(kind, payload)


def main() -> NoReturn:
    channel = Channel(int(sys.argv[1]))
    serve(channel, initialised(channel))


if __name__ == "__main__":
    main()
