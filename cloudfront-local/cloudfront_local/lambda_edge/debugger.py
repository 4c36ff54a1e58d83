"""Runs inside a sandbox whose function is debugged. bootstrap.py loads this file by its path when it needs it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pdb
import socket
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

# Of the module that runs the function, which is no matter of the function's author.
RUNTIME = "__main__"
# How often a port is tried, and the seconds in between.
TRIES, PAUSE = 50, 0.1


class Terminal(io.TextIOBase):
    """The parent's terminal. What pdb writes is sent with its next question."""

    def __init__(self, ask: Callable[[str], str]) -> None:
        self._ask = ask
        self._written: list[str] = []

    def write(self, text: str) -> int:
        self._written.append(text)
        return len(text)

    def readline(self, _: int | None = -1) -> str:  # type: ignore[override]
        text = "".join(self._written)
        self._written.clear()
        return self._ask(text)


def stop(frame: FrameType, ask: Callable[[str], str] | None) -> None:
    """Opens pdb at a frame. `ask` prints a text and returns the line that a person types; None if there is nobody."""
    if ask is None:
        _skip(frame, "nobody is at a terminal. Start with --debug to attach a debugger.")
    elif threading.current_thread() is not threading.main_thread():
        _skip(frame, "pdb stops the main thread alone. Start with --debug instead.")
    else:
        terminal = Terminal(ask)
        debugger = pdb.Pdb(stdin=terminal, stdout=terminal, skip=[RUNTIME], nosigint=True, readrc=False)  # type: ignore[arg-type]
        debugger.set_trace(frame)


def listen(port: int, source: str, build: str) -> None:
    """Lets a debugger attach by the Debug Adapter Protocol. It knows the files of the build as those of the source."""
    settings = {
        "PATHS_FROM_ECLIPSE_TO_PYTHON": json.dumps([[source, build]]),
        # Modules of the standard library that are frozen have no breakpoints. Nobody asks for them.
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    os.environ.update(settings)
    _await_free(port)
    try:
        import debugpy

        debugpy.listen(("127.0.0.1", port), in_process_debug_adapter=True)
    finally:
        for name in settings:
            del os.environ[name]

    def stop_in_debugger() -> None:
        if debugpy.is_client_connected():
            debugpy.breakpoint()  # It stops at the next line, which is the function's: this is the last one here.
        else:
            _skip(sys._getframe(1), f"no debugger is attached to 127.0.0.1:{port}.")

    sys.breakpointhook = stop_in_debugger


def _skip(frame: FrameType, reason: str) -> None:
    print(f"Skipped the breakpoint at {frame.f_code.co_filename}:{frame.f_lineno}: {reason}")


def _await_free(port: int) -> None:
    """Waits until the process of the version before, which had the port, has ended."""
    for _ in range(TRIES):
        with socket.socket() as attempt, contextlib.suppress(OSError):
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            attempt.bind(("127.0.0.1", port))
            return
        time.sleep(PAUSE)
