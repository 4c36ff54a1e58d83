"""Bucket policies, as S3 weighs them for a request that CloudFront makes.

Enough of IAM's evaluation for what bucket policies say of CloudFront: the service principal with an origin access
control, the user of an origin access identity, and everyone. What is not understood denies, and says so.
Source: IAM User Guide, "Policy evaluation logic" and "IAM JSON policy elements: Condition operators".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any


@dataclass(frozen=True)
class Principal:
    """Who asks. `kind` and `names` as in a policy's Principal, such as `Service` and `cloudfront.amazonaws.com`."""

    kind: str = "AWS"
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Access:
    """One request for access. Keys of `context` are condition keys in lower case."""

    principal: Principal
    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict)


def denial(policy: Mapping[str, Any] | None, access: Access) -> str | None:
    """Why the policy does not admit this access, in one line; None when it does."""
    if policy is None:
        return "the bucket has no policy"
    statements = [s for s in _as_list(policy.get("Statement")) if _concerns(s, access)]
    for statement in (s for s in statements if s.get("Effect") == "Deny"):
        if reason := _denies(statement, access.context):
            return f"statement {_name(statement)} {reason}"
    allows = {_name(s): _unmet_condition(s, access.context) for s in statements if s.get("Effect") == "Allow"}
    if None in allows.values():
        return None
    unmet = [f"statement {name} does not apply: {reason}" for name, reason in allows.items()]
    return "; ".join(unmet) or f"no statement allows {access.action} to {_who(access.principal)}"


def _denies(statement: Mapping[str, Any], context: Mapping[str, str]) -> str | None:
    """A condition that is not understood here denies: better refused on the laptop than in production."""
    unknown = [operator for operator in statement.get("Condition", {}) if operator not in _OPERATORS]
    if unknown:
        return f"denies it under {unknown[0]}, a condition that is not emulated"
    return "denies it" if _unmet_condition(statement, context) is None else None


def _who(principal: Principal) -> str:
    return ", ".join(sorted(principal.names)) or "everyone"


def _name(statement: Mapping[str, Any]) -> str:
    return str(statement.get("Sid") or "without a Sid")


def _concerns(statement: Mapping[str, Any], access: Access) -> bool:
    return (
        _matches_principal(statement, access.principal)
        and _matches(statement, "Action", access.action.lower(), fold=True)
        and _matches(statement, "Resource", access.resource)
    )


def _matches_principal(statement: Mapping[str, Any], principal: Principal) -> bool:
    named = statement.get("Principal", {})
    if named in ("*", {"AWS": "*"}):
        return True
    if not isinstance(named, Mapping):
        return False
    return bool(principal.names & set(_as_list(named.get(principal.kind))))


def _matches(statement: Mapping[str, Any], element: str, value: str, *, fold: bool = False) -> bool:
    patterns = [p.lower() if fold else p for p in _as_list(statement.get(element))]
    excluded = [p.lower() if fold else p for p in _as_list(statement.get(f"Not{element}"))]
    if excluded:
        return not any(_like(value, pattern) for pattern in excluded)
    return any(_like(value, pattern) for pattern in patterns)


def _like(value: str, pattern: str) -> bool:
    """`*` and `?` are IAM's only wildcards: a bracket stands for itself."""
    return fnmatchcase(value, re.sub(r"\[", "[[]", pattern))


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda value, wanted: value == wanted,
    "StringLike": _like,
    "ArnEquals": _like,
    "ArnLike": _like,
    "Bool": lambda value, wanted: value.lower() == str(wanted).lower(),
    "StringNotEquals": lambda value, wanted: value != wanted,
}


def _unmet_condition(statement: Mapping[str, Any], context: Mapping[str, str]) -> str | None:
    for operator, keys in statement.get("Condition", {}).items():
        if operator not in _OPERATORS:
            return f"the condition {operator} is not emulated"
        for key, wanted in keys.items():
            value = context.get(key.lower())
            if value is None or not any(_OPERATORS[operator](value, str(w)) for w in _as_list(wanted)):
                return f"{key} is {value or 'absent'}, not {wanted}"
    return None


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
