"""Evaluates the policies of buckets, functions and roles as IAM does. The embedded AWS does not evaluate them all.

It covers requests of CloudFront and of edge functions. Their principals are the service principal (with an origin
access control), the user of an origin access identity, roles, and everyone. A statement with an unknown condition
operator denies the request, and the reason names the operator.
Source: IAM User Guide, "Policy evaluation logic" and "IAM JSON policy elements".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cloudfront_local.iam import conditions

Policy = Mapping[str, Any]


@dataclass(frozen=True)
class Principal:
    """The sender of a request. `kind` and `name` are as in a policy's Principal: `Service` and
    `cloudfront.amazonaws.com`. The name is empty for an anonymous request."""

    kind: str = "AWS"
    name: str = ""

    def __str__(self) -> str:
        return self.name or "everyone"


@dataclass(frozen=True)
class Access:
    """One request. The keys of `context` are condition keys in lower case. `principal` is None if the policies belong
    to the sender's own role: a role's policies have no Principal."""

    principal: Principal | None
    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict)


def denial(policies: Sequence[Policy], access: Access) -> str | None:
    """Returns one line that says why the policies deny this access, or None if they allow it."""
    if not policies:
        return "there is no policy"
    statements = [statement for policy in policies for statement in _as_list(policy.get("Statement"))]
    concerning = [s for s in statements if _concerns(s, access)]
    for statement in concerning:
        if statement.get("Effect") == "Deny" and (reason := _denies(statement, access.context)):
            return f"statement {_name(statement)} {reason}"
    allowing = [s for s in concerning if s.get("Effect") == "Allow"]
    unmet = [(s, conditions.unmet(s.get("Condition", {}), access.context)) for s in allowing]
    if any(reason is None for _, reason in unmet):
        return None
    reasons = [f"statement {_name(statement)} does not apply, because {reason}" for statement, reason in unmet]
    return (
        "; ".join(reasons)
        or f"no statement allows {access.action} on {access.resource} to {access.principal or 'the role'}"
    )


def _denies(statement: Mapping[str, Any], context: Mapping[str, str]) -> str | None:
    """Why a Deny statement denies; None if its condition is not met. A condition with an unknown operator counts as
    met: a request that fails on the laptop is better than one that fails in production."""
    condition = statement.get("Condition", {})
    if unknown := conditions.unknown(condition):
        return f"denies the request, because its condition {unknown} is not emulated"
    return "denies the request" if conditions.unmet(condition, context) is None else None


def _name(statement: Mapping[str, Any]) -> str:
    return str(statement.get("Sid") or "without a Sid")


def _concerns(statement: Mapping[str, Any], access: Access) -> bool:
    return (
        _matches_principal(statement, access.principal)
        and _matches(statement, "Action", access.action.lower(), fold=True)
        and _matches(statement, "Resource", access.resource)
    )


def _matches_principal(statement: Mapping[str, Any], principal: Principal | None) -> bool:
    if principal is None:
        return True
    if "NotPrincipal" in statement:
        return not _is_among(principal, statement["NotPrincipal"])
    return _is_among(principal, statement.get("Principal", {}))


def _is_among(principal: Principal, element: Any) -> bool:
    named = set(_named(element))
    return ("AWS", "*") in named or (principal.kind, principal.name) in named


def _named(element: Any) -> Iterator[tuple[str, str]]:
    """The pairs of kind and name in a Principal. `"*"` and `{"AWS": "*"}` are the same: everyone."""
    for kind, names in ({"AWS": element} if isinstance(element, str) else element).items():
        yield from ((kind, name) for name in _as_list(names))


def _matches(statement: Mapping[str, Any], element: str, value: str, *, fold: bool = False) -> bool:
    inverted = f"Not{element}" in statement
    patterns = _as_list(statement.get(f"Not{element}" if inverted else element))
    return inverted != any(conditions.like(value, pattern.lower() if fold else pattern) for pattern in patterns)


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
