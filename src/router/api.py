"""A client of the lookup API. It sends an access token, and pauses after a failure."""

from __future__ import annotations

import time
from _thread import allocate_lock  # without the cost of importing `threading`

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

# These rejections concern every file, so they start a pause. The others concern one file, and the API works.
_FAILURES = (ForeignAnswerError, RefusedError, UnavailableError)
_NO_TIME = "lookup API: no time left to ask"


class LookupApi:
    """One lookup API, called as one OAuth client. `clock` counts seconds, also while the sandbox is frozen.

    After the API, or the token endpoint, has failed, all requests fail at once until the pause is over (edge.backoff).
    The first request after the pause calls the API again. Lambda gives a process one request at a time; if several
    threads call `find`, each waits for the one before it.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        self._url = settings.lookup_url
        self._token = AccessToken(settings, clock)
        self._pause = Backoff(clock)
        self._kind: type[Rejection] = UnavailableError
        self._failure = ""
        self._lock = allocate_lock()

    def find(self, file_id: str, deadline: float) -> tuple[Location | None, float]:
        """The file's nearest copy, and for how many seconds the caller may remember it (router.lookup).

        `deadline` is a time of time.monotonic(). Raises the errors of router.lookup, and UnavailableError.
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
        if time.monotonic() >= deadline:  # the API has not failed, so no pause begins
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
        """The API's answer. If the API refuses the token (401), asks once more with a new token."""
        answer = self._ask_with(self._token.get(deadline), file_id, deadline)
        if answer.status == 401:
            self._token.forget()
            answer = self._ask_with(self._token.get(deadline), file_id, deadline)
        return answer

    def _ask_with(self, token: str, file_id: str, deadline: float) -> Answer:
        headers = {"authorization": f"Bearer {token}", "accept": "application/json"}
        return ask("lookup API", "GET", self._url + file_id, headers, b"", deadline)
