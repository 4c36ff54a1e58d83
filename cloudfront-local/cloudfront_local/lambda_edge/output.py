"""What a function prints, line by line, with the request that it was printed in."""

import asyncio
import os
from collections.abc import Callable

# console(function's name, request id, line). The id is empty for what is printed while the function is initialised,
# and between two requests.
Console = Callable[[str, str, str], None]

# What a pipe holds at most on Linux and macOS, unless told otherwise.
PIPE_CAPACITY = 64 * 1024
# A line is cut here, as CloudWatch Logs cuts an event.
LINE_LIMIT = 256 * 1024


class Output:
    """Reads the pipe `fd` that a function's stdout and stderr go to, as soon as there is something to read."""

    def __init__(self, fd: int, function: str, console: Console) -> None:
        self.request_id = ""
        self._fd = fd
        self._function = function
        self._console = console
        self._unfinished = b""
        self._loop = asyncio.get_running_loop()
        os.set_blocking(fd, False)
        self._loop.add_reader(fd, self._read)

    def drain(self) -> None:
        """Relays all that was printed before now: it is in the pipe, and cannot be more than a pipe holds."""
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
        if not data:  # the end: nobody can print any more, and an end is always readable
            self._loop.remove_reader(self._fd)
        *lines, self._unfinished = (self._unfinished + data).split(b"\n")
        for line in lines:
            self._relay(line)
        if len(self._unfinished) >= LINE_LIMIT:
            self._relay(self._unfinished)
            self._unfinished = b""
        return len(data)

    def _relay(self, line: bytes) -> None:
        self._console(self._function, self.request_id, line.decode("utf-8", "replace"))
