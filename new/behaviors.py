"""The behaviors of template.yaml, and the functions that they run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent
from typing import Any

from cfnlint.decode import decode

from new.function import Function, NewError


@dataclass(frozen=True)
class Behavior:
    """A behavior, as a new function meets it."""

    name: str
    """Its path pattern, or DefaultCacheBehavior."""
    in_the_way: str
    """The logical id of the function that is in the way of the new one; empty if none is."""
    block: str
    """The function's association, indented for this behavior."""
    has_associations: bool
    """Whether the behavior has the key of the function's associations. If not, the block begins with the key."""


def behaviors(template: Path, function: Function) -> list[Behavior]:
    found, faults = decode(str(template))
    if faults:
        raise NewError(f"{template} cannot be read: {faults[0].message}. `make lint` says more.")
    return [
        Behavior(
            name=str(behavior.get("PathPattern", "DefaultCacheBehavior")),
            in_the_way=next(_in_the_way(behavior, function), ""),
            block=_block(behavior, function),
            has_associations=function.associations in behavior,
        )
        for behavior in _behaviors(found)
    ]


def _block(behavior: Any, function: Function) -> str:
    """The function's association, with the key if the behavior has none, in the columns where it belongs."""
    association = function.text("association.yaml")
    if function.associations in behavior:
        return indent(association, " " * behavior[function.associations].start_mark.column)
    return indent(f"{function.associations}:\n{indent(association, '  ')}", " " * behavior.start_mark.column)


def _behaviors(template: Any) -> Iterator[Any]:
    for resource in template.get("Resources", {}).values():
        if resource.get("Type") == "AWS::CloudFront::Distribution":
            config = resource["Properties"]["DistributionConfig"]
            yield config["DefaultCacheBehavior"]
            yield from config.get("CacheBehaviors", [])


def _in_the_way(behavior: Any, function: Function) -> Iterator[str]:
    """CloudFront runs one function at an event, and no CloudFront Function beside Lambda@Edge at viewer events."""
    for associations in ("LambdaFunctionAssociations", "FunctionAssociations"):
        mixed = associations != function.associations
        for association in behavior.get(associations, []):
            event = str(association.get("EventType"))
            if event == function.event or (mixed and {event[:6], function.event[:6]} == {"viewer"}):
                yield _name(association.get("LambdaFunctionARN") or association.get("FunctionARN"))


def _name(arn: Any) -> str:
    """The logical id in a reference to a function."""
    if not isinstance(arn, dict):
        return "a function"
    target = arn.get("Ref") or arn.get("Fn::GetAtt") or "a function"
    return str(target[0] if isinstance(target, list) else target).partition(".")[0]
