"""The distributions of a template: behaviors, the functions they name, and the origins they go to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cloudfront_local.lint.expressions import Reference
from cloudfront_local.lint.template import Template
from cloudfront_local.lint.values import Value


@dataclass(frozen=True)
class Behavior:
    """A cache behavior. `pattern` is its path pattern: `*` for the default behavior, None where nobody knows it."""

    distribution: str
    name: str
    value: Value
    config: Value
    pattern: str | None

    def __str__(self) -> str:
        return f"{self.distribution}'s {self.name}"


@dataclass(frozen=True)
class Association:
    """An item of LambdaFunctionAssociations or FunctionAssociations, with one event type that it can have."""

    behavior: Behavior
    event_type: str
    value: Value

    @property
    def function(self) -> str:
        """The function, as the template names it: a logical id or an ARN. Empty if an expression computes it."""
        arns = (arn.parts for key in ("LambdaFunctionARN", "FunctionARN") for arn in self.value.get(key))
        match next(arns, []):
            case [Reference(name)]:
                return name.partition(".")[0]  # SAM names a version `Function.Version`
            case [str(arn)]:
                return arn
        return ""

    def __str__(self) -> str:
        return f"{self.event_type} of {self.behavior}"


@dataclass(frozen=True)
class Origin:
    """An item of a distribution's Origins; `id` is how behaviors name it."""

    distribution: str
    id: object
    value: Value

    def __str__(self) -> str:
        return f"{self.distribution}'s origin {self.id if isinstance(self.id, str) else ''}".rstrip()


def configs(template: Template) -> Iterator[tuple[str, Value]]:
    """The logical id of every distribution, with every form that its DistributionConfig can take."""
    for resource in template.resources("AWS::CloudFront::Distribution"):
        for config in resource.properties.get("DistributionConfig"):
            yield resource.name, config


def behaviors(template: Template) -> Iterator[Behavior]:
    """Every behavior of every distribution."""
    for distribution, config in configs(template):
        yield from behaviors_of(distribution, config)


def behaviors_of(distribution: str, config: Value) -> Iterator[Behavior]:
    """The behaviors of one distribution, in one of its forms: the default behavior, and the others in their order."""
    for value in config.get("DefaultCacheBehavior"):
        yield Behavior(distribution, "DefaultCacheBehavior", value, config, "*")
    for item in config.walk("CacheBehaviors"):
        for value in item.items():
            pattern = next((pattern.text for pattern in value.get("PathPattern") if pattern.text), None)
            name = f"behavior {pattern}" if pattern else "behavior"
            yield Behavior(distribution, name, value, config, pattern)


def associations(behavior: Behavior, key: str = "LambdaFunctionAssociations") -> Iterator[Association]:
    """The associations of a behavior: Lambda@Edge by default, CloudFront Functions if `key` is FunctionAssociations."""
    for listed in behavior.value.get(key):
        for value in listed.items():
            for event_type in value.get("EventType"):
                if event_type.text:
                    yield Association(behavior, event_type.text, value.under(event_type.when))


def origins(template: Template) -> Iterator[Origin]:
    """Every origin of every distribution."""
    for distribution, config in configs(template):
        yield from origins_of(distribution, config)


def origins_behind(behavior: Behavior) -> Iterator[Origin]:
    """The origins a behavior goes to: the one it names, or the members of the origin group it names."""
    for target in behavior.value.get("TargetOriginId"):
        config = behavior.config.under(target.when)
        ids = [target.plain, *_group_members(config, target.plain)]
        yield from (origin for origin in origins_of(behavior.distribution, config) if origin.id in ids)


def origins_of(distribution: str, config: Value) -> Iterator[Origin]:
    """The origins of one distribution, in one of its forms."""
    for listed in config.get("Origins"):
        for value in listed.items():
            for id_ in value.get("Id"):
                yield Origin(distribution, id_.plain, value.under(id_.when))


def _group_members(config: Value, group_id: object) -> list[object]:
    return [
        origin_id.plain
        for groups in config.walk("OriginGroups", "Items")
        for group in groups.items()
        if any(id_.plain == group_id for id_ in group.get("Id"))
        for members in group.walk("Members", "Items")
        for member in members.items()
        for origin_id in member.get("OriginId")
    ]
