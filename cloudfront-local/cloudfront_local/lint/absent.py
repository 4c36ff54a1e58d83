"""What a template names and nobody has: cfn-lint's E3006, E1010 and E1020 without its runner.

CloudFormation refuses such a template. The embedded AWS deploys it, and a function without its role answers 503.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from cloudfront_local.lint.deployment import section
from cloudfront_local.lint.expressions import Reference, parts

if TYPE_CHECKING:  # `serve` reads IDS, and need not import cfn-lint for it.
    from cloudfront_local.lint.template import Template
    from cloudfront_local.lint.values import Path

# cfn-lint's ids. `${...}` in Fn::Sub counts as the function that it stands for.
TYPE, GET_ATT, REF = "E3006", "E1010", "E1020"
IDS = (TYPE, GET_ATT, REF)

Absent: TypeAlias = "tuple[Path, str, str]"


def absent(read: Mapping[str, Any], template: Template) -> Iterator[Absent]:
    """The path, the rule's id and the message for each; `read` is the file, `template` what the rules make of it."""
    yield from _types(section(read, "Resources"))
    if not template.unread and "Fn::Transform" not in section(read, "Resources"):
        yield from _names(section(read, "Resources"), template)


def _types(resources: Mapping[str, Any]) -> Iterator[Absent]:
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

    known = PROVIDER_SCHEMA_MANAGER.get_resource_types("us-east-1")
    for name, resource in resources.items():
        kind = _type(resource)
        if kind.startswith("AWS::") and not kind.endswith("::MODULE") and kind not in known:
            yield ("Resources", name, "Type"), TYPE, f"AWS has no resource type {kind}. Correct the type of {name}."


def _names(resources: Mapping[str, Any], template: Template) -> Iterator[Absent]:
    """Each name is reported once. SAM and modules make resources whose names begin with that of their own."""
    makers = [name for name in resources if _type(resources[name]).startswith("AWS::Serverless::")]
    makers += [name for name in resources if _type(resources[name]).endswith("::MODULE")]
    made = ("AWS::", "Serverless", *map(str, makers)) if makers else ("AWS::",)
    there = {*template.section("Resources"), *template.section("Parameters")}
    for part in ("Resources", "Outputs", "Conditions"):
        for path, (name, attribute) in _references(template.section(part), (part,)):
            if name not in there and not name.startswith(made):
                there.add(name)
                written = f"{name}.{attribute}" if attribute else name
                message = f"The template has no resource {name}. Correct {written}, or add {name}."
                yield path, GET_ATT if attribute else REF, message


def _references(plain: Any, path: Path) -> Iterator[tuple[Path, Reference]]:
    if isinstance(plain, dict) and len(plain) == 1 and next(iter(plain)) in ("Ref", "Fn::GetAtt", "Fn::Sub"):
        yield from ((path, piece) for piece in parts(plain) if isinstance(piece, Reference))
    children = plain.items() if isinstance(plain, dict) else enumerate(plain) if isinstance(plain, list) else ()
    for key, inner in children:
        yield from _references(inner, (*path, key))


def _type(resource: Any) -> str:
    return str(resource.get("Type")) if isinstance(resource, dict) else ""
