"""The behaviors of template.yaml, and the functions that they run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cfnlint.decode import decode

from new.function import NewError


def behaviors(template: Path, event: str) -> dict[str, str]:
    """By path pattern, the logical id of the function that runs at this event; empty where none does."""
    found, faults = decode(str(template))
    if faults:
        raise NewError(f"{template} cannot be read: {faults[0].message}. `make lint` says more.")
    return {
        str(behavior.get("PathPattern", "*")): next(_functions(behavior, event), "") for behavior in _behaviors(found)
    }


def _behaviors(template: Any) -> Iterator[Any]:
    for resource in template.get("Resources", {}).values():
        if resource.get("Type") == "AWS::CloudFront::Distribution":
            config = resource["Properties"]["DistributionConfig"]
            yield config["DefaultCacheBehavior"]
            yield from config.get("CacheBehaviors", [])


def _functions(behavior: Any, event: str) -> Iterator[str]:
    for association in behavior.get("LambdaFunctionAssociations", []):
        if association.get("EventType") == event:
            arn = association["LambdaFunctionARN"]
            yield str(arn.get("Ref", "a function") if isinstance(arn, dict) else arn).partition(".")[0]
