"""The CloudFront Functions of a template: their code, where the template has it, and what the runtime refuses of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cloudfront_local.errors import LocalError, aws_extra
from cloudfront_local.functions.runtimes import RUNTIMES
from cloudfront_local.lint.distributions import associations, behaviors
from cloudfront_local.lint.expressions import DYNAMIC, Reference
from cloudfront_local.lint.template import Resource, Template
from cloudfront_local.lint.values import Value

FUNCTION = "AWS::CloudFront::Function"


@dataclass(frozen=True)
class Code:
    """A form that a function's code can take, with a runtime. `text` is None if only the deployment knows it."""

    function: str
    value: Value
    text: str | None
    runtime: Value


@dataclass(frozen=True)
class Judgement:
    """What the runtime refuses of code, and what it may read otherwise: a sentence for each, with its place."""

    refused: tuple[str, ...]
    warnings: tuple[str, ...]


def functions(template: Template) -> Iterator[Resource]:
    return template.resources(FUNCTION)


def codes(template: Template) -> Iterator[Code]:
    """Every form of every function's code, with each runtime that it can have."""
    for function in functions(template):
        for value in function.properties.get("FunctionCode"):
            for runtime in function.properties.under(value.when).walk("FunctionConfig", "Runtime"):
                yield Code(function.name, value, _text(value), runtime)


def associated(template: Template) -> Iterator[tuple[str, Resource, Value]]:
    """Every function of this template that a behavior runs: the association, the function, and its properties there."""
    for behavior in behaviors(template):
        for association in associations(behavior, "FunctionAssociations"):
            for arn in association.value.get("FunctionARN"):
                for piece in arn.parts:
                    if isinstance(piece, Reference) and (function := template.resource(piece.name, FUNCTION)):
                        yield str(association), function, function.properties.under(arn.when)


def judgement(code: Code) -> Judgement | None:
    """What the parse gate finds in the code. None if the code or the runtime is not known, or not a runtime.

    Raises LocalError if the packages are missing that parse the code.
    """
    if code.text is None or code.runtime.text not in RUNTIMES:
        return None
    with aws_extra("It parses the code of CloudFront Functions, and comes with the extra `aws`"):
        from cloudfront_local.functions.syntax.gate import findings
    found = [each for each in findings(code.text, code.function, code.runtime.text) if not each.is_size]
    return Judgement(
        tuple(str(each) for each in found if not each.is_warning),
        tuple(str(each) for each in found if each.is_warning),
    )


def unjudged(template: Template) -> Iterator[tuple[Value, str]]:
    """The code and the runtimes that the rules cannot judge, with the reason."""
    for code in codes(template):
        if code.text is None:
            yield code.value, f"the code of {code.function}: only the deployment knows all of it"
        if code.runtime.unknown:
            yield code.runtime, f"the code of {code.function}: only the deployment knows {code.runtime.unknown}"
        try:
            judgement(code)
        except LocalError as error:
            yield code.value, f"the code of {code.function}: {str(error).removesuffix('.')}"


def _text(value: Value) -> str | None:
    """The code, written out or composed of literals; a parameter counts as its default."""
    pieces = [piece for piece in value.parts if isinstance(piece, str)]
    text = "".join(pieces)
    return None if len(pieces) < len(value.parts) or DYNAMIC.search(text) else text
