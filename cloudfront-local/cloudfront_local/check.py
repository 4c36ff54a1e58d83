"""`cloudfront-local check EVENT RESULT`: checks a function's result against CloudFront's rules.

The result may come from any tool:
`sam local invoke SignerFunction -e event.json | cloudfront-local check event.json -`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from cloudfront_local.errors import LocalError
from cloudfront_local.event_type import named
from cloudfront_local.lambda_edge.printed import parsed
from cloudfront_local.rules import Violation, cloudfront_functions
from cloudfront_local.rules import violations as edge_violations

# Twice the largest event and result, 1.33 MB of Base64 each, and room for a tool's log lines before the result.
MAX_BYTES = 8 * 1024 * 1024


def main(event: str, result: str) -> int:
    """Prints one violation a line. Returns 0 if there is no violation, else 1.

    `event` and `result` are the paths of files; `-` reads standard input. Raises LocalError if the event or the result
    is missing or unreadable.
    """
    if event == result == "-":
        raise LocalError(
            "Standard input cannot be both the event and the result. Give the path of a file for one of them."
        )
    found = check(read_event(event), _text(result))
    for violation in found:
        print(violation)
    return 1 if found else 0


def check(event: dict[str, Any], result: str) -> list[Violation]:
    """Returns the violations in a result. `result` is text: JSON alone, or a tool's output whose last line is JSON.

    Raises LocalError if there is no result, or if the result of a CloudFront Function is not JSON.
    """
    value = parsed(result)
    if cloudfront_functions.is_event(event) and isinstance(value, bytes):
        raise LocalError("The result is not JSON. Give the object that the function returns, as JSON.")
    try:
        return violations(event, value)
    except RecursionError:  # nested less deeply than the parser allows, but too deeply for the rules
        return violations(event, result.encode())


def violations(event: dict[str, Any], result: object) -> list[Violation]:
    """The rules that a result breaks: those of CloudFront Functions or of Lambda@Edge, by the event."""
    if cloudfront_functions.is_event(event):
        return cloudfront_functions.violations(event, result)
    return edge_violations(event, result)


def read_event(path: str) -> dict[str, Any]:
    """Reads an event from a file, or from standard input for `-`. Raises LocalError if it is not a CloudFront event.

    An event without `config.eventType` gets the type that it looks like, and standard error says so.
    """
    text = _text(path)
    try:
        event: dict[str, Any] = json.loads(text)
    except ValueError as error:
        raise LocalError(f"{path} is not JSON: {error}. Give the event that the function was called with.") from None
    except RecursionError:
        event = {}  # nested too deeply: no event of CloudFront is
    if assumed := named(event):
        print(f"{path}: {assumed}", file=sys.stderr)
    # The result None breaks a rule in any case. The first violation is of the rule `event` if the event is broken, too.
    if (broken := violations(event, None)[0]).rule in ("event", "function-event"):
        raise LocalError(
            f"{path} is not a CloudFront event: it needs {broken.allowed}. Give the event that the function was "
            "called with."
        )
    return event


def _text(path: str) -> str:
    try:
        with sys.stdin.buffer if path == "-" else Path(path).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        text = content.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise LocalError(f"{path} cannot be read: {error}.") from None
    if len(content) > MAX_BYTES:
        raise LocalError(f"{path} is larger than {MAX_BYTES} bytes. Events and results are at most a few megabytes.")
    return text
