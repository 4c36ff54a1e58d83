"""A bounded memory of decisions, which never holds the credentials that they are about."""

from __future__ import annotations

import os
from hashlib import blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from authorizer.decision import Decision

# Random, and gone with the process: nobody outside it can try passwords against a fingerprint.
_KEY = os.urandom(blake2b.MAX_KEY_SIZE)


def fingerprint(*parts: str) -> bytes:
    """The keyed hash under which credentials are remembered. Of the parts, none but the last holds a colon."""
    return blake2b(":".join(parts).encode(), key=_KEY, digest_size=32).digest()


class Memory:
    """Remembers the last `capacity` decisions, each for `seconds` of the clock."""

    def __init__(self, capacity: int, seconds: float, clock: Callable[[], float]) -> None:
        self._capacity = capacity
        self._seconds = seconds
        self._clock = clock
        self._entries: dict[bytes, tuple[float, Decision]] = {}

    def recall(self, fingerprint: bytes) -> Decision | None:
        """What was decided about the credentials of this fingerprint, unless it was too long ago."""
        entry = self._entries.get(fingerprint)
        if entry is None or entry[0] <= self._clock():
            return None
        return entry[1]

    def remember(self, fingerprint: bytes, decision: Decision) -> None:
        """Remember from now on. The oldest makes room, which is also the first to expire."""
        self._entries.pop(fingerprint, None)
        while len(self._entries) >= self._capacity:
            del self._entries[next(iter(self._entries))]
        self._entries[fingerprint] = (self._clock() + self._seconds, decision)
