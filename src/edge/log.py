"""Structured logs: CloudWatch Logs Insights discovers the fields of a JSON line."""

import json
import sys


def log(**fields: object) -> None:
    """Prints the fields as one JSON line to standard output. A value that JSON cannot hold is printed as `str(value)`.

    Never raises. The line is ASCII (`\\u00e9` for é), so any encoding of standard output can print it.
    """
    try:
        line = json.dumps(fields, default=_text, allow_nan=False)
    except (TypeError, ValueError, RecursionError):  # a key that is not a string, NaN, a list that contains itself
        line = json.dumps({name: _text(value) for name, value in fields.items()})
    try:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except (OSError, ValueError):  # standard output is closed, which must not fail a visitor's request
        return


def _text(value: object) -> str:
    try:
        return str(value)
    except Exception:  # a class's __str__ may raise any exception
        return f"<{type(value).__name__}>"
