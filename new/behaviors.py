"""The behaviors of template.yaml, and the functions that they run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cfnlint.decode import decode

from new.function import Function, NewError


def behaviors(template: Path, function: Function) -> dict[str, str]:
    """By path pattern, the logical id of the function that is in the way of the new one; empty where none is."""
    found, faults = decode(str(template))
    if faults:
        raise NewError(f"{template} cannot be read: {faults[0].message}. `make lint` says more.")
    return {
        str(behavior.get("PathPattern", "*")): next(_in_the_way(behavior, function), "")
        for behavior in _behaviors(found)
    }


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
