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
        self._entries: dict[bytes, tuple[float, Decision]] = {}

    def recall(self, fingerprint: bytes) -> Decision | None:
        """The decision about the credentials with this fingerprint, or None if there is none or it has expired."""
        entry = self._entries.get(fingerprint)
        if entry is None or entry[0] <= self._clock():
            return None
        return entry[1]

    def remember(self, fingerprint: bytes, decision: Decision) -> None:
        """Remember a decision from now on. When the memory is full, the oldest decision is dropped."""
        self._entries.pop(fingerprint, None)
        while len(self._entries) >= self._capacity:
            del self._entries[next(iter(self._entries))]
        self._entries[fingerprint] = (self._clock() + self._seconds, decision)
