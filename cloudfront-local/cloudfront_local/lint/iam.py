"""Policies in the template: who may assume a role, and what a role may do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from cloudfront_local.lint.expressions import Parts, references, shape
from cloudfront_local.lint.functions import EdgeFunction
from cloudfront_local.lint.template import Resource, Template
from cloudfront_local.lint.values import Value

ROLE = "AWS::IAM::Role"
ATTACHED = ("AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy")

# The policy that SAM attaches to the roles that it makes. It allows only logs.
LOGS_ONLY = "*:policy/service-role/AWSLambdaBasicExecutionRole"


@dataclass(frozen=True)
class Grant:
    """One action, or a pattern of actions, allowed on one resource; `value` says where and under which conditions."""

    action: str
    resource: Parts
    value: Value
    condition: str = ""

    def allows(self, action: str) -> bool:
        """Whether this is the action, or its pattern matches."""
        return fnmatchcase(action.lower(), self.action.lower())


def roles(function: EdgeFunction) -> Iterator[Resource]:
    """The roles of this template that a function can have."""
    for role in function.properties.get("Role"):
        for found in function.template.referred(role, ROLE):
            yield found._replace(properties=found.properties.under(role.when))


def trusted_services(document: Value) -> list[Value] | None:
    """The services that a trust policy lets assume the role; None when the template does not say who may."""
    principals = [
        principal
        for statement in _allowing(document)
        if any(fnmatchcase("sts:assumerole", str(action.text).lower()) for action in statement.listed("Action"))
        for principal in statement.get("Principal")
    ]
    services = [service for principal in principals for service in principal.listed("Service")]
    known = all(isinstance(principal.plain, dict) for principal in principals)
    known = known and not any("*" in shape(service.parts) for service in services)
    return services if principals and known else None


def grants(template: Template, role: Resource) -> Iterator[Grant]:
    """The actions that the template's policies allow a role. A policy from elsewhere may allow everything."""
    attached = [resource for resource in template.resources(*ATTACHED) if _belongs(resource, role)]
    for policy in role.properties.listed("Policies"):
        yield from _granted(policy)
    for resource in attached:
        yield from _granted(resource.properties.under(role.properties.when))
    for arn in role.properties.listed("ManagedPolicyArns"):
        mentioned = {reference.name for reference in references(arn.plain)}
        if not mentioned & {resource.name for resource in attached} and not fnmatchcase(shape(arn.parts), LOGS_ONLY):
            yield Grant("*", [None], arn)


def _granted(policy: Value) -> Iterator[Grant]:
    for document in policy.get("PolicyDocument"):
        for statement in _allowing(document):
            condition = str(statement.plain.get("Condition"))
            for action in _named(statement, "Action"):
                for resource in _named(statement.under(action.when), "Resource"):
                    yield Grant(shape(action.parts), resource.parts, resource, condition)


def _named(statement: Value, key: str) -> Iterator[Value]:
    """The actions or resources of a statement; `NotAction` and `NotResource` count as all."""
    yield from statement.listed(key)
    for other in statement.get(f"Not{key}"):
        yield replace(other, plain="*")


def _allowing(document: Value) -> Iterator[Value]:
    """The statements of a policy document that allow something. A document may also be JSON text."""
    for statement in _parsed(document).listed("Statement"):
        for effect in statement.get("Effect"):
            if effect.text == "Allow":
                yield statement.under(effect.when)


def _parsed(document: Value) -> Value:
    try:
        return replace(document, plain=json.loads(document.plain)) if isinstance(document.plain, str) else document
    except ValueError:
        return document


def _belongs(policy: Resource, role: Resource) -> bool:
    """Whether the policy names the role, or the role names the policy."""
    named_by_policy = {reference.name for reference in references(policy.properties.plain)}
    named_by_role = {reference.name for reference in references(role.properties.plain)}
    return role.name in named_by_policy or policy.name in named_by_role
