"""HTTP requests to the lookup API and the token endpoint, tried again while that may help."""

from __future__ import annotations

import os
import time

from edge import http
from edge.cloudfront import TYPE_CHECKING
from router.rejection import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Mapping

_ATTEMPTS = 3
_FIRST_PAUSE = 0.05  # seconds at most, doubled with every attempt


def request(whom: str, method: str, url: str, headers: Mapping[str, str], body: bytes, deadline: float) -> http.Answer:
    """An answer that is neither a 5xx nor throttling.

    These and no answer at all are tried again after a pause, random between nothing and a bound that doubles ("full
    jitter"), as long as the deadline allows. `whom` names the server in what is raised: UnavailableError.
    """
    for attempt in range(_ATTEMPTS):
        try:
            answer = http.request(method, url, headers, body, deadline=deadline)
        except http.HttpError as error:
            failure = str(error)
        else:
            if answer.status != 429 and answer.status < 500:
                return answer
            failure = f"HTTP {answer.status}"
        pause = int.from_bytes(os.urandom(4), "big") / 2**32 * _FIRST_PAUSE * 2**attempt
        if attempt == _ATTEMPTS - 1 or time.monotonic() + pause >= deadline:
            break
        time.sleep(pause)
    raise UnavailableError(f"{whom}: {failure}")
