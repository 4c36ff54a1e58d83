"""A bounded memory of decisions. It holds a keyed hash in place of the credentials."""

from __future__ import annotations

import os
from hashlib import blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from authorizer.decision import Decision

# Random for each process. Without this key, nobody can test passwords against a fingerprint.
_KEY = os.urandom(blake2b.MAX_KEY_SIZE)


def fingerprint(*parts: str) -> bytes:
    """The keyed hash of credentials. Only the last of the parts may contain a colon."""
    return blake2b(":".join(parts).encode(), key=_KEY, digest_size=32).digest()


class Memory:
    """Remembers the last `capacity` decisions, each for `seconds` of the clock."""

    def __init__(self, capacity: int, seconds: float, clock: Callable[[], float]) -> None:
        self._capacity = capacity
        self._seconds = seconds
        self._clock = clock
        self._entries: dict[bytes, tuple[float, float, Decision]] = {}  # counts between these two times

    def recall(self, fingerprint: bytes) -> Decision | None:
        """The decision about the credentials with this fingerprint, or None if there is none or it has expired."""
        begin, end, decision = self._entries.get(fingerprint, (0.0, 0.0, None))
        # A clock that is set back makes no decision last longer.
        return decision if begin <= self._clock() < end else None

    def remember(self, fingerprint: bytes, decision: Decision) -> None:
        """Remember a decision from now on. When the memory is full, the oldest decision is dropped."""
        self._entries.pop(fingerprint, None)
        while len(self._entries) >= self._capacity:
            del self._entries[next(iter(self._entries))]
        now = self._clock()
        self._entries[fingerprint] = now, now + self._seconds, decision
