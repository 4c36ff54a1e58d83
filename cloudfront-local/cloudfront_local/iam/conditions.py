"""Decides whether a request's context meets the Condition block of a policy's statement.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Conditions with multiple context keys or
values".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

Condition = Mapping[str, Mapping[str, Any]]


def like(value: str, pattern: str) -> bool:
    """Matches a value against a pattern with IAM's wildcards, `*` and `?`. A bracket is an ordinary character."""
    return fnmatchcase(value, re.sub(r"\[", "[[]", pattern))


_OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": str.__eq__,
    "StringEqualsIgnoreCase": lambda value, wanted: value.lower() == wanted.lower(),
    "StringLike": like,
    "ArnEquals": like,
    "ArnLike": like,
    "Bool": lambda value, wanted: value.lower() == wanted.lower(),
}


def unknown(condition: Condition) -> str | None:
    """The first operator that is not emulated, or None."""
    return next((operator for operator in condition if operator != "Null" and _base(operator) not in _OPERATORS), None)


def unmet(condition: Condition, context: Mapping[str, str]) -> str | None:
    """Returns why the context does not meet the condition, or None if it does. The context's keys are in lower case.

    The context must meet every key of every operator. It never meets an operator that is not emulated.
    """
    if operator := unknown(condition):
        return f"its condition {operator} is not emulated"
    for operator, keys in condition.items():
        for key, wanted in keys.items():
            values = [str(value) for value in (wanted if isinstance(wanted, list) else [wanted])]
            found = context.get(key.lower())
            if not _is_met(operator, found, values):
                wanted_values = " or ".join(values)
                return f"its condition {operator} {key} {wanted_values} is not met: {key} is {found or 'absent'}"
    return None


def _is_met(operator: str, found: str | None, values: list[str]) -> bool:
    """One of the values must match; with a negated operator, no value may match. A missing key matches no value."""
    if operator == "Null":
        return str(found is None).lower() in (value.lower() for value in values)
    if found is None and operator.endswith("IfExists"):
        return True
    matches = found is not None and any(_OPERATORS[_base(operator)](found, value) for value in values)
    return matches != _is_negated(operator)


def _is_negated(operator: str) -> bool:
    return "Not" in operator


def _base(operator: str) -> str:
    return operator.removesuffix("IfExists").replace("Not", "")
