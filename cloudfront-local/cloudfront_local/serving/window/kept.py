"""The requests that the window shows: the last ones, bounded in number and in bytes."""

from __future__ import annotations

import copy
import json
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.trace import Call, Trace

REQUESTS = 1000
BYTES = 64 * 1024 * 1024
# Of one body: a longer one of a request cannot be sent again, and one of a response is shown in part.
REQUEST_BODY = 1024 * 1024
RESPONSE_BODY = 64 * 1024

_EACH = 4096  # bytes of a trace without bodies and events, about

_Message = TypeVar("_Message", Request, Response)


class Kept:
    """The traces of the last requests by id, the oldest first. `listeners` get each new one, with its number. Only the
    traces that `get` gives have the events and the results of functions."""

    def __init__(self, max_requests: int = REQUESTS, max_bytes: int = BYTES) -> None:
        self.listeners: set[Callable[[int, Trace], None]] = set()
        self._max_requests = max_requests
        self._max_bytes = max_bytes
        self._bytes = 0
        self._count = 0
        self._traces: OrderedDict[str, tuple[int, int, Trace]] = OrderedDict()

    def add(self, trace: Trace) -> None:
        """Keeps a finished request, and drops the oldest ones that are too many."""
        size = _trimmed(trace)
        self._count += 1
        self._traces[trace.id] = (self._count, size, trace)
        self._bytes += size
        while len(self._traces) > self._max_requests or self._bytes > self._max_bytes:
            _, (_, dropped, _) = self._traces.popitem(last=False)
            self._bytes -= dropped
        if self.listeners:
            for listener in list(self.listeners):
                listener(self._count, trace)

    def get(self, request_id: str) -> tuple[int, Trace] | None:
        """A request's number and trace; None if it is not kept."""
        found = self._traces.get(request_id)
        return (found[0], _shown(found[2])) if found else None

    def __iter__(self) -> Iterator[tuple[int, Trace]]:
        return iter([(number, trace) for number, _, trace in self._traces.values()])


def _trimmed(trace: Trace) -> int:
    """Cuts long bodies, and leaves of events and results the JSON alone: a thousand requests of many objects each would
    keep the garbage collector busy. Returns the size of the trace in bytes, about."""
    request = trace.request = _cut(trace.request, REQUEST_BODY)
    size = _EACH + len(request.body) + len(request.uri) + len(request.querystring)
    size += sum(map(len, request.headers)) + sum(map(len, request.headers.values()))
    if trace.response:
        trace.response = _cut(trace.response, RESPONSE_BODY)
        size += len(trace.response.body)
    for asked in trace.asked:
        # The request's body was that of the viewer, or the function's result shows it.
        asked.viewer, asked.made = _cut(asked.viewer, 0), _cut(asked.made, 0)
        asked.sent = _cut(asked.sent, RESPONSE_BODY)
        size += _EACH + len(asked.sent.body)
        if asked.response:
            asked.response = _cut(asked.response, RESPONSE_BODY)
            size += len(asked.response.body)
    for call in trace.calls:
        event, result = call.exchanged = call.exchanged or (_json(call.event), _json(call.result))
        call.event = call.result = None
        size += len(event) + len(result) + sum(map(len, call.log)) + len(call.failure[1])
    return size


def _json(value: object) -> bytes:
    try:
        return json.dumps(value).encode()
    except RecursionError:  # The function's result is nested almost as deeply as JSON can be read.
        return b'"nested too deeply to be shown"'


def _shown(trace: Trace) -> Trace:
    """A copy of a kept trace with the events and the results of its calls."""
    shown = copy.copy(trace)
    shown.calls = [_parsed(call) for call in trace.calls]
    return shown


def _parsed(call: Call) -> Call:
    assert call.exchanged  # noqa: S101 - it is kept
    event, result = map(json.loads, call.exchanged)
    return replace(call, event=event, result=result)


def _cut(message: _Message, length: int) -> _Message:
    """The message with the beginning of its body."""
    return message if len(message.body) <= length else replace(message, body=message.body[:length])
