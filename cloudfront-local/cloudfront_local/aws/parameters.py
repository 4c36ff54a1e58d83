"""A template's parameters: which values are missing, which do not fit, and values for types that AWS looks up."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_SSM = re.compile(r"AWS::SSM::Parameter::Value<(?P<type>.+)>")
_LIST = re.compile(r"List<(?P<type>.+)>")

# Values for types that AWS looks up in the account, made for this machine.
_MADE = {
    "AWS::EC2::AvailabilityZone::Name": "us-east-1a",
    "AWS::EC2::Image::Id": "ami-00000000000000000",
    "AWS::EC2::Instance::Id": "i-00000000000000000",
    "AWS::EC2::KeyPair::KeyName": "laptop",
    "AWS::EC2::SecurityGroup::GroupName": "default",
    "AWS::EC2::SecurityGroup::Id": "sg-00000000000000000",
    "AWS::EC2::Subnet::Id": "subnet-00000000000000000",
    "AWS::EC2::VPC::Id": "vpc-00000000000000000",
    "AWS::EC2::Volume::Id": "vol-00000000000000000",
    "AWS::Route53::HostedZone::Id": "Z00000000000000000000",
}


@dataclass(frozen=True)
class Parameter:
    """A declaration in the section Parameters."""

    name: str
    declaration: Mapping[str, Any]

    @property
    def type(self) -> str:
        return str(self.declaration.get("Type", "String"))

    @property
    def has_default(self) -> bool:
        return "Default" in self.declaration

    @property
    def is_secret(self) -> bool:
        return str(self.declaration.get("NoEcho", "")).lower() == "true"

    @property
    def description(self) -> str:
        return " ".join(str(self.declaration.get("Description", "")).split())

    @property
    def allowed(self) -> list[str]:
        values = self.declaration.get("AllowedValues", [])
        return [_text(value) for value in values] if isinstance(values, list) else []

    @property
    def stored_type(self) -> str | None:
        """The type of the value, if the parameter is the name of an SSM parameter that holds the value."""
        found = _SSM.fullmatch(self.type)
        return found["type"] if found else None

    def made(self) -> str | None:
        """A value for this machine, if AWS would look the type up in the account."""
        if self.stored_type:
            return f"/laptop/{self.name}"
        return _MADE.get(_element(self.type))

    def fault(self, value: str) -> str | None:
        """Why CloudFormation would refuse the value; None if it would not. The text does not show the value."""
        if self.allowed and value not in self.allowed:
            return f"{self.name} is one of {', '.join(self.allowed)}"
        if self.type == "Number" and not _is_number(value):
            return f"{self.name} is a number"
        pattern = self.declaration.get("AllowedPattern")
        if isinstance(pattern, str) and self.type == "String" and not _matches(pattern, value):
            constraint = self.declaration.get("ConstraintDescription") or f"its AllowedPattern is {pattern}"
            return f"{self.name} does not fit: {constraint}"
        return None


def declared(section: Mapping[str, Any]) -> list[Parameter]:
    """The parameters of the section Parameters. A malformed declaration counts as absent."""
    return [Parameter(str(name), found) for name, found in section.items() if isinstance(found, Mapping)]


def made_value(kind: str) -> str:
    """A value of a type, for an SSM parameter on this machine."""
    return _MADE.get(_element(kind), "laptop")


def given(overrides: Any) -> dict[str, str] | None:
    """The values by name in `parameter_overrides`, as sam reads a text, a list or a table.

    None if they are in a file (`file://...`), which sam alone reads.
    """
    if isinstance(overrides, Mapping):
        return {str(name): _text(value) for name, value in overrides.items()}
    items = list(_items(overrides))
    return None if any(item.startswith("file://") for item in items) else dict(map(_pair, items))


def _items(overrides: Any) -> Iterator[str]:
    for text in [overrides] if isinstance(overrides, str) else overrides or ():
        try:
            yield from shlex.split(str(text))
        except ValueError:  # A quotation mark without its partner: sam says so.
            yield str(text)


def _pair(item: str) -> tuple[str, str]:
    name, _, value = item.partition("=")
    if name == "ParameterKey":
        name, _, value = value.partition(",ParameterValue=")
    return name, value


def override(name: str, value: str) -> str:
    """A value as sam reads it in `parameter_overrides`."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{name}="{escaped}"'


def overrides_of(settings: Any) -> list[str]:
    """`parameter_overrides` of samconfig.toml as a list of texts that sam reads."""
    if isinstance(settings, Mapping):
        return [override(str(name), _text(value)) for name, value in settings.items()]
    return [settings] if isinstance(settings, str) else [str(item) for item in settings or ()]


def missing_line(parameters: Sequence[Parameter]) -> str:
    """The message that names the parameters without a value, and how to give them."""
    named = ", ".join(f"{parameter.name} ({parameter.type})" for parameter in parameters)
    example = " ".join(f"{parameter.name}=..." for parameter in parameters)
    return (
        f"The template's parameters have no value: {named}. Give them with --parameter-overrides {example}, or as "
        "parameter_overrides in samconfig.toml or in [tool.cloudfront-local] of pyproject.toml."
    )


def unknown_line(names: Iterable[str], parameters: Sequence[Parameter]) -> str:
    """The message about overrides that name no parameter."""
    known = ", ".join(parameter.name for parameter in parameters) or "none"
    return f"The template has no parameter {', '.join(sorted(names))}. Its parameters are: {known}."


def _element(kind: str) -> str:
    found = _LIST.fullmatch(kind)
    return found["type"] if found else kind


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_number(value: str) -> bool:
    return re.fullmatch(r"[+-]?\d{1,30}(\.\d{1,30})?", value) is not None


def _matches(pattern: str, value: str) -> bool:
    try:
        return re.fullmatch(pattern, value) is not None
    except re.error:  # Java's syntax, which CloudFormation uses, has more. CloudFormation decides.
        return True
