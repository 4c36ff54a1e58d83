"""Values that CloudFormation's schema of CloudFront does not have: cfn-lint's E3030 and E3031 without its runner.

CloudFront refuses them. The embedded AWS takes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from cloudfront_local.rules.api_refusals import VALUE_ERRORS

if TYPE_CHECKING:  # `serve` reads IDS, and need not import cfn-lint for it.
    from cloudfront_local.lint.absent import Absent
    from cloudfront_local.lint.template import Template
    from cloudfront_local.lint.values import Value

# cfn-lint's ids.
ENUMERATION, PATTERN = "E3030", "E3031"
IDS = (ENUMERATION, PATTERN)
PREFIX = "AWS::CloudFront::"

Schema = Mapping[str, Any]


def outside(template: Template) -> Iterator[Absent]:
    """The path, the rule's id and the message for each value that the schema does not have."""
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

    resources = [each for each in template.section("Resources").values() if isinstance(each, dict)]
    known = PROVIDER_SCHEMA_MANAGER.get_resource_types("us-east-1")
    for kind in sorted({str(each.get("Type")) for each in resources} & set(known)):
        if kind.startswith(PREFIX):
            schema: Schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
            for resource in template.resources(kind):
                for value in resource.properties.branches():
                    yield from _outside(resource.name, schema, schema, value)


def _outside(name: str, root: Schema, schema: Schema, value: Value) -> Iterator[Absent]:
    """`schema` describes the value, and `root` has the definitions that it refers to."""
    while "$ref" in schema:
        schema = root["definitions"][schema["$ref"].rpartition("/")[2]]
    for key, inner in schema.get("properties", {}).items():
        for child in value.get(key):
            yield from _outside(name, root, inner, child)
    if isinstance(schema.get("items"), dict):
        for item in value.items():
            yield from _outside(name, root, schema["items"], item)
    if value.text is not None:
        yield from _text(name, schema, value, value.text)


def _text(name: str, schema: Schema, value: Value, text: str) -> Iterator[Absent]:
    key = next(str(step) for step in reversed(value.path) if not isinstance(step, int) and step != "Fn::If")
    problem = f"{VALUE_ERRORS.get(key, 'InvalidArgument')}: the {key} of {name} is {text!r}. CloudFront takes"
    allowed = [str(each) for each in schema.get("enum", ())]
    if allowed and text not in allowed:
        yield value.path, ENUMERATION, f"{problem} {', '.join(allowed)}."
    pattern = schema.get("pattern")
    if isinstance(pattern, str) and not re.search(pattern, text):
        yield value.path, PATTERN, f"{problem} {pattern}."
