"""Policy documents in the template: who may assume a role, and what a role may do."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any

from lint.expressions import Reference, parts, references, shape
from lint.functions import EdgeFunction
from lint.template import Resource, Template
from lint.values import together

ROLE = "AWS::IAM::Role"
ATTACHED = ("AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy")

# What SAM attaches to the roles it makes; it grants logs and nothing else.
LOGS_ONLY = "*:policy/service-role/AWSLambdaBasicExecutionRole"

Statement = dict[str, Any]


def roles(function: EdgeFunction) -> Iterator[Resource]:
    """The roles of this template that a function can have."""
    for role in function.properties.get("Role"):
        for piece in role.parts:
            found = function.template.resource(piece.name, ROLE) if isinstance(piece, Reference) else None
            if found:
                yield found._replace(properties=found.properties.under(role.when))


def statements(document: Any) -> list[Statement]:
    """The statements of a decided policy document, which may also be its JSON text."""
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError:
            return []
    listed_ = listed(document.get("Statement")) if isinstance(document, dict) else []
    return [statement for statement in listed_ if isinstance(statement, dict)]


def listed(plain: Any) -> list[Any]:
    """IAM takes one item for a list of one."""
    return plain if isinstance(plain, list) else [] if plain is None else [plain]


def allows(statement: Statement, action: str) -> bool:
    """Whether a statement allows an action, on whatever resource."""
    if statement.get("Effect") != "Allow":
        return False
    # NotAction allows what it does not name; only a deployment's evaluation would be exact.
    patterns = [str(pattern).lower() for pattern in listed(statement.get("Action"))]
    return "NotAction" in statement or any(fnmatchcase(action.lower(), pattern) for pattern in patterns)


def trusted_services(document: Any) -> set[str] | None:
    """The services that a trust policy lets assume the role; None when the template does not say."""
    services: set[str] = set()
    trusting = [statement for statement in statements(document) if allows(statement, "sts:AssumeRole")]
    for statement in trusting:
        principal = statement.get("Principal")
        if not isinstance(principal, dict):
            return None
        services |= {shape(parts(service)) for service in listed(principal.get("Service"))}
    return services if trusting and not any("*" in service for service in services) else None


def grants(template: Template, role: Resource) -> Iterator[list[Statement]]:
    """What a role may do by the policies in this template, once for each outcome of their conditions.

    Nothing when the role also has policies that are not in the template, for nobody knows what they allow.
    """
    attached = [resource for resource in template.resources(*ATTACHED) if _belongs(resource, role)]
    for (plain, *policies), _ in together([role.properties, *(resource.optional for resource in attached)]):
        if isinstance(plain, dict) and not _unknown_policies(plain, attached):
            own = [policy for policy in listed(plain.get("Policies")) if isinstance(policy, dict)]
            documents = [policy.get("PolicyDocument") for policy in [*own, *policies] if isinstance(policy, dict)]
            yield [statement for document in documents for statement in statements(document)]


def _belongs(policy: Resource, role: Resource) -> bool:
    """Whether the policy names the role, or the role names the policy."""
    return role.name in _names(policy.properties.plain) or policy.name in _names(role.properties.plain)


def _unknown_policies(role: Statement, attached: Iterable[Resource]) -> bool:
    known = {resource.name for resource in attached}
    arns = listed(role.get("ManagedPolicyArns"))
    return any(not (_names(arn) & known or fnmatchcase(shape(parts(arn)), LOGS_ONLY)) for arn in arns)


def _names(plain: Any) -> set[str]:
    return {reference.name for reference in references(plain)}
