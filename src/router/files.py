"""What a process knows of where files live."""

from __future__ import annotations

import time

from edge.log import log
from router.api import LookupApi
from router.rejection import Rejection, UnknownFileError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from router.location import Location
    from router.settings import Settings

    Client = tuple[str, ...]  # of a lookup API: Settings.client
    File = tuple[Client, str]  # with its id
    Answer = tuple[Location | None, float, float]  # with the times when it was given and until when it is used

# Seconds.
_STALE = 300.0  # how old an answer may be that stands in for one that cannot be had
_RETRY = 5.0  # then, the file is not asked for


class Files:
    """Asks the lookup APIs and remembers, by a clock that goes on while the sandbox sleeps, in seconds.

    There are as many APIs as the distributions that use this function have different settings. Of files and of unknown
    ones it remembers `capacity` answers each, so that guesses do not push files out. The oldest makes room.
    """

    def __init__(self, clock: Callable[[], float] = time.time, capacity: int = 1000) -> None:
        self._clock = clock
        self._capacity = capacity
        self._apis: dict[Client, LookupApi] = {}
        self._known: dict[File, Answer] = {}
        self._unknown: dict[File, Answer] = {}

    def locate(self, settings: Settings, file_id: str, deadline: float) -> Location:
        """The file's nearest copy; by an answer up to 5 minutes old, whatever keeps the API from giving a new one.

        `deadline` is a time of time.monotonic(). Raises Rejection.
        """
        file = (settings.client, file_id)
        location, given, until = self._known.get(file) or self._unknown.get(file) or (None, 0.0, 0.0)
        if not given <= self._clock() < until:
            try:
                found = self._api(settings).find(file_id, deadline)
            except Rejection as rejection:
                return self._stale(file, rejection)
            location = self._remember(file, *found)
        if location is None:
            raise UnknownFileError("unknown file")
        return location

    def _api(self, settings: Settings) -> LookupApi:
        if settings.client not in self._apis:
            self._apis.setdefault(settings.client, LookupApi(settings, self._clock))
        return self._apis[settings.client]

    def _stale(self, file: File, rejection: Rejection) -> Location:
        """The location of an old answer, which is used for seconds from now on. Raises the rejection without one."""
        location, given, _ = self._known.get(file, (None, 0.0, 0.0))
        now = self._clock()
        if location is None or not given <= now <= given + _STALE:
            raise rejection
        self._known[file] = location, given, min(now + _RETRY, given + _STALE)
        log(decision="an old answer is used", cause=str(rejection))
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
