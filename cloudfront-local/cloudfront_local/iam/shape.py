"""The shape of a policy. A policy of another shape is not evaluated: IAM would not have stored it.

Source: IAM User Guide, "Grammar of the IAM JSON policy language".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_PATTERNS = ("Action", "NotAction", "Resource", "NotResource")


def is_policy(policy: Any) -> bool:
    """Whether a JSON value is an object with one or more statements."""
    return isinstance(policy, Mapping) and _one_or_more(policy.get("Statement"), _is_statement)


def _is_statement(statement: Any) -> bool:
    return (
        isinstance(statement, Mapping)
        and statement.get("Effect") in ("Allow", "Deny")
        and all(statement.get(name) is None or _one_or_more(statement[name], _is_text) for name in _PATTERNS)
        and all(_is_principal(statement.get(name, {})) for name in ("Principal", "NotPrincipal"))
        and _is_condition(statement.get("Condition", {}))
    )


def _is_principal(principal: Any) -> bool:
    return _is_text(principal) or (
        isinstance(principal, Mapping) and all(_one_or_more(names, _is_text) for names in principal.values())
    )


def _is_condition(condition: Any) -> bool:
    return isinstance(condition, Mapping) and all(
        isinstance(keys, Mapping) and all(_one_or_more(wanted, _is_scalar) for wanted in keys.values())
        for keys in condition.values()
    )


def _one_or_more(value: Any, is_item: Callable[[Any], bool]) -> bool:
    return all(map(is_item, value)) if isinstance(value, list) else is_item(value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (str, int, float))
