"""The settings of a template that a name of `cloudfront_local.rules.api_refusals` stands for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cloudfront_local.lint.template import Template
from cloudfront_local.lint.values import Value


def settings(template: Template, name: str) -> Iterator[tuple[str, Value]]:
    """The logical id of each resource that has the setting, with every value that the setting can take."""
    kind, *keys = name.split("/")
    for resource in template.resources(f"AWS::CloudFront::{kind}"):
        values: Iterable[Value] = [resource.properties]
        for key in keys:
            values = [found for value in values for found in (value.items() if key == "*" else value.get(key))]
        yield from ((resource.name, value) for value in values)


def counts(listed: Value) -> set[int]:
    """How many items a list can have."""
    items = list(listed.items())
    outcomes = listed.deployment.outcomes(listed.when, *(item.when for item in items))
    return {sum(item.when <= outcome for item in items) for outcome in outcomes}


def longest(listed: Value) -> int:
    """How many items a list has at most."""
    return max(counts(listed), default=0)


def together(one: Value, other: Value) -> bool:
    """Whether a deployment can have both values."""
    return one.deployment.possible(one.when | other.when)
