"""docs/properties.md has each property of CloudFormation's schemas once, and says of each what happens."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "properties.md"
# The beginnings of the schema's paths, by the section of the document.
SECTIONS = {
    "AWS::CloudFront::Distribution: DistributionConfig": ("Distribution", ("DistributionConfig",)),
    "DefaultCacheBehavior and CacheBehaviors": (
        "Distribution",
        ("DistributionConfig.CacheBehaviors", "DistributionConfig.DefaultCacheBehavior"),
    ),
    "Origins": ("Distribution", ("DistributionConfig.Origins",)),
}
PARTS = ("CacheBehaviors", "DefaultCacheBehavior", "Origins")


def leaves(schema: dict[str, Any], node: dict[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    while "$ref" in node:
        node = schema["definitions"][node["$ref"].rpartition("/")[2]]
    if "items" in node:
        yield from leaves(schema, node["items"], path)
    elif "properties" in node:
        for name, inner in node["properties"].items():
            yield from leaves(schema, inner, (*path, name))
    else:
        yield ".".join(path)


def of_schema(kind: str) -> set[str]:
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", f"AWS::CloudFront::{kind}").schema
    read_only = {path.rpartition("/properties/")[2] for path in schema.get("readOnlyProperties", [])}
    return {
        leaf
        for name, node in schema["properties"].items()
        if name not in read_only
        for leaf in leaves(schema, node, (name,))
    }


def sections() -> dict[str, list[tuple[list[str], str, str]]]:
    """The rows of each section: the properties, the verdict and the notes."""
    found = {}
    for part in DOCUMENT.read_text().split("\n## ")[1:]:
        title, _, text = part.partition("\n")
        rows = re.findall(r"^\| (`.*?) \| (\w+) \|(.*)\|$", text, re.MULTILINE)
        found[title] = [(re.findall("`([^`]*)`", names), verdict, notes) for names, verdict, notes in rows]
    return found


def place(title: str) -> tuple[str, tuple[str, ...]]:
    """The resource type of a section, and the beginnings of its properties' paths."""
    if title in SECTIONS:
        return SECTIONS[title]
    kind, _, config = title.removeprefix("AWS::CloudFront::").partition(": ")
    return kind, (config,)


@pytest.mark.parametrize("title", sections())
def test_complete(title: str) -> None:
    """Each property is in one row, and each row has a property."""
    kind, beginnings = place(title)
    expected = set()
    for beginning in beginnings:
        inside = {leaf.removeprefix(f"{beginning}.") for leaf in of_schema(kind) if leaf.startswith(f"{beginning}.")}
        expected |= inside if beginning else of_schema(kind)
    if title.endswith(": DistributionConfig"):
        expected = {leaf for leaf in expected if leaf.partition(".")[0] not in PARTS}
    covered = []
    for names, _, _ in sections()[title]:
        for name in names:
            inside = [leaf for leaf in expected if leaf == name or (name.endswith(".*") and leaf.startswith(name[:-1]))]
            assert inside, f"{name} is no property of {kind}"
            covered += inside
    assert sorted(covered) == sorted(expected)


def test_types() -> None:
    """Each type that a distribution uses has a section."""
    kinds = {place(title)[0] for title in sections()}
    assert kinds == {
        "CachePolicy",
        "CloudFrontOriginAccessIdentity",
        "Distribution",
        "Function",
        "KeyGroup",
        "KeyValueStore",
        "OriginAccessControl",
        "OriginRequestPolicy",
        "PublicKey",
        "ResponseHeadersPolicy",
        "VpcOrigin",
    }


def test_verdicts() -> None:
    """There are three verdicts. What is named at the start is ignored, or only in part done."""
    rows = [row for rows in sections().values() for row in rows]
    assert {verdict for _, verdict, _ in rows} == {"does", "checks", "ignores"}


def test_named() -> None:
    """What the document says is named at the start is what `not_emulated` names."""
    from cloudfront_local.distribution import not_emulated

    named = {
        name.partition(".")[0]
        for title in list(sections())[:2]
        for names, verdict, notes in sections()[title]
        if (verdict == "ignores" and "*named*" in notes) or "is served, and *named*" in notes
        for name in names
    }
    parts = not_emulated.DISTRIBUTION_PARTS.keys() | not_emulated.BEHAVIOR_PARTS.keys() | {"Enabled"}
    assert named == parts
