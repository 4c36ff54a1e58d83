"""Remembers where files live, for one process."""

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

    Client = tuple[str, ...]  # a client of a lookup API: Settings.client
    File = tuple[Client, str]  # a client and a file's id
    Answer = tuple[Location | None, float, float]  # a location, when the API gave it, and when it expires

# In seconds.
_STALE = 300.0  # the greatest age of an expired answer that is used while the lookup API fails
_RETRY = 5.0  # for this long, the expired answer is used without another call of the API


class Files:
    """Calls the lookup APIs and remembers their answers. `clock` counts seconds, also while the sandbox is frozen.

    There is one API for each distinct set of settings among the distributions that use this function. `capacity`
    answers about known files are remembered, and as many about unknown ids: guessed ids do not displace files. When a
    memory is full, its oldest answer is dropped.
    """

    def __init__(self, clock: Callable[[], float] = time.time, capacity: int = 1000) -> None:
        self._clock = clock
        self._capacity = capacity
        self._apis: dict[Client, LookupApi] = {}
        self._known: dict[File, Answer] = {}
        self._unknown: dict[File, Answer] = {}

    def locate(self, settings: Settings, file_id: str, deadline: float) -> Location:
        """The file's nearest copy. If the API gives no new answer, an answer of the last 5 minutes is used.

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
        """The location of an expired answer, which is now used for _RETRY seconds more.

        Raises the rejection if there is no answer, or if it is older than _STALE seconds.
        """
        location, given, _ = self._known.get(file, (None, 0.0, 0.0))
        now = self._clock()
        if location is None or not given <= now <= given + _STALE:
            raise rejection
        self._known[file] = location, given, min(now + _RETRY, given + _STALE)
        log(decision="an expired answer is used", cause=str(rejection))
        return location

    def _remember(self, file: File, location: Location | None, seconds: float) -> Location | None:
        """Replaces the remembered answer about a file. If `seconds` is 0, nothing is remembered about it."""
        self._known.pop(file, None)
        self._unknown.pop(file, None)
        if seconds > 0:
            answers = self._known if location else self._unknown
            if len(answers) >= self._capacity:
                del answers[next(iter(answers))]
            now = self._clock()
            answers[file] = location, now, now + seconds
        return location
