"""What a process knows of where files live."""

import time
from collections.abc import Callable

from edge.log import log
from router.location import Location
from router.lookup import lookup
from router.rejection import UnavailableError, UnknownFileError
from router.settings import Settings
from router.tokens import AccessTokens

File = tuple[str, ...]  # its lookup API, who asks there, and its id
Answer = tuple[Location | None, float, float]  # with the times when it was given and until when it is used

# Seconds.
_STALE = 300.0  # how old an answer may be that stands in for one that cannot be had
_RETRY = 5.0  # then, the API is left alone


class Files:
    """Asks the lookup API and remembers, by a clock that goes on while the sandbox sleeps, in seconds.

    Of files and of unknown ones it remembers `capacity` answers each, so that guesses do not push files out. The
    oldest makes room.
    """

    def __init__(self, clock: Callable[[], float] = time.time, capacity: int = 1000) -> None:
        self._clock = clock
        self._capacity = capacity
        self._tokens = AccessTokens(clock)
        self._known: dict[File, Answer] = {}
        self._unknown: dict[File, Answer] = {}

    def locate(self, settings: Settings, file_id: str, deadline: float) -> Location:
        """The file's nearest copy; while it cannot be asked for, by an answer up to 5 minutes old.

        `deadline` is a time of time.monotonic(). Raises Rejection.
        """
        file = (settings.lookup_url, settings.client_id, settings.scope, file_id)
        location, given, until = self._known.get(file) or self._unknown.get(file) or (None, 0.0, 0.0)
        if not given <= self._clock() < until:
            try:
                found = lookup(settings, file_id, self._tokens, deadline)
            except UnavailableError as error:
                return self._stale(file, error)
            location = self._remember(file, *found)
        if location is None:
            raise UnknownFileError("unknown file")
        return location

    def _stale(self, file: File, error: UnavailableError) -> Location:
        """The location of an old answer, which is used for seconds from now on. Raises the error if it is too old."""
        location, given, _ = self._known.get(file, (None, 0.0, 0.0))
        now = self._clock()
        if location is None or not given <= now <= given + _STALE:
            raise error
        self._known[file] = location, given, min(now + _RETRY, given + _STALE)
        log(decision="an old answer is used", cause=str(error))
        return location

    def _remember(self, file: File, location: Location | None, seconds: float) -> Location | None:
        """Keeps an answer in place of what was kept; for no time, neither."""
        self._known.pop(file, None)
        self._unknown.pop(file, None)
        if seconds > 0:
            answers = self._known if location else self._unknown
            if len(answers) >= self._capacity:
                del answers[next(iter(answers))]
            now = self._clock()
            answers[file] = location, now, now + seconds
        return location
