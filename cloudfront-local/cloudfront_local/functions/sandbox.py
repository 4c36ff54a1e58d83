"""One call of a function in a fresh QuickJS context, within CloudFront's limits."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from typing import Any

import quickjs

from cloudfront_local.functions import key_value_store, limits
from cloudfront_local.functions.environment import Environment
from cloudfront_local.functions.key_value_store import Store
from cloudfront_local.functions.outcome import FunctionError, OriginChoice, Outcome

_PLACE = re.compile(r"\((?P<file>[^()\n]*):(?P<line>\d+):(?P<column>\d+)\)")
_TOO_LONG = "InternalError: the function ran too long"
_OUT_OF_MEMORY = "MemoryError: the function used more than 2 MB of memory"
_NEVER_SETTLES = "Error: the promise that the handler returned never settles"


@dataclass(frozen=True)
class Call:
    """The input of a call. `raw_query` is the query string without `?`, or None. `now` is in milliseconds since 1970,
    and `seed` is a number that makes Math.random."""

    event: dict[str, Any]
    raw_query: str | None = None
    now: int = field(default_factory=lambda: time.time_ns() // 1_000_000)
    seed: int = field(default_factory=lambda: time.time_ns() & 0x7FFFFFFF)
    edge_location: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Program:
    """A function that is ready to run. `text` is its script: see syntax/script.py."""

    name: str
    text: str
    environment: Environment


class _Ended(Exception):  # noqa: N818 - how a call ended
    """The call ended without a result. The text is the error's."""


class Sandbox:
    """A context for one call. Making it takes longer than most calls; it may be made before the call arrives."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._context = quickjs.Context()
        self._host = program.environment.prepare(self._context)
        self._context.set_max_stack_size(limits.STACK_BYTES)
        self._context.set_memory_limit(limits.MEMORY_BYTES + limits.ENVIRONMENT_BYTES)

    def call(self, call: Call, store: Store | None) -> Outcome:
        """Runs the function's code and calls its handler. An error is in the outcome."""
        started = time.thread_time()
        error = None
        try:
            self._run(call, store, started + limits.CPU_SECONDS)
        except (quickjs.JSException, quickjs.StackOverflow, _Ended, UnicodeError) as failure:
            error = self._error(str(failure))
        return self._outcome(error, limits.utilization(time.thread_time() - started))

    def _run(self, call: Call, store: Store | None, deadline: float) -> None:
        self._context.set_time_limit(limits.CPU_SECONDS)
        self._host("begin", self._settings(call))
        handler = self._context.eval(self._program.text)
        if handler is None:
            raise _Ended('ReferenceError: "handler" is not defined')
        self._host("call", json.dumps({"event": call.event, "rawQuery": call.raw_query}), handler)
        self._finish(store, deadline)

    def _settings(self, call: Call) -> str:
        return json.dumps(
            {
                "now": call.now,
                "seed": call.seed,
                "eventType": call.event.get("context", {}).get("eventType", ""),
                "edgeLocation": call.edge_location,
            }
        )

    def _finish(self, store: Store | None, deadline: float) -> None:
        """Runs the jobs of promises, and answers the reads of the store, until nothing is left to do."""
        while True:
            while self._context.execute_pending_job():
                if time.thread_time() > deadline:
                    raise _Ended(_TOO_LONG)
            waiting = self._host("reads", "")
            if not waiting:
                return
            answers = [key_value_store.answer(store, request) for request in _requests(waiting)]
            self._host("answer", json.dumps(answers))

    def _outcome(self, error: FunctionError | None, utilization: int) -> Outcome:
        state = self._state()
        if error is None and state.get("status") != "returned":
            failure = str(state.get("message", _NEVER_SETTLES if state else _OUT_OF_MEMORY))
            error = self._error(f"{failure}\n{state.get('stack', '')}")
        return Outcome(
            result=state.get("result") if error is None else None,
            error=error,
            logs=_cut(state.get("logs")),
            utilization=utilization,
            origin=_origin(state.get("origin")),
            custom_log=str(state.get("customLog") or "").encode()[: limits.CUSTOM_LOG_BYTES].decode(errors="ignore"),
            returned=str(state.get("kind", "undefined")),
        )

    def _state(self) -> dict[str, Any]:
        """The state of the call. The function's code may have used all its memory, or replaced a `toJSON`."""
        self._context.set_memory_limit(2 * limits.MEMORY_BYTES + limits.ENVIRONMENT_BYTES)
        try:
            state = json.loads(self._host("state", ""))
            result = json.loads(state.get("result") or "null")
        except (quickjs.JSException, quickjs.StackOverflow, RecursionError, ValueError, TypeError, AttributeError):
            return {}
        return {**state, "result": result}

    def _error(self, text: str) -> FunctionError:
        """The error from QuickJS's text: the message in a line, then the stack."""
        if text.startswith("null"):  # QuickJS has no memory left for an error
            text = _OUT_OF_MEMORY
        message, _, stack = text.partition("\n")
        if message == "InternalError: out of memory":
            message = _OUT_OF_MEMORY
        if message == "InternalError: interrupted":
            message = _TOO_LONG
        place = _PLACE.search(stack)
        frames = "\n".join(line for line in stack.splitlines() if line.startswith("    at "))
        line, column = self._place(int(place["line"]), int(place["column"])) if place else (0, 0)
        return FunctionError(message, self._program.name, line, column, frames)

    def _place(self, line: int, column: int) -> tuple[int, int]:
        """QuickJS counts a column in bytes of UTF-8; people count characters."""
        lines = self._program.text.split("\n")  # the source begins on the second line
        text = lines[line].encode() if line < len(lines) else b""
        return line, len(text[: column - 1].decode(errors="ignore")) + 1


def _requests(waiting: str) -> list[dict[str, Any]]:
    """The reads that wait for an answer. The function's code may have replaced a `toJSON`."""
    requests = json.loads(waiting)
    if not isinstance(requests, list) or not all(map(_is_request, requests)):
        raise _Ended("TypeError: a read of a key value store was changed")
    return requests


def _is_request(request: Any) -> bool:
    match request:
        case {"store": str() | None, "operation": str(), "key": str() | None}:
            return True
    return False


def _origin(choice: Any) -> OriginChoice | None:
    if not isinstance(choice, dict):
        return None
    return OriginChoice(str(choice.get("helper")), choice.get("parameters"), str(choice.get("originId", "")))


def _cut(logs: Any) -> tuple[str, ...]:
    """The lines of a call's log, up to the limit."""
    kept: list[str] = []
    left = limits.LOG_BYTES
    for text in logs if isinstance(logs, list) else ():
        line = str(text).encode()[:left].decode(errors="ignore")
        left -= len(line.encode())
        kept.append(line)
        if left <= 0:
            break
    return tuple(kept)
