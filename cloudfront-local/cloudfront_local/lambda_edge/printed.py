"""A function's result as a tool printed it: JSON, alone or as the last line of its output."""

from __future__ import annotations

import json

from cloudfront_local.errors import LocalError


def parsed(text: str) -> object:
    """A result's value. What is not JSON stands for itself as bytes, which no rule takes for JSON.

    Raises LocalError where there is none.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise LocalError("There is no result to check: the function printed nothing. See its errors above.")
    for candidate in (text, lines[-1]):
        try:
            return json.loads(candidate)
        except ValueError:
            continue
    return text.encode()
