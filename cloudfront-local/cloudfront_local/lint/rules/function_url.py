"""E9021: a caller of a function URL has both actions that Lambda asks for."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from cloudfront_local.lint.expressions import Parts, shape
from cloudfront_local.lint.functions import URL, edge_functions, function_in
from cloudfront_local.lint.iam import Grant, grants, roles
from cloudfront_local.lint.rule import EdgeRule, Finding
from cloudfront_local.lint.template import Template
from cloudfront_local.rules.facts import FUNCTION_URL_ACTIONS

INVOKE_URL, INVOKE = FUNCTION_URL_ACTIONS
CLOUDFRONT = "cloudfront.amazonaws.com"
ADVICE = f"A function URL answers 403 to a caller without both {INVOKE_URL} and {INVOKE}: allow both"


class BothUrlActions(EdgeRule):
    id = "E9021"
    shortdesc = "Who calls a function URL has both actions"
    description = "Since October 2025 a function URL asks for lambda:InvokeFunctionUrl and lambda:InvokeFunction."
    source_url = "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
    advice = "Allow both lambda:InvokeFunctionUrl and lambda:InvokeFunction."

    def findings(self, template: Template) -> Iterator[Finding]:
        yield from self._of_roles(template)
        yield from self._of_cloudfront(template)

    def _of_roles(self, template: Template) -> Iterator[Finding]:
        for function in edge_functions(template):
            for role in roles(function):
                lacking = [
                    f"{action} on {_name(template, grant.resource)}"
                    for grant, action in _lacking(template, list(grants(template, role)))
                    # An edge function may also call another directly, for which InvokeFunction is enough.
                    if action == INVOKE or _through_url(template, grant)
                ]
                if lacking:
                    yield Finding(
                        (*function.path, "Role"),
                        f"{function} has the role {role.name}, which lacks {' and '.join(dict.fromkeys(lacking))}. "
                        f"{ADVICE} in the role.",
                    )

    def _of_cloudfront(self, template: Template) -> Iterator[Finding]:
        if not any(template.resources("AWS::CloudFront::Distribution")):
            return
        for grant, action in _lacking(template, list(_permissions(template))):
            yield Finding(
                grant.value.path,
                f"{grant.value.path[1]} lets CloudFront call the URL of {_name(template, grant.resource)}, but nothing "
                f"gives it {action}. {ADVICE}, with one AWS::Lambda::Permission for each.",
            )


def _permissions(template: Template) -> Iterator[Grant]:
    """The actions that functions allow to CloudFront, one a grant."""
    for permission in template.resources("AWS::Lambda::Permission"):
        for principal in permission.properties.get("Principal"):
            for action in permission.properties.under(principal.when).get("Action"):
                for function in permission.properties.under(action.when).get("FunctionName"):
                    if shape(principal.parts) == CLOUDFRONT:
                        yield Grant(shape(action.parts), function.parts, action.under(function.when))


def _lacking(template: Template, granted: list[Grant]) -> Iterator[tuple[Grant, str]]:
    """Each grant of one of the two actions where, in some deployment at least, nothing grants the other."""
    for action, other in ((INVOKE_URL, INVOKE), (INVOKE, INVOKE_URL)):
        for grant in granted:
            mates = [mate.value.when for mate in granted if mate.allows(other) and _same(template, grant, mate)]
            if grant.allows(action) and grant.value.deployment.without(grant.value.when, mates) is not None:
                yield grant, other


def _same(template: Template, one: Grant, other: Grant) -> bool:
    """Whether two grants are about the same function, or may be. An unknown function counts as the same."""
    functions = {function_in(template, one.resource), function_in(template, other.resource)}
    texts = [_unqualified(shape(grant.resource)) for grant in (one, other)]
    if None not in functions:
        return len(functions) == 1
    # A function of the template has a name of CloudFormation's making, so only a pattern can be about it.
    if len(functions) == 2 and not all("*" in text for text in texts):
        return False
    return fnmatchcase(texts[0], texts[1]) or fnmatchcase(texts[1], texts[0])


def _unqualified(arn: str) -> str:
    return ":".join(arn.split(":")[:7])


def _through_url(template: Template, grant: Grant) -> bool:
    """Whether InvokeFunction is for a function URL: its condition says so, or the function has such a URL."""
    function = function_in(template, grant.resource)
    urls = [
        url
        for url in template.resources(URL)
        if any(auth.text == "AWS_IAM" for auth in url.properties.get("AuthType"))
        for target in url.properties.get("TargetFunctionArn")
        if function is not None and function_in(template, target.parts) == function
    ]
    return bool(urls) or "lambda:InvokedViaFunctionUrl" in grant.condition


def _name(template: Template, resource: Parts) -> str:
    return function_in(template, resource) or shape(resource)
