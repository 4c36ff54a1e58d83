"""`cloudfront-local check EVENT RESULT`: holds a function's result against CloudFront's rules.

For results from anywhere:
`sam local invoke SignerFunction -e event.json | cloudfront-local check event.json -`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from cloudfront_local.errors import LocalError
from cloudfront_local.lambda_edge.printed import parsed
from cloudfront_local.rules import Violation, violations


def main(event: str, result: str) -> int:
    """Prints one violation a line; 0 when there is none, else 1. `result` is a file, or `-` for standard input.

    Raises LocalError when there is nothing to check.
    """
    found = check(read_event(event), _text(result))
    for violation in found:
        print(violation)
    return 1 if found else 0


def check(event: dict[str, Any], result: str) -> list[Violation]:
    """What CloudFront refuses of a result, given as text: JSON, alone or as the last line of what a tool printed."""
    return violations(event, parsed(result))


def read_event(path: str) -> dict[str, Any]:
    """The event in a file, or for `-` on standard input. Raises LocalError for what is no event of CloudFront's."""
    try:
        event: dict[str, Any] = json.loads(_text(path))
    except ValueError as error:
        raise LocalError(f"{path} is not JSON: {error}. Give the event that the function was called with.") from None
    if violations(event, None)[0].rule == "event":  # The rule for the event itself; else it is about the result, None.
        raise LocalError(f"{path} is not a CloudFront event. Give the event that the function was called with.")
    return event


def _text(path: str) -> str:
    if path == "-":
        return sys.stdin.read()
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LocalError(f"{path} cannot be read: {error}.") from None
