"""The findings of this package's rules in a template, without cfn-lint's runner and its hundreds of rules.

Ignores every .cfnlintrc, the current folder's and the user's.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cloudfront_local.lint.rule import EdgeRule
    from cloudfront_local.lint.template import Template

Found = tuple[int, str, str]

UNKNOWN_TYPE = "E3006"  # cfn-lint's id


def judged(path: Path) -> tuple[list[Found], dict[str, str], Mapping[str, Any], list[str]]:
    """The findings in a file, the runtimes of its edge functions by logical id, its section Parameters, and the logical
    ids of its distributions in their order.

    A finding is a line, a rule's id and a message; they are in the order of the lines. A file that cannot be read is
    one finding.
    """
    gc.disable()  # Otherwise a quarter of the time goes into searching cfn-lint's modules for garbage.
    from cfnlint.decode import decode

    from cloudfront_local.lint.catalog import RULES
    from cloudfront_local.lint.deployment import section
    from cloudfront_local.lint.template import Template

    read, unreadable = decode(str(path))
    if not isinstance(read, dict):
        return [(match.linenumber, match.rule.id, match.message) for match in unreadable], {}, {}, []
    template = Template(read, path)
    found = [*found_by([rule() for rule in RULES], template), *_unknown_types(read, template)]
    distributions = [resource.name for resource in template.resources("AWS::CloudFront::Distribution")]
    return sorted(found), dict(_runtimes(template)), section(read, "Parameters"), distributions


def found_by(rules: Iterable[EdgeRule], template: Template) -> list[Found]:
    """The findings of these rules in a template."""
    return sorted(_found(rules, template))


def _unknown_types(read: Mapping[str, Any], template: Template) -> Iterator[Found]:
    """Types of resources that AWS does not have: cfn-lint's rule E3006 without its runner."""
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

    known = PROVIDER_SCHEMA_MANAGER.get_resource_types("us-east-1")
    for name, resource in read.get("Resources", {}).items():
        kind = resource.get("Type") if isinstance(resource, dict) else None
        if isinstance(kind, str) and kind.startswith("AWS::") and not kind.endswith("::MODULE") and kind not in known:
            line, *_ = template.location(("Resources", name, "Type")) or (0,)
            yield line + 1, UNKNOWN_TYPE, f"AWS has no resource type {kind}. Correct the type of {name}."


def _runtimes(template: Template) -> Iterator[tuple[str, str]]:
    from cloudfront_local.lint.functions import edge_functions

    for function in edge_functions(template):
        for runtime in function.properties.get("Runtime"):
            if runtime.text:
                yield function.name, runtime.text


def _found(rules: Iterable[EdgeRule], template: Template) -> Iterator[Found]:
    for rule in rules:
        for finding in rule.distinct(template):
            if not template.ignores(rule.id, finding.path):
                line, *_ = template.location(finding.path) or (0,)
                yield line + 1, rule.id, finding.message
