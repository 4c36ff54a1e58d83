"""`cloudfront-local requests [--follow]`: the requests that the running stack's window keeps, in a terminal."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError

from cloudfront_local.errors import LocalError
from cloudfront_local.serving import running

# Seconds. The stream says something more often than that.
LIMIT = 60.0


def main(*, follow: bool) -> int:
    """Prints a line for each request, the oldest first; with `follow`, those that come as well. Returns 0 when all are
    printed, or when the stack has ended. Raises LocalError."""
    stack = running.read(Path.cwd())
    if stack is None:
        raise LocalError(running.NOT_RUNNING)
    if not stack.window:
        raise LocalError("The stack was started without the window (--no-window), which keeps the requests.")
    for each in _read(stack.window, follow=follow):
        print(_line(each, several=len(stack.distributions) > 1), flush=True)
    return 0


def _read(window: str, *, follow: bool) -> Iterator[dict[str, Any]]:
    try:
        yield from _followed(window) if follow else _listed(window)
    except (URLError, OSError, ValueError) as error:
        raise LocalError(f"The window at {window} does not answer ({error}). Start the stack again.") from None


def _listed(window: str) -> Iterator[dict[str, Any]]:
    with urllib.request.urlopen(f"{window}requests", timeout=LIMIT) as answer:  # noqa: S310 - the window's own address
        yield from json.loads(answer.read())


def _followed(window: str) -> Iterator[dict[str, Any]]:
    """The list, then those that come. The stream is opened before the list is read, so that none is lost."""
    with urllib.request.urlopen(f"{window}requests/stream", timeout=LIMIT) as stream:  # noqa: S310 - the same
        stream.readline()
        last = 0
        for each in _listed(window):
            last = each["number"]
            yield each
        for line in stream:
            if line.startswith(b"data: "):
                each = json.loads(line.removeprefix(b"data: "))
                if each["number"] > last:
                    yield each


def _line(request: dict[str, Any], *, several: bool) -> str:
    """`12:00:01  200 GET  /api/me  Miss  12 ms  AuthorizerFunction, SignerFunction`, with the distribution's id if
    there are several."""
    begun = time.strftime("%H:%M:%S", time.localtime(request["at"]))
    target = request["target"].encode("ascii", "backslashreplace").decode()
    distribution = (request["distribution"] if several else None) or ""
    fields = (begun, distribution, str(request["status"]), f"{request['method']} {target}", request["result"])
    functions = ", ".join(request["functions"])
    return "  ".join(filter(None, (*fields, f"{request['milliseconds']:.0f} ms", functions)))
