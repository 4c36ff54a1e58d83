"""What the lookup API's answer to a question for one file means."""

from __future__ import annotations

import os

from edge.regions import nearest_first
from router.location import locations
from router.rejection import BadAnswerError, ForeignAnswerError, MalformedIdError, RefusedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from edge.http_reader import Answer
    from router.location import Location

# Seconds.
_LONGEST = 300.0  # a file that moves is found again within them
_UNSTATED = 60.0
_UNKNOWN = 5.0  # a file that is registered now is found in a moment


def read_answer(answer: Answer) -> tuple[Location | None, float]:
    """The nearest copy of the file, None for an unknown one; and how long that may be remembered, in seconds.

    Raises BadAnswerError and MalformedIdError, which concern the file; RefusedError and ForeignAnswerError, which
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
    """Whether the API itself answers with a problem (RFC 9457), and not a gateway that finds no API behind it."""
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/problem+json"


def _max_age(cache_control: str) -> float:
    """RFC 9111, section 5.2.2: what may not be stored or has to be asked for anew is not remembered."""
    directives = [directive.strip().lower() for directive in cache_control.split(",")]
    if "no-store" in directives or "no-cache" in directives:
        return 0.0
    ages = [d.removeprefix("max-age=").strip('"') for d in directives if d.startswith("max-age=")]
    return min(float(ages[0]), _LONGEST) if ages and ages[0].isascii() and ages[0].isdigit() else _UNSTATED
