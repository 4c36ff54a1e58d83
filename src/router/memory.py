"""What the lookup API said, remembered for as long as it may be."""

from __future__ import annotations

import time

from edge.cloudfront import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.location import Location
    from router.lookup import Found

    File = tuple[str, ...]

# Seconds.
_LONGEST = 300.0  # a file that moves is found again within them
_UNSTATED = 60.0
_UNKNOWN = 5.0  # a file that is registered now is found in a moment
_STALE = 300.0  # how old an answer may be that stands in for one that cannot be had
_RETRY = 5.0  # then, the API is left alone


class Memory:
    """Answers by file: of files and of unknown ones, `capacity` each, so that guesses do not push files out.

    `clock` counts seconds, also while the sandbox sleeps. The oldest answer makes room.
    """

    def __init__(self, clock: Callable[[], float] = time.time, capacity: int = 1000) -> None:
        self._clock = clock
        self._capacity = capacity
        # Each with the times when it was given and until when it is used.
        self._files: dict[File, tuple[Found, float, float]] = {}
        self._unknown: dict[File, tuple[Found, float, float]] = {}

    def fresh(self, file: File) -> Found | None:
        """What the API said; None if it is to be asked."""
        found, given, until = self._files.get(file) or self._unknown.get(file) or (None, 0.0, 0.0)
        return found if given <= self._clock() < until else None

    def stale(self, file: File) -> Location | None:
        """The location by an answer up to 5 minutes old, which is used for seconds from now on; None without one."""
        found, given, _ = self._files.get(file) or (None, 0.0, 0.0)
        now = self._clock()
        if found is None or not given <= now <= given + _STALE:
            return None
        self._files[file] = found, given, min(now + _RETRY, given + _STALE)
        return found.location

    def remember(self, file: File, found: Found) -> None:
        """Keeps what the API said in place of what it said before; if it is not to be kept, neither."""
        self._files.pop(file, None)
        self._unknown.pop(file, None)
        age = min(_UNSTATED if found.max_age is None else found.max_age, _LONGEST) if found.location else _UNKNOWN
        if age > 0:
            answers = self._files if found.location else self._unknown
            if len(answers) >= self._capacity:
                del answers[next(iter(answers))]
            now = self._clock()
            answers[file] = found, now, now + age
