"""The stack of a process, as Python's faulthandler and bootstrap.mjs write it among the lines that are printed."""

from __future__ import annotations

import asyncio
import importlib
import linecache
import re

from cloudfront_local.lambda_edge import bootstrap

_FRAME = re.compile(r'  File "(?P<file>.+)", line (?P<line>\d{1,9}) in (?P<name>.+)')
# In place of frames, of a Node.js function that waits.
_WAITING = re.compile(r"  Waiting for \S.{0,1000}")
# faulthandler writes 100 frames at most, then dots.
_CUT = "  ..."
_HEAD = "Stack (most recent call first):"
# The frames of these files run the function; they are not the function's own.
_RUNTIME = (
    bootstrap.__file__,
    importlib.__file__,
    "<frozen importlib._bootstrap>",
    "<frozen importlib._bootstrap_external>",
)


class Stack:
    """Collects the lines of one dump. The event `complete` is set when the outermost frame has come."""

    def __init__(self) -> None:
        self.complete = asyncio.Event()
        self._frames: list[re.Match[str]] = []
        self._waiting = ""

    def takes(self, line: str) -> bool:
        """Collects a line. Returns False for a line that is no part of the dump."""
        frame = _FRAME.fullmatch(line)
        if frame:
            self._frames.append(frame)
        if _WAITING.fullmatch(line):
            self._waiting = f"{line}\n"
            return True
        if line == _CUT or (frame and frame["file"] == bootstrap.__file__ and frame["name"] == "<module>"):
            self.complete.set()
        return frame is not None or line in (_HEAD, _CUT)

    def __str__(self) -> str:
        """The function's frames as a traceback has them, the innermost last; empty if there are none."""
        return self._waiting or "".join(
            f'  File "{frame["file"]}", line {frame["line"]}, in {frame["name"]}\n{_code(frame)}'
            for frame in reversed(self._frames)
            if frame["file"] not in _RUNTIME
        )


def _code(frame: re.Match[str]) -> str:
    linecache.checkcache(frame["file"])
    code = linecache.getline(frame["file"], int(frame["line"])).strip()
    return f"    {code}\n" if code else ""
