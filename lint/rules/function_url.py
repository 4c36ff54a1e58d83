"""E9021: a caller of a function URL has both actions that Lambda asks for."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from lint.expressions import parts, shape
from lint.functions import URL, edge_functions, function_in
from lint.iam import Statement, allows, grants, listed, roles
from lint.rule import EdgeRule, Finding
from lint.template import Resource, Template
from lint.values import together
from local.cloudfront.facts import FUNCTION_URL_ACTIONS

INVOKE_URL, INVOKE = FUNCTION_URL_ACTIONS
CLOUDFRONT = "cloudfront.amazonaws.com"
ADVICE = f"A function URL answers 403 to a caller without both {INVOKE_URL} and {INVOKE}: allow both"


class BothUrlActions(EdgeRule):
    id = "E9021"
    shortdesc = "Who calls a function URL has both actions"
    description = "Since October 2025 a function URL asks for lambda:InvokeFunctionUrl and lambda:InvokeFunction."
    source_url = "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"

    def findings(self, template: Template) -> Iterator[Finding]:
        yield from self._of_roles(template)
        yield from self._of_cloudfront(template)

    def _of_roles(self, template: Template) -> Iterator[Finding]:
        for function in edge_functions(template):
            for role in roles(function):
                for statements in grants(template, role):
                    lacking = [
                        f"{action} on {_name(template, resource)}"
                        for statement, resource, action in _lacking(template, statements)
                        # An edge function may also call another directly, for which InvokeFunction is enough.
                        if action == INVOKE or _through_url(template, statement, resource)
                    ]
                    if lacking:
                        yield Finding(
                            (*function.path, "Role"),
                            f"{function} has the role {role.name}, which lacks {' and '.join(lacking)}. "
                            f"{ADVICE} in the role.",
                        )

    def _of_cloudfront(self, template: Template) -> Iterator[Finding]:
        if not any(template.resources("AWS::CloudFront::Distribution")):
            return
        permissions = list(template.resources("AWS::Lambda::Permission"))
        for plains, _ in together([permission.optional for permission in permissions]):
            granted = [
                (permission, _statement(plain))
                for permission, plain in zip(permissions, plains, strict=True)
                if isinstance(plain, dict) and shape(parts(plain.get("Principal"))) == CLOUDFRONT
            ]
            statements = [statement for _, statement in granted]
            for statement, resource, lacking in _lacking(template, statements):
                permission = next(permission for permission, its in granted if its is statement)
                yield _unpaired(template, permission, resource, lacking)


def _unpaired(template: Template, permission: Resource, resource: Any, lacking: str) -> Finding:
    return Finding(
        (*permission.properties.path, "Action"),
        f"{permission.name} lets CloudFront call the URL of {_name(template, resource)}, but nothing gives "
        f"it {lacking}. {ADVICE}, with one AWS::Lambda::Permission for each.",
    )


def _statement(permission: dict[str, Any]) -> Statement:
    """A resource-based permission in the words of a policy."""
    return {"Effect": "Allow", "Action": permission.get("Action"), "Resource": permission.get("FunctionName")}


def _lacking(template: Template, statements: list[Statement]) -> Iterator[tuple[Statement, Any, str]]:
    """Each statement that allows one of the two actions on a resource where nothing allows the other."""
    for action, other in ((INVOKE_URL, INVOKE), (INVOKE, INVOKE_URL)):
        for statement in statements:
            for resource in listed(statement.get("Resource")) if allows(statement, action) else []:
                if not any(allows(s, other) and _covers(template, s, resource) for s in statements):
                    yield statement, resource, other


def _covers(template: Template, statement: Statement, resource: Any) -> bool:
    """Whether a statement is about this resource, or may be: what is not known counts as covered."""
    others = listed(statement.get("Resource"))
    return "NotResource" in statement or any(_same(template, resource, other) for other in others)


def _same(template: Template, one: Any, other: Any) -> bool:
    functions = {function_in(template, parts(one)), function_in(template, parts(other))}
    texts = [_unqualified(shape(parts(plain))) for plain in (one, other)]
    if None not in functions:
        return len(functions) == 1
    # A function of the template has a name of CloudFormation's making, so only a pattern can be about it.
    if len(functions) == 2 and not all("*" in text for text in texts):
        return False
    return fnmatchcase(texts[0], texts[1]) or fnmatchcase(texts[1], texts[0])


def _unqualified(arn: str) -> str:
    return ":".join(arn.split(":")[:7])


def _through_url(template: Template, statement: Statement, resource: Any) -> bool:
    """Whether InvokeFunction is for a function URL: its condition says so, or the function has such a URL."""
    if "lambda:InvokedViaFunctionUrl" in str(statement.get("Condition")):
        return True
    function = function_in(template, parts(resource))
    urls = [
        url
        for url in template.resources(URL)
        if any(auth.text == "AWS_IAM" for auth in url.properties.get("AuthType"))
        for target in url.properties.get("TargetFunctionArn")
        if function is not None and function_in(template, target.parts) == function
    ]
    return bool(urls)


def _name(template: Template, resource: Any) -> str:
    return function_in(template, parts(resource)) or shape(parts(resource))
