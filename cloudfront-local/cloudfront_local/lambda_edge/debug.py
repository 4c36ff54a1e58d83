"""How functions are debugged: with a debugger that attaches to a port, and at breakpoints on the terminal."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from typing import Protocol

from cloudfront_local.errors import LocalError
from cloudfront_local.lambda_edge.function import Function
from cloudfront_local.lambda_edge.language import NODE

HOST = "127.0.0.1"
# The first ports: debugpy's and Node.js's own.
PYTHON_PORT, NODE_PORT = 5678, 9229
# How many ports are tried from the first one on.
TRIED = 100

# (the text to print, which ends with a prompt) -> the line that the person types, with its end
Ask = Callable[[str], Awaitable[str]]


class Terminal(Protocol):
    """Where a person debugs a function. One function at a time has it."""

    def session(self, function: str) -> AbstractAsyncContextManager[Ask]:
        """The terminal, for the function with this name, as long as the block runs."""


class Ports:
    """The port of each function's debugger. All versions and processes of a function have the same one.

    `free` takes any free ports. Else they are the first free ones from PYTHON_PORT and NODE_PORT on.
    """

    def __init__(self, *, free: bool = False) -> None:
        self._free = free
        self._ports: dict[str, int] = {}

    def of(self, function: Function) -> int:
        """The port of a function. Raises LocalError if no port is free."""
        name = function.logical_id or function.name
        if name not in self._ports:
            first = NODE_PORT if function.language is NODE else PYTHON_PORT
            self._ports[name] = _free_port() if self._free else self._first_from(first)
        return self._ports[name]

    def _first_from(self, first: int) -> int:
        for port in range(first, first + TRIED):
            if port not in self._ports.values():
                with suppress(OSError):
                    return _free_port(port)
        raise LocalError(f"No port from {first} to {first + TRIED - 1} is free for a debugger. Stop what uses them.")


def _free_port(port: int = 0) -> int:
    """This port, or any for 0. Raises OSError if it is taken."""
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        attempt.bind((HOST, port))
        found: int = attempt.getsockname()[1]
        return found


@dataclass(frozen=True)
class Debug:
    """`ports` are for debuggers that attach, and `terminal` is where `breakpoint()` stops without these. None has none:
    breakpoints are skipped."""

    ports: Ports | None = None
    terminal: Terminal | None = None

    def port(self, function: Function) -> int | None:
        """The port of a function's debugger; None without one."""
        return self.ports.of(function) if self.ports else None


NO_DEBUG = Debug()
