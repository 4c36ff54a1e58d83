"""Evaluates the policies of buckets, functions and roles as IAM does. The embedded AWS does not evaluate them all.

It covers requests of CloudFront and of edge functions. Their principals are the service principal (with an origin
access control), the user of an origin access identity, roles, and everyone. A statement with a condition operator, a
condition key or a policy variable that is not emulated denies the request, and the reason names that part.
Source: IAM User Guide, "Policy evaluation logic" and "IAM JSON policy elements".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cloudfront_local.iam import conditions, shape, variables

Policy = Mapping[str, Any]

# Condition keys that no request of CloudFront or of an edge function has.
_ABSENT = frozenset({"aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip"})
# A request of a service or of everyone has no keys about a principal in an account.
_OF_A_PRINCIPAL = ("aws:principal", "aws:userid", "aws:username")


@dataclass(frozen=True)
class Principal:
    """The sender of a request. `kind` and `name` are as in a policy's Principal: `Service` and
    `cloudfront.amazonaws.com`. The name is empty for an anonymous request. A bucket's policy may name an origin access
    identity by its canonical user id, `canonical_user`, too: S3 User Guide, "Principals for bucket policies"."""

    kind: str = "AWS"
    name: str = ""
    canonical_user: str = ""

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
    if not all(shape.is_policy(policy) for policy in policies):
        return "a policy is malformed"
    statements = [statement for policy in policies for statement in _as_list(policy.get("Statement"))]
    concerning = [s for s in statements if _concerns(s, access)]
    for statement in concerning:
        if statement.get("Effect") == "Deny" and (reason := _denies(statement, access)):
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


def _denies(statement: Mapping[str, Any], access: Access) -> str | None:
    """Why a Deny statement denies; None if its condition is not met. A part that is not emulated counts as met: a
    request that fails on the laptop is better than one that fails in production."""
    unknown = []
    for operator, keys in statement.get("Condition", {}).items():
        for key, wanted in keys.items():
            condition = {operator: {key: wanted}}
            if part := conditions.unknown(condition, access.context) or _unknown_key(operator, key, access):
                unknown.append(f"its condition {part}")
            elif conditions.unmet(condition, access.context):
                return None
    resources = _as_list(statement.get("Resource")) + _as_list(statement.get("NotResource"))
    unknown += filter(None, (variables.unknown(pattern, access.context) for pattern in resources))
    return f"denies the request, because {unknown[0]} is not emulated" if unknown else "denies the request"


def _unknown_key(operator: str, key: str, access: Access) -> str | None:
    """The condition key with its operator if the key's value in this request is unknown here."""
    name = key.lower()
    is_absent = name in _ABSENT or (access.principal and name.startswith(_OF_A_PRINCIPAL))
    return None if name in access.context or is_absent else f"{operator} {key}"


def _name(statement: Mapping[str, Any]) -> str:
    return str(statement.get("Sid") or "without a Sid")


def _concerns(statement: Mapping[str, Any], access: Access) -> bool:
    return (
        _matches_principal(statement, access.principal)
        and _matches_action(statement, access.action)
        and _matches_resource(statement, access)
    )


def _matches_principal(statement: Mapping[str, Any], principal: Principal | None) -> bool:
    if principal is None:
        return True
    if "NotPrincipal" in statement:
        return not _is_among(principal, statement["NotPrincipal"])
    return _is_among(principal, statement.get("Principal", {}))


def _is_among(principal: Principal, element: Any) -> bool:
    named = set(_named(element))
    if principal.canonical_user and ("CanonicalUser", principal.canonical_user) in named:
        return True
    return ("AWS", "*") in named or (principal.kind, principal.name) in named


def _named(element: Any) -> Iterator[tuple[str, str]]:
    """The pairs of kind and name in a Principal. `"*"` and `{"AWS": "*"}` are the same: everyone."""
    for kind, names in ({"AWS": element} if isinstance(element, str) else element).items():
        yield from ((kind, name) for name in _as_list(names))


def _matches_action(statement: Mapping[str, Any], action: str) -> bool:
    patterns, inverted = _patterns(statement, "Action")
    return inverted != any(conditions.like(action.lower(), pattern.lower(), {}) for pattern in patterns)


def _matches_resource(statement: Mapping[str, Any], access: Access) -> bool:
    """A pattern with a variable that is not emulated matches as many resources as possible in a Deny statement, and as
    few as possible in an Allow statement."""
    patterns, inverted = _patterns(statement, "Resource")
    if (statement["Effect"] == "Deny") == inverted:
        patterns = [pattern for pattern in patterns if not variables.unknown(pattern, access.context)]
    return inverted != any(conditions.like(access.resource, pattern, access.context) for pattern in patterns)


def _patterns(statement: Mapping[str, Any], element: str) -> tuple[list[str], bool]:
    """The patterns of an element, and whether the statement is about everything else (`NotAction`)."""
    inverted = f"Not{element}" in statement
    return _as_list(statement.get(f"Not{element}" if inverted else element)), inverted


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
