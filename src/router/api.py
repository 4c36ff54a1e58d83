"""The lookup API, asked with a client's token, and left alone for a while after it failed."""

from __future__ import annotations

import time
from _thread import allocate_lock  # all of `threading` that is needed, without its import

from edge.backoff import Backoff
from router.lookup import read_answer
from router.rejection import ForeignAnswerError, RefusedError, UnavailableError
from router.servers import ask
from router.tokens import AccessToken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from edge.http_reader import Answer
    from router.location import Location
    from router.rejection import Rejection
    from router.settings import Settings

# What concerns every file. Other rejections concern the file that was asked for, and the API is well.
_FAILURES = (ForeignAnswerError, RefusedError, UnavailableError)
_NO_TIME = "lookup API: no time left to ask"


class LookupApi:
    """One lookup API, as one client asks it. `clock` counts seconds, also while the sandbox sleeps.

    While it fails, or the way to its token does, one request in a pause finds that out (edge.backoff); the others are
    told at once. Lambda gives a process one request at a time. Where several come at once, each waits for the one
    before.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        self._url = settings.lookup_url
        self._token = AccessToken(settings, clock)
        self._pause = Backoff(clock)
        self._kind: type[Rejection] = UnavailableError
        self._failure = ""
        self._lock = allocate_lock()

    def find(self, file_id: str, deadline: float) -> tuple[Location | None, float]:
        """The file's nearest copy and how long that may be remembered, as router.lookup says.

        `deadline` is a time of time.monotonic(). Raises what router.lookup raises, and UnavailableError.
        """
        if not self._lock.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise UnavailableError(_NO_TIME)
        try:
            return self._find(file_id, deadline)
        finally:
            self._lock.release()

    def _find(self, file_id: str, deadline: float) -> tuple[Location | None, float]:
        if not self._pause.is_over():
            raise self._kind(f"{self._failure} (not asked again yet)")
        if time.monotonic() >= deadline:  # no fault of the API's, and no reason for a pause
            raise UnavailableError(_NO_TIME)
        try:
            found = read_answer(self._ask(file_id, deadline))
        except _FAILURES as failure:
            self._kind, self._failure = type(failure), str(failure)
            self._pause.failed()
            raise
        self._pause.succeeded()
        return found

    def _ask(self, file_id: str, deadline: float) -> Answer:
        """The API's answer. A token that it does not take is replaced, once."""
        answer = self._ask_with(self._token.get(deadline), file_id, deadline)
        if answer.status == 401:
            self._token.forget()
            answer = self._ask_with(self._token.get(deadline), file_id, deadline)
        return answer

    def _ask_with(self, token: str, file_id: str, deadline: float) -> Answer:
        headers = {"authorization": f"Bearer {token}", "accept": "application/json"}
        return ask("lookup API", "GET", self._url + file_id, headers, b"", deadline)
