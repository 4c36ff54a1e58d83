"""Structured logs: CloudWatch Logs Insights reads the fields of a JSON line by itself."""

import json
import sys


def log(**fields: object) -> None:
    """Prints one JSON line to standard output. What JSON cannot hold becomes its `str`. Never raises.

    The line is ASCII (`\\u00e9` for é), so that no encoding of standard output can refuse it.
    """
    try:
        line = json.dumps(fields, default=_text, allow_nan=False)
    except (TypeError, ValueError, RecursionError):  # a key that is no string, NaN, a list inside itself
        line = json.dumps({name: _text(value) for name, value in fields.items()})
    try:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except (OSError, ValueError):  # closed: no reason to refuse the visitor
        return


def _text(value: object) -> str:
    try:
        return str(value)
    except Exception:  # any class may raise anything here
        return f"<{type(value).__name__}>"
