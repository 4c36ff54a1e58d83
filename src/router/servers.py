"""Requests to the lookup API and the token endpoint, which need no AWS signature."""

from __future__ import annotations

from edge import http
from edge.retries import with_retries
from router.rejection import UnavailableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from edge.http_reader import Answer


def ask(server: str, method: str, url: str, headers: Mapping[str, str], body: bytes, deadline: float) -> Answer:
    """The server's answer. Its status is neither 408, 429 nor 5xx.

    After one of these or no answer, the request is sent again until the deadline, a time of `time.monotonic()`
    (edge.retries). `server` names the server in the error. Raises UnavailableError.
    """

    def attempt() -> Answer:
        try:
            answer = http.request(method, url, headers, body, deadline=deadline)
        except http.HttpError as error:
            raise UnavailableError(f"{server}: {error}") from error
        if answer.status in (408, 429) or answer.status >= 500:
            raise UnavailableError(f"{server}: HTTP {answer.status}")
        return answer

    return with_retries(attempt, lambda error: isinstance(error, UnavailableError), deadline=deadline)
