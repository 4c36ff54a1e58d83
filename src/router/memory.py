"""What the lookup API said, remembered for as long as it may be."""

from __future__ import annotations

import time

from edge.cloudfront import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.location import Location
    from router.lookup import Found

_ENTRIES = 1000
_LONGEST = 300.0  # seconds; a file that moves is found again within them
_UNSTATED = 60.0
_UNKNOWN = 5.0  # a file that is registered now is found in a moment
_STALE = 300.0  # how old an answer may be that stands in for one that cannot be had


class Memory:
    """Locations by file, for a bounded number of files; the oldest answer makes room."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._answers: dict[str, tuple[list[Location], float, float]] = {}

    def fresh(self, file: str) -> list[Location] | None:
        """The remembered locations (none: an unknown file), or None if the API is to be asked."""
        known, _, fresh_until = self._answers.get(file, ([], 0.0, 0.0))
        return known if self._clock() < fresh_until else None

    def stale(self, file: str) -> list[Location] | None:
        """The locations of an answer up to 5 minutes old; None without one. Not for unknown files."""
        known, asked_at, _ = self._answers.get(file, ([], 0.0, 0.0))
        return known if known and self._clock() <= asked_at + _STALE else None

    def remember(self, file: str, found: Found) -> None:
        """Keeps what the API said in place of what it said before."""
        now = self._clock()
        age = min(_UNSTATED if found.max_age is None else found.max_age, _LONGEST) if found.locations else _UNKNOWN
        self._answers.pop(file, None)
        self._answers[file] = found.locations, now, now + age
        if len(self._answers) > _ENTRIES:
            del self._answers[next(iter(self._answers))]
