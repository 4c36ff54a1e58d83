"""Asks the lookup API where a file lives."""

from __future__ import annotations

import os
import time

from edge import http
from edge.http_reader import Answer
from edge.regions import nearest_first
from router.location import locations
from router.rejection import BadAnswerError, MalformedIdError, RefusedError, UnavailableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from router.location import Location
    from router.settings import Settings
    from router.tokens import AccessTokens

_ATTEMPTS = 3
_FIRST_PAUSE = 0.05  # seconds at most, doubled with every attempt
# Seconds.
_LONGEST = 300.0  # a file that moves is found again within them
_UNSTATED = 60.0
_UNKNOWN = 5.0  # a file that is registered now is found in a moment


def lookup(settings: Settings, file_id: str, tokens: AccessTokens, deadline: float) -> tuple[Location | None, float]:
    """The nearest copy of a file, None for an unknown one; and how long that may be remembered, in seconds.

    A token that the API does not take is replaced, once.
    Raises BadAnswerError, MalformedIdError, RefusedError, UnavailableError.
    """
    answer = _ask_api(settings, file_id, tokens.get(settings, deadline), deadline)
    if answer.status == 401:
        tokens.forget(settings)
        answer = _ask_api(settings, file_id, tokens.get(settings, deadline), deadline)
    match answer.status:
        case 200:
            location = nearest_first(locations(answer.body), os.environ["AWS_REGION"], lambda place: place.region)[0]
            return location, _max_age(answer.headers.get("cache-control", ""))
        case 404 | 410:
            return None, _UNKNOWN
        case 400:
            raise MalformedIdError("lookup API: HTTP 400")
        case 401 | 403:
            raise RefusedError(f"token refused: lookup API: HTTP {answer.status}")
        case status:
            raise BadAnswerError(f"lookup API: HTTP {status}")


def _ask_api(settings: Settings, file_id: str, token: str, deadline: float) -> Answer:
    headers = {"authorization": f"Bearer {token}", "accept": "application/json"}
    return ask("lookup API", "GET", settings.lookup_url + file_id, headers, b"", deadline)


def ask(whom: str, method: str, url: str, headers: Mapping[str, str], body: bytes, deadline: float) -> Answer:
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


def _max_age(cache_control: str) -> float:
    """RFC 9111, section 5.2.2: what may not be stored or has to be asked for anew is not remembered."""
    directives = [directive.strip().lower() for directive in cache_control.split(",")]
    if "no-store" in directives or "no-cache" in directives:
        return 0.0
    ages = [d.removeprefix("max-age=").strip('"') for d in directives if d.startswith("max-age=")]
    return min(float(ages[0]), _LONGEST) if ages and ages[0].isascii() and ages[0].isdigit() else _UNSTATED
