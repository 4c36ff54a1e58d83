"""The terminal of `serve`, where a person debugs a function that stands at a breakpoint."""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
import os
import sys
from collections.abc import AsyncIterator, Iterator

from cloudfront_local.lambda_edge.debug import Ask

# What Ctrl-D means: the function goes on.
END = "continue\n"


class Terminal:
    """Standard input and output. One function at a time has them. Use it in one event loop."""

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()
        self._typed = b""

    @staticmethod
    def is_there() -> bool:
        """Whether a person can type here: at a terminal, and not to a job in the background."""
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            return False
        try:
            return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
        except OSError:  # The terminal has no jobs.
            return True

    @contextlib.asynccontextmanager
    async def session(self, function: str) -> AsyncIterator[Ask]:
        """The terminal for a function, as long as the block runs. Others wait."""
        async with self._one_at_a_time:
            print(f"\n{function} stands at a breakpoint. h lists pdb's commands, c continues.", flush=True)
            yield self._ask

    async def _ask(self, text: str) -> str:
        with _lines_held():
            print(text, end="", flush=True)
            return await self._line()

    async def _line(self) -> str:
        """The next line that is typed."""
        while b"\n" not in self._typed:
            if not (read := await _readable(sys.stdin.fileno())):
                return END
            self._typed += read
        line, _, self._typed = self._typed.partition(b"\n")
        return line.decode("utf-8", "replace") + "\n"


async def _readable(descriptor: int) -> bytes:
    """What can be read next; empty at the end."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(descriptor, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(descriptor)
    return os.read(descriptor, io.DEFAULT_BUFFER_SIZE)


@contextlib.contextmanager
def _lines_held() -> Iterator[None]:
    """Lines of the log wait while a person types, and are printed then."""
    held = io.StringIO()
    streams = [handler for handler in logging.getLogger().handlers if isinstance(handler, logging.StreamHandler)]
    before = [handler.setStream(held) for handler in streams]
    try:
        yield
    finally:
        for handler, stream in zip(streams, before, strict=True):
            if stream is not None:
                handler.setStream(stream)
        print(held.getvalue(), end="", flush=True)
