"""Asks the lookup API where a file lives."""

from __future__ import annotations

import os

from edge.cloudfront import TYPE_CHECKING
from edge.regions import nearest
from router import attempts
from router.location import locations
from router.rejection import BadAnswerError, MalformedIdError, RefusedError

if TYPE_CHECKING:
    from edge.http import Answer
    from router.location import Location
    from router.settings import Settings
    from router.tokens import AccessTokens


class Found:
    """The copy of a file that is nearest, None for an unknown file; and how long that may be remembered, in seconds,
    None if the API does not say."""

    __slots__ = ("location", "max_age")

    def __init__(self, location: Location | None, max_age: float | None = None) -> None:
        self.location = location
        self.max_age = max_age


def lookup(settings: Settings, file_id: str, tokens: AccessTokens, deadline: float) -> Found:
    """What the API says of a file. A token that it does not take is replaced, once.

    Raises BadAnswerError, MalformedIdError, RefusedError, UnavailableError.
    """
    answer = _ask(settings, file_id, tokens.get(settings, deadline), deadline)
    if answer.status == 401:
        tokens.forget(settings)
        answer = _ask(settings, file_id, tokens.get(settings, deadline), deadline)
    match answer.status:
        case 200:
            location = nearest(locations(answer.body), os.environ["AWS_REGION"], lambda place: place.region)
            return Found(location, _max_age(answer.headers.get("cache-control", "")))
        case 404 | 410:
            return Found(None)
        case 400:
            raise MalformedIdError("lookup API: HTTP 400")
        case 401:
            raise tokens.refused(settings, "token refused: lookup API: HTTP 401")
        case 403:
            raise RefusedError("token refused: lookup API: HTTP 403")
        case status:
            raise BadAnswerError(f"lookup API: HTTP {status}")


def _ask(settings: Settings, file_id: str, token: str, deadline: float) -> Answer:
    headers = {"authorization": f"Bearer {token}", "accept": "application/json"}
    return attempts.request("lookup API", "GET", settings.lookup_url + file_id, headers, b"", deadline)


def _max_age(cache_control: str) -> float | None:
    """RFC 9111, section 5.2.2: what may not be stored or has to be asked for anew is not remembered."""
    directives = [directive.strip().lower() for directive in cache_control.split(",")]
    if "no-store" in directives or "no-cache" in directives:
        return 0.0
    ages = [d.removeprefix("max-age=").strip('"') for d in directives if d.startswith("max-age=")]
    return float(ages[0]) if ages and ages[0].isascii() and ages[0].isdigit() else None
