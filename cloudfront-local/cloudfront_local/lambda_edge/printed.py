"""Reads a function's result from a tool's output."""

from __future__ import annotations

import json

from cloudfront_local.errors import LocalError


def parsed(text: str) -> object:
    """Returns the value of a result: of the whole text as JSON, else of its last line that is not empty.

    Text that is not JSON, or is nested too deeply for Python's parser, is returned as bytes, which break the rule
    `invalid-json`. Raises LocalError for empty text.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise LocalError("There is no result to check: the function's output is empty. See its errors above.")
    for candidate in (text, lines[-1]):
        try:
            return json.loads(candidate)
        except (ValueError, RecursionError):
            continue
    return text.encode()
