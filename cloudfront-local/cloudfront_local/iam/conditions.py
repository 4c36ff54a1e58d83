"""Decides whether a request's context meets the Condition block of a policy's statement.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Conditions with multiple context keys or
values".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from cloudfront_local.iam import variables

Condition = Mapping[str, Mapping[str, Any]]


Context = Mapping[str, str]


def like(value: str, pattern: str, context: Context) -> bool:
    """Matches a value against a pattern with policy variables and IAM's wildcards, `*` and `?`. A bracket is an
    ordinary character, and so is a wildcard in the value of a variable."""
    return fnmatchcase(value, variables.replaced(pattern, context, _escaped("[*?[]"), _escaped(r"\[")))


def _escaped(characters: str) -> Callable[[str], str]:
    return lambda text: re.sub(characters, lambda found: f"[{found[0]}]", text)


def _equals(value: str, wanted: str, context: Context) -> bool:
    return value == variables.replaced(wanted, context)


def _equals_ignoring_case(value: str, wanted: str, context: Context) -> bool:
    return value.lower() == variables.replaced(wanted, context).lower()


_OPERATORS: Mapping[str, Callable[[str, str, Context], bool]] = {
    "StringEquals": _equals,
    "StringEqualsIgnoreCase": _equals_ignoring_case,
    "StringLike": like,
    "ArnEquals": like,
    "ArnLike": like,
    "Bool": _equals_ignoring_case,
}


def unknown(condition: Condition, context: Context) -> str | None:
    """The first operator or policy variable that is not emulated, or None."""
    for operator, keys in condition.items():
        if operator != "Null" and _base(operator) not in _OPERATORS:
            return operator
        for wanted in keys.values():
            if found := next(filter(None, (variables.unknown(value, context) for value in _values(wanted))), None):
                return f"{operator} with {found}"
    return None


def unmet(condition: Condition, context: Context) -> str | None:
    """Returns why the context does not meet the condition, or None if it does. The context's keys are in lower case.

    The context must meet every key of every operator. It never meets an operator or a variable that is not emulated.
    """
    if operator := unknown(condition, context):
        return f"its condition {operator} is not emulated"
    for operator, keys in condition.items():
        for key, wanted in keys.items():
            values = _values(wanted)
            found = context.get(key.lower())
            if not _is_met(operator, found, values, context):
                wanted_values = " or ".join(values)
                return f"its condition {operator} {key} {wanted_values} is not met: {key} is {found or 'absent'}"
    return None


def _values(wanted: Any) -> list[str]:
    return [str(value) for value in (wanted if isinstance(wanted, list) else [wanted])]


def _is_met(operator: str, found: str | None, values: list[str], context: Context) -> bool:
    """One of the values must match; with a negated operator, no value may match. A missing key matches no value."""
    if operator == "Null":
        return str(found is None).lower() in (value.lower() for value in values)
    if found is None and operator.endswith("IfExists"):
        return True
    matches = found is not None and any(_OPERATORS[_base(operator)](found, value, context) for value in values)
    return matches != _is_negated(operator)


def _is_negated(operator: str) -> bool:
    return "Not" in operator


def _base(operator: str) -> str:
    return operator.removesuffix("IfExists").replace("Not", "")
