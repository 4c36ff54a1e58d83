"""HTTP dates (RFC 9110, section 5.6.7)."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime


def unix_time(date: str) -> float | None:
    """The Unix time of an HTTP date; None if the date is invalid. A date without a time zone is GMT."""
    try:
        parsed = parsedate_to_datetime(date)
    except (OverflowError, ValueError):  # OverflowError: a number with too many digits
        return None
    return parsed.replace(tzinfo=parsed.tzinfo or UTC).timestamp()
