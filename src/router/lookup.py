"""Asks the lookup API where a file lives."""

from __future__ import annotations

import os
import time

from edge import http
from edge.cloudfront import TYPE_CHECKING
from router.credentials import TokenRefusedError
from router.location import BadAnswerError, locations

if TYPE_CHECKING:
    from router.credentials import AccessTokens
    from router.location import Location
    from router.settings import Settings

_ATTEMPTS = 3
_FIRST_PAUSE = 0.05  # seconds at most, doubled with every attempt


class LookupUnavailableError(Exception):
    """The API does not answer, or answers that it cannot now."""


class Found:
    """The file's locations, none for an unknown file, and how long the API lets them be remembered, in seconds."""

    __slots__ = ("locations", "max_age")

    def __init__(self, found: list[Location], max_age: float | None) -> None:
        self.locations = found
        self.max_age = max_age


def lookup(settings: Settings, file_id: str, tokens: AccessTokens, deadline: float) -> Found:
    """What the API says of a file. A token that it refuses is replaced once.

    Raises LookupUnavailableError, BadAnswerError, and what `AccessTokens.get` raises.
    """
    answer = _ask(settings, file_id, tokens.get(settings, deadline), deadline)
    if answer.status == 401:
        tokens.forget(settings)
        answer = _ask(settings, file_id, tokens.get(settings, deadline), deadline)
    match answer.status:
        case 200:
            return Found(locations(answer.body), _max_age(answer.headers.get("cache-control", "")))
        case 404:
            return Found([], None)
        case 401 | 403:
            raise TokenRefusedError(f"lookup API: HTTP {answer.status}")
        case status if status == 429 or status >= 500:
            raise LookupUnavailableError(f"lookup API: HTTP {status}")
        case status:
            raise BadAnswerError(f"it is HTTP {status}")


def _ask(settings: Settings, file_id: str, token: str, deadline: float) -> http.Answer:
    """One answer; no answer, throttling and a 5xx are tried again after a random pause, within the deadline."""
    url, headers = settings.lookup_url + file_id, {"authorization": f"Bearer {token}", "accept": "application/json"}
    for attempt in range(_ATTEMPTS):
        pause = int.from_bytes(os.urandom(4), "big") / 2**32 * _FIRST_PAUSE * 2**attempt
        last = attempt == _ATTEMPTS - 1 or time.monotonic() + pause >= deadline
        try:
            answer = http.request("GET", url, headers, deadline=deadline)
            if last or not (answer.status == 429 or answer.status >= 500):
                return answer
        except http.HttpError as error:
            if last:
                raise LookupUnavailableError(f"lookup API: {error}") from error
        time.sleep(pause)
    raise AssertionError("the last attempt returns or raises")


def _max_age(cache_control: str) -> float | None:
    """RFC 9111, section 5.2.2: `no-store` and `no-cache` keep nothing; without a number the API says nothing."""
    directives = [directive.strip().lower() for directive in cache_control.split(",")]
    if "no-store" in directives or "no-cache" in directives:
        return 0.0
    ages = [d.removeprefix("max-age=").strip('"') for d in directives if d.startswith("max-age=")]
    return float(ages[0]) if ages and ages[0].isascii() and ages[0].isdigit() else None
