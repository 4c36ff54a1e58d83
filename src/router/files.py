"""What a process knows of where files live."""

from __future__ import annotations

import time

from edge.cloudfront import TYPE_CHECKING
from edge.log import log
from router.lookup import lookup
from router.memory import Memory
from router.rejection import UnavailableError, UnknownFileError
from router.tokens import AccessTokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.location import Location
    from router.settings import Settings


class Files:
    """Asks the lookup API and remembers, by a clock that goes on while the sandbox sleeps, in seconds."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._tokens = AccessTokens(clock)
        self._memory = Memory(clock)

    def locate(self, settings: Settings, file_id: str, deadline: float) -> Location:
        """The file's nearest copy; while it cannot be asked for, by an answer that is not too old.

        `deadline` is a time of time.monotonic(). Raises Rejection.
        """
        # Another client may be told something else.
        file = (settings.lookup_url, settings.client_id, settings.scope, file_id)
        found = self._memory.fresh(file)
        if found is None:
            try:
                found = lookup(settings, file_id, self._tokens, deadline)
            except UnavailableError as error:
                stale = self._memory.stale(file)
                if stale is None:
                    raise
                log(decision="an old answer is used", cause=str(error))
                return stale
            self._memory.remember(file, found)
        if found.location is None:
            raise UnknownFileError("unknown file")
        return found.location
