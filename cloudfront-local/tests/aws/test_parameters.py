"""The template's parameters: values as sam reads them, values that do not fit, and values made for this machine."""

from typing import Any

import pytest

from cloudfront_local.aws import parameters
from cloudfront_local.aws.parameters import Parameter


@pytest.mark.parametrize(
    ("overrides", "values"),
    [
        (None, {}),
        ("", {}),
        ("Name=books Stage=prod", {"Name": "books", "Stage": "prod"}),
        ('Name="two words"', {"Name": "two words"}),
        (["Name=a=b", "Stage="], {"Name": "a=b", "Stage": ""}),
        ("ParameterKey=Name,ParameterValue=books", {"Name": "books"}),
        ({"Name": "books", "On": True, "Size": 3}, {"Name": "books", "On": "true", "Size": "3"}),
        (["file://parameters.yaml", "Name=books"], None),
        (['Name="unbalanced'], {"Name": '"unbalanced'}),
    ],
)
def test_given(overrides: Any, values: dict[str, str] | None) -> None:
    assert parameters.given(overrides) == values


@pytest.mark.parametrize("value", ["plain", "two words", 'a "quoted" word', "back\\slash", "a=b,c", ""])
def test_override(value: str) -> None:
    """A value survives the way to sam's settings and back."""
    assert parameters.given([parameters.override("Name", value)]) == {"Name": value}


@pytest.mark.parametrize(
    ("settings", "texts"),
    [("A=1 B=2", ["A=1 B=2"]), (["A=1"], ["A=1"]), ({"A": "x y"}, ['A="x y"']), (None, [])],
)
def test_overrides_of(settings: Any, texts: list[str]) -> None:
    assert parameters.overrides_of(settings) == texts


@pytest.mark.parametrize(
    ("declaration", "value", "fault"),
    [
        ({"Type": "String"}, "", None),
        ({"AllowedValues": ["dev", "prod"]}, "prod", None),
        ({"AllowedValues": ["dev", "prod"]}, "test", "P is one of dev, prod"),
        ({"AllowedValues": [True, 1]}, "true", None),
        ({"Type": "Number"}, "-1.5", None),
        ({"Type": "Number"}, "1e400", "P is a number"),
        ({"Type": "Number"}, "many", "P is a number"),
        ({"Type": "String", "AllowedPattern": "[a-z]+"}, "abc", None),
        ({"Type": "String", "AllowedPattern": "[a-z]+"}, "abc1", "P does not fit: its AllowedPattern is [a-z]+"),
        (
            {"Type": "String", "AllowedPattern": "[a-z]+", "ConstraintDescription": "lower case"},
            "A",
            "P does not fit: lower case",
        ),
        ({"Type": "String", "AllowedPattern": "(?<name>[a-z"}, "Java's own syntax", None),
        ({"AllowedValues": "none"}, "anything", None),
    ],
)
def test_fault(declaration: dict[str, Any], value: str, fault: str | None) -> None:
    assert Parameter("P", declaration).fault(value) == fault


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        ("String", None),
        ("List<Number>", None),
        ("AWS::EC2::Image::Id", "ami-00000000000000000"),
        ("List<AWS::EC2::Subnet::Id>", "subnet-00000000000000000"),
        ("AWS::Route53::HostedZone::Id", "Z00000000000000000000"),
        ("AWS::SSM::Parameter::Value<String>", "/laptop/P"),
    ],
)
def test_made(kind: str, made: str | None) -> None:
    """Types that AWS looks up in the account have a value for this machine; others must be given."""
    assert Parameter("P", {"Type": kind}).made() == made


def test_malformed_declarations() -> None:
    """A declaration that is no table counts as absent."""
    assert [each.name for each in parameters.declared({"A": {}, "B": "text", "C": None})] == ["A"]


def test_messages() -> None:
    declared = [Parameter("Stage", {"Type": "String"}), Parameter("Size", {"Type": "Number"})]
    assert parameters.missing_line(declared) == (
        "The template's parameters have no value: Stage (String), Size (Number). Give them with --parameter-overrides "
        "Stage=... Size=..., or as parameter_overrides in samconfig.toml or in [tool.cloudfront-local] of "
        "pyproject.toml."
    )
    assert parameters.unknown_line({"Stge"}, declared) == (
        "The template has no parameter Stge. Its parameters are: Stage, Size."
    )
