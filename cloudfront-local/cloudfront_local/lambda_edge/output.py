"""Passes on the lines that a function prints, each with the id of the request that printed it."""

import asyncio
import contextvars
import os
from collections.abc import Callable

from cloudfront_local.lambda_edge.stack import Stack

# console(function's name, request id, line). The id is empty for lines that are printed during initialization or
# between two requests.
Console = Callable[[str, str, str], None]

# Bytes: the default capacity of a pipe on Linux, and the most on macOS.
PIPE_CAPACITY = 64 * 1024
# Bytes: a longer line is split, as CloudWatch Logs splits a longer event.
LINE_LIMIT = 256 * 1024


class Output:
    """Reads a function's stdout and stderr from the pipe `fd`, whenever there is something to read."""

    def __init__(self, fd: int, function: str, console: Console) -> None:
        self.request_id = ""
        self.context = contextvars.copy_context()
        """The context of the request that prints, in which the console is called."""
        self.stack: Stack | None = None
        """While it is set, it gets the lines of a dumped stack, and the console the others."""
        self._fd = fd
        self._function = function
        self._console = console
        self._unfinished = b""
        self._loop = asyncio.get_running_loop()
        os.set_blocking(fd, False)
        self._loop.add_reader(fd, self._read)

    def drain(self) -> None:
        """Passes on everything that was printed before this call: the pipe holds it, so it is PIPE_CAPACITY at most."""
        expected = PIPE_CAPACITY
        while expected > 0 and (length := self._read()):
            expected -= length
        if self._unfinished:
            self._relay(self._unfinished)
            self._unfinished = b""

    def close(self) -> None:
        try:
            self.drain()
        finally:
            self._loop.remove_reader(self._fd)
            os.close(self._fd)

    def _read(self) -> int:
        try:
            data = os.read(self._fd, PIPE_CAPACITY)
        except BlockingIOError:
            return 0
        if not data:  # The pipe is at its end. It would stay readable and call this method for ever.
            self._loop.remove_reader(self._fd)
        *lines, self._unfinished = (self._unfinished + data).split(b"\n")
        for line in lines:
            self._relay(line)
        if len(self._unfinished) >= LINE_LIMIT:
            self._relay(self._unfinished)
            self._unfinished = b""
        return len(data)

    def _relay(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace")
        if self.stack is None or not self.stack.takes(text):
            self.context.run(self._console, self._function, self.request_id, text)
