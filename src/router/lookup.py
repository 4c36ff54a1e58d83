"""Reads the lookup API's answer about one file."""

from __future__ import annotations

import os

from edge.regions import nearest_first
from router.location import locations
from router.rejection import BadAnswerError, ForeignAnswerError, MalformedIdError, RefusedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from edge.http_reader import Answer
    from router.location import Location

# For how many seconds an answer may be remembered.
_LONGEST = 300.0  # at most, so that a file that has moved is found again
_UNSTATED = 60.0  # if the answer has no max-age
_UNKNOWN = 5.0  # for an unknown file, so that a file registered a moment later is found


def read_answer(answer: Answer) -> tuple[Location | None, float]:
    """The nearest copy of the file, or None if the file is unknown; and for how many seconds to remember the answer.

    Raises BadAnswerError and MalformedIdError, which concern this file; RefusedError and ForeignAnswerError, which
    concern every file.
    """
    match answer.status:
        case 200:
            location = nearest_first(locations(answer.body), os.environ["AWS_REGION"], lambda place: place.region)[0]
            return location, _max_age(answer.headers.get("cache-control", ""))
        case 401 | 403:
            raise RefusedError(f"token refused: lookup API: HTTP {answer.status}")
        case status if not _is_own(answer):
            raise ForeignAnswerError(f"lookup API: HTTP {status} without application/problem+json")
        case 404 | 410:
            return None, _UNKNOWN
        case 400:
            raise MalformedIdError("lookup API: HTTP 400")
        case status:
            raise BadAnswerError(f"lookup API: HTTP {status}")


def _is_own(answer: Answer) -> bool:
    """Whether an error comes from the API itself: then it is a problem (RFC 9457). A gateway's errors are not."""
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/problem+json"


def _max_age(cache_control: str) -> float:
    """Seconds to remember an answer with this Cache-Control: 0 for no-store and no-cache (RFC 9111, section 5.2.2)."""
    directives = [directive.strip().lower() for directive in cache_control.split(",")]
    if "no-store" in directives or "no-cache" in directives:
        return 0.0
    ages = [d.removeprefix("max-age=").strip('"') for d in directives if d.startswith("max-age=")]
    return min(float(ages[0]), _LONGEST) if ages and ages[0].isascii() and ages[0].isdigit() else _UNSTATED
