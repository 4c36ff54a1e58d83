"""What the terminal says of a request: one line, and under it what went wrong and what to do about it.

    200 GET /index.html (Hit, 3 ms)
    502 POST /api/books (LambdaValidationError, 12 ms)
        signer (origin-request): read-only-header: headers.host: found ...

Remarks come from deep inside (a function's result, a bucket's policy), so they travel in a context variable; those of
requests under way at the same time do not mix. No line holds a query string, a header's value or a body.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from cloudfront_local.distribution.messages import Request

log = logging.getLogger("cloudfront.requests")

_current: ContextVar[Entry | None] = ContextVar("entry", default=None)


class Entry:
    """What is said of one request."""

    def __init__(self, request: Request, clock: Callable[[], float]) -> None:
        self._request = request
        self._clock = clock
        self._started = clock()
        self._remarks: list[str] = []

    def remark(self, text: str) -> None:
        self._remarks.extend(text.splitlines())

    def write(self, status: int, x_cache: str) -> None:
        """Writes the entry: at level ERROR for an answer of 5xx, WARNING with remarks, else INFO."""
        level = logging.ERROR if status >= 500 else logging.WARNING if self._remarks else logging.INFO
        took = (self._clock() - self._started) * 1000
        result = x_cache.replace(" from cloudfront", "")
        line = f"{status} {self._request.method} {_shown(self._request)} ({result}, {took:.0f} ms)"
        log.log(level, "%s", "\n    ".join([line, *self._remarks]))


def _shown(request: Request) -> str:
    return request.uri.encode("ascii", "backslashreplace").decode() + ("?..." if request.querystring else "")


@contextmanager
def entry(request: Request, clock: Callable[[], float]) -> Iterator[Entry]:
    """The entry of a request; remarks made meanwhile are part of it. `clock` gives seconds."""
    opened = Entry(request, clock)
    token = _current.set(opened)
    try:
        yield opened
    finally:
        _current.reset(token)


def remark(text: str) -> None:
    """Says something of the request under way, in one or several lines; on its own when there is none."""
    if opened := _current.get():
        opened.remark(text)
    else:
        log.warning("%s", text)
