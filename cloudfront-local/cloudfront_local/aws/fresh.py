"""Look-ups in the embedded AWS whose answers are kept for a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

# On AWS, changes take longer to apply. Without this cache, each request would cost several calls of the embedded AWS.
_SECONDS = 1.0

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Fresh(Generic[K, T]):
    """Calls `look_up(key)` in a thread, and keeps the answer for a second. A failure is not kept."""

    def __init__(self, look_up: Callable[[K], T]) -> None:
        self._look_up = look_up
        self._asked: dict[K, asyncio.Task[T]] = {}

    async def __call__(self, key: K) -> T:
        if key not in self._asked:
            self._asked[key] = task = asyncio.create_task(asyncio.to_thread(self._look_up, key))
            task.add_done_callback(lambda done: self._answered(key, done))
        return await asyncio.shield(self._asked[key])  # Other callers may wait for the same task.

    def _answered(self, key: K, task: asyncio.Task[T]) -> None:
        if task.cancelled() or task.exception():
            del self._asked[key]
        else:
            task.get_loop().call_later(_SECONDS, self._asked.pop, key, None)
