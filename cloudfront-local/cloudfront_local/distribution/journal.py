"""The log of requests in the terminal: a line for each request, then indented lines on what went wrong and what to do.

    200 GET /index.html (Hit, 3 ms)
    502 POST /api/books (LambdaValidationError, 12 ms)
        signer (origin-request): read-only-header: headers.host: found ...

Code at any depth can add such a line with `remark`, and more for those who look at the request later, with `trace`. A
context variable holds the current request's entry, so that the lines of concurrent requests do not mix. No line has a
query string, a header's value or a body. A request that nobody keeps has no trace.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from cloudfront_local.distribution.messages import Request
from cloudfront_local.distribution.trace import UNSEEN, Asked, Call, Station, Trace

log = logging.getLogger("cloudfront.requests")

_current: ContextVar[Entry | None] = ContextVar("entry", default=None)


class Entry:
    """The line about one request, and the remarks under it."""

    def __init__(self, request: Request, clock: Callable[[], float], *, is_traced: bool) -> None:
        self._request = request
        self._clock = clock
        self._started = clock()
        self._remarks: list[str] = []
        self._notes: list[str] = []
        self.trace = Trace(request, clock, self._remarks, self._notes) if is_traced else None

    def note(self, text: str) -> None:
        self._notes.append(text)

    def remark(self, text: str) -> None:
        self._remarks.extend(text.splitlines())

    def write(self, status: int, x_cache: str) -> None:
        """Writes the entry to the log, at level ERROR for a 5xx status, else WARNING with remarks, else INFO."""
        level = logging.ERROR if status >= 500 else logging.WARNING if self._remarks else logging.INFO
        took = (self._clock() - self._started) * 1000
        result = x_cache.replace(" from cloudfront", "")
        in_short = ", ".join([result, f"{took:.0f} ms", *self._notes])
        line = f"{status} {self._request.method} {_shown(self._request)} ({in_short})"
        log.log(level, "%s", "\n    ".join([line, *self._remarks]))


def _shown(request: Request) -> str:
    return request.uri.encode("ascii", "backslashreplace").decode() + ("?..." if request.querystring else "")


@contextmanager
def entry(request: Request, clock: Callable[[], float], *, is_traced: bool = False) -> Iterator[Entry]:
    """Opens the entry of a request. Remarks made inside this context belong to it. `clock` returns seconds. With
    `is_traced`, the entry has a trace."""
    opened = Entry(request, clock, is_traced=is_traced)
    token = _current.set(opened)
    try:
        yield opened
    finally:
        _current.reset(token)


def trace() -> Trace | None:
    """The current request's trace, if it has one."""
    opened = _current.get()
    return opened.trace if opened else None


def station(name: str, summary: str = "") -> Station:
    """A station of the current request, for a `with` block."""
    opened = _current.get()
    return opened.trace.station(name, summary) if opened and opened.trace else UNSEEN


def called(call: Call) -> None:
    """Keeps a call of a function. The lines that the function prints from now on belong to it."""
    if seen := trace():
        seen.calls.append(call)


def exchanged(event: bytes, result: bytes) -> None:
    """Keeps the JSON that the function which runs now was sent, and that which it answered."""
    if seen := trace():
        seen.exchanged(event, result)


def printed(line: str) -> None:
    """Keeps a line that the function which runs now prints."""
    if seen := trace():
        seen.printed(line)


@contextmanager
def asking(asked: Asked) -> Iterator[None]:
    """Keeps a request to an origin, while the `with` block waits for the answer."""
    seen = trace()
    if seen:
        seen.ask(asked)
    try:
        yield
    finally:
        if seen:
            seen.got(asked)


def note(text: str) -> None:
    """Adds a few words to the current request's line, if there is a current request."""
    if opened := _current.get():
        opened.note(text)


def remark(text: str) -> None:
    """Adds one or more lines to the current request's entry. Without a current request, logs them at once."""
    if opened := _current.get():
        opened.remark(text)
    else:
        log.warning("%s", text)
