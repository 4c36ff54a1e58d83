"""The functions that a distribution runs, found by the LambdaFunctionARN of its associations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cloudfront_local.lint.deployment import When
from cloudfront_local.lint.distributions import Association, associations, behaviors
from cloudfront_local.lint.expressions import Parts, Reference, shape
from cloudfront_local.lint.template import Resource, Template
from cloudfront_local.lint.values import Value
from cloudfront_local.rules.facts import FUNCTION_REGION

FUNCTION, VERSION, ALIAS = "AWS::Lambda::Function", "AWS::Lambda::Version", "AWS::Lambda::Alias"
URL = "AWS::Lambda::Url"

# The ARN of a function, with its Region and its qualifier: a version or an alias.
ARN = re.compile(r"(?:arn|\*):[^:]+:lambda:(?P<region>[^:]+):[^:]+:function:(?P<name>[^:]+)(?::(?P<qualifier>[^:]+))?")


@dataclass(frozen=True)
class Target:
    """The target of an association's ARN.

    `function` is the function's logical id, or None if the function is not in this template. `fault` names the part of
    the ARN that CloudFront refuses. It is None if the ARN is a numbered version's, or if the ARN is unknown.
    """

    function: str | None
    fault: str | None
    when: When


@dataclass(frozen=True)
class EdgeFunction:
    """A function of this template that a distribution runs."""

    name: str
    association: Association
    properties: Value
    template: Template
    built: bool

    @property
    def event_type(self) -> str:
        return self.association.event_type

    def __str__(self) -> str:
        return f"{self.name} (at {self.association})"

    @property
    def path(self) -> tuple[str | int, ...]:
        return self.properties.path


def edge_functions(template: Template) -> Iterator[EdgeFunction]:
    """Every function of this template that a distribution runs, once for each way it is associated."""
    for association, target in edge_targets(template):
        function = template.resource(target.function or "", FUNCTION)
        if function:
            properties = function.properties.under(target.when)
            yield EdgeFunction(function.name, association, properties, template, function.built)


def edge_targets(template: Template) -> Iterator[tuple[Association, Target]]:
    """Every Lambda@Edge association of every distribution, with the target of its ARN."""
    for behavior in behaviors(template):
        for association in associations(behavior):
            for arn in association.value.get("LambdaFunctionARN"):
                for target in targets(template, arn):
                    yield association, target


def targets(template: Template, arn: Value) -> Iterator[Target]:
    """The targets that this ARN can have."""
    pieces = arn.parts
    match pieces:
        case [Reference() as reference]:
            yield from _referenced(template, _named(template, reference), arn.when)
        case _:
            yield Target(function_in(template, pieces), _fault(template, pieces), arn.when)


def function_in(template: Template, pieces: Parts) -> str | None:
    """The logical id of the function that an expression is about; None when it is none of this template."""
    for name in (piece.name for piece in pieces if isinstance(piece, Reference)):
        if resource := template.resource(name, FUNCTION, VERSION, ALIAS, URL):
            return next((function for function, _ in _functions_of(template, resource)), None)
    return _function_named(template, shape(pieces))


def _named(template: Template, reference: Reference) -> str:
    """The logical id. SAM takes ${Function.Version} for `Ref Function.Version`, too."""
    name, attribute = reference
    published = attribute in ("Version", "Alias") and template.resource(name, FUNCTION)
    return f"{name}.{attribute}" if published else name


def _referenced(template: Template, name: str, when: When) -> Iterator[Target]:
    resource = template.resource(name, FUNCTION, VERSION, ALIAS)
    if resource is None:
        yield _elsewhere(template, name, when)
        return
    fault = {
        FUNCTION: f"{name} without a version, which means $LATEST",
        ALIAS: f"the alias {name}",
    }.get(resource.type)
    functions = list(_functions_of(template, resource))
    yield from (Target(function, fault, when | under) for function, under in functions)
    if not functions:
        yield Target(None, fault, when)


def _elsewhere(template: Template, name: str, when: When) -> Target:
    """`Function.Version` and `Function.Alias` are there only when SAM publishes one. Other names may be anything."""
    function, _, attribute = name.partition(".")
    if attribute in ("Version", "Alias") and template.resource(function, FUNCTION):
        return Target(function, f"{name}, which nothing publishes (in SAM: set AutoPublishAlias)", when)
    return Target(None, None, when)


def _functions_of(template: Template, resource: Resource) -> Iterator[tuple[str, When]]:
    """The functions that a function, version, alias or function URL belongs to, each under its conditions."""
    if resource.type == FUNCTION:
        yield resource.name, resource.properties.when
        return
    key = "TargetFunctionArn" if resource.type == URL else "FunctionName"
    for named in resource.properties.get(key):
        found = next((resource.name for resource in template.referred(named, FUNCTION)), None)
        function = found or _function_named(template, shape(named.parts))
        if function:
            yield function, named.when


def _function_named(template: Template, text: str) -> str | None:
    """The function whose FunctionName is this name, or the name in this ARN."""
    names = text.split(":")[6:7] if ":" in text else [text]
    for resource in template.resources(FUNCTION):
        if any(name.text in names for name in resource.properties.get("FunctionName")):
            return resource.name
    return None


def _fault(template: Template, pieces: Parts) -> str | None:
    """The part that CloudFront refuses of an ARN whose text, or a part of it, is in the template."""
    spelled = shape([_spelled(template, piece) for piece in pieces])
    found = ARN.fullmatch(spelled)
    if found is None:
        unknown = "*" in spelled or "{{" in spelled
        return None if unknown else f"{spelled!r}, which is not the ARN of a function"
    region, name, qualifier = found["region"], found["name"], found["qualifier"]
    if "*" not in region and region != FUNCTION_REGION:
        return f"a function in {region}"
    if qualifier is None:
        return None if "*" in name else "a function without a version, which means $LATEST"
    if qualifier.isdigit() or "*" in qualifier:
        return None
    return qualifier if qualifier == "$LATEST" else f"the alias {qualifier!r}"


def _spelled(template: Template, piece: str | Reference | None) -> str | Reference | None:
    """A reference to a function as the text that CloudFormation makes of it."""
    match piece:
        case Reference(name, "Arn") if template.resource(name, FUNCTION):
            return f"arn:*:lambda:*:*:function:{name}"
        case Reference(name, "") if template.resource(name, FUNCTION):
            return name
        case _:
            return piece
