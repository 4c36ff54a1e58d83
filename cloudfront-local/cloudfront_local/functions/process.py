"""Runs a function in a process of its own, so that no function can stop the server.

A call's own limits end a loop, a recursion or a catastrophic pattern. They do not end a native search in a long text,
because QuickJS cannot be interrupted there: this ends the process, and the next call has another one. It also measures
CPU time well: QuickJS counts the CPU time of the whole process.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cloudfront_local.functions.function import EdgeFunction
from cloudfront_local.functions.key_value_store import Store
from cloudfront_local.functions.outcome import FunctionError, Outcome
from cloudfront_local.functions.sandbox import Call

WALL_SECONDS = 2.0
"""A call without an answer after this time is ended with its process. The limit of CPU time is ten times shorter."""
_COMMAND = (sys.executable, "-m", "cloudfront_local.functions.child")
_PACKAGES = str(Path(__file__).parents[2])


class FunctionProcess:
    """A function in a process, which starts at the first call. Use it in one event loop, and close it."""

    def __init__(self, function: EdgeFunction) -> None:
        self._function = function
        self._process: asyncio.subprocess.Process | None = None
        self._sent_store: Store | None = None
        self._in_use = asyncio.Lock()

    async def run(self, call: Call, store: Store | None = None) -> Outcome:
        """Calls the handler once. Errors are in the outcome."""
        async with self._in_use:
            try:
                async with asyncio.timeout(WALL_SECONDS):
                    return await self._ask(call, store)
            except TimeoutError:
                await self._kill()
                return self._failed("InternalError: the function ran too long")
            except (asyncio.IncompleteReadError, ConnectionError):
                await self._kill()
                return self._failed("InternalError: the function ended its process")
            except asyncio.CancelledError:  # the answer of this call must not become the next one's
                await self._kill()
                raise

    async def start(self) -> None:
        """Starts the process in advance."""
        async with self._in_use:
            await self._started()

    async def close(self) -> None:
        """Ends the process."""
        async with self._in_use:
            await self._kill()

    async def _ask(self, call: Call, store: Store | None) -> Outcome:
        process = await self._started()
        assert process.stdin and process.stdout  # noqa: S101 - both are pipes
        if store is not self._sent_store:
            process.stdin.write(_message({"store": _fields(store)}))
            self._sent_store = store
        process.stdin.write(_message({"call": vars(call)}))
        await process.stdin.drain()
        length = int.from_bytes(await process.stdout.readexactly(4), "big")
        return Outcome.from_fields(json.loads(await process.stdout.readexactly(length)))

    async def _started(self) -> asyncio.subprocess.Process:
        if self._process is None:
            pipe = asyncio.subprocess.PIPE
            environment = {**os.environ, "PYTHONPATH": _PACKAGES}
            # A session of its own: Ctrl-C in the terminal ends the server, which ends the process.
            self._process = await asyncio.create_subprocess_exec(
                *_COMMAND, stdin=pipe, stdout=pipe, env=environment, start_new_session=True
            )
            assert self._process.stdin  # noqa: S101 - a pipe
            self._process.stdin.write(_message({"program": asdict(self._function.program)}))
            self._sent_store = None
        return self._process

    async def _kill(self) -> None:
        process, self._process = self._process, None
        if process:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def _failed(self, message: str) -> Outcome:
        return Outcome(error=FunctionError(message, self._function.program.name), utilization=100)


def _message(fields: dict[str, Any]) -> bytes:
    payload = json.dumps(fields).encode()
    return len(payload).to_bytes(4, "big") + payload


def _fields(store: Store | None) -> dict[str, Any] | None:
    if store is None:
        return None
    return {
        "id": store.id,
        "items": dict(store.items),
        "created": store.created.isoformat(),
        "updated": store.updated.isoformat(),
    }
