"""The findings of this package's rules in a template, without cfn-lint's runner and its hundreds of rules.

Ignores every .cfnlintrc, the current folder's and the user's.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path as File
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cloudfront_local.lint.rule import EdgeRule
    from cloudfront_local.lint.template import Template
    from cloudfront_local.lint.values import Path

Found = tuple[int, str, str]


def judged(path: File) -> tuple[list[Found], dict[str, str], Mapping[str, Any], list[str]]:
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
    found = found_by([rule() for rule in RULES], template)
    found += [*_absent(read, template), *_outside(template, found)]
    distributions = [resource.name for resource in template.resources("AWS::CloudFront::Distribution")]
    return sorted(found), dict(_runtimes(template)), section(read, "Parameters"), distributions


def found_by(rules: Iterable[EdgeRule], template: Template) -> list[Found]:
    """The findings of these rules in a template."""
    return sorted(_found(rules, template))


def _absent(read: Mapping[str, Any], template: Template) -> Iterator[Found]:
    from cloudfront_local.lint.absent import absent

    for path, rule, message in absent(read, template):
        yield _line(template, path), rule, message


def _outside(template: Template, found: list[Found]) -> Iterator[Found]:
    """The values outside of the schema, on lines without errors in `found`."""
    from cloudfront_local.lint.schema import outside

    refused = {line for line, rule, _ in found if rule.startswith("E")}
    for path, rule, message in outside(template):
        line = _line(template, path)
        if line not in refused and not template.ignores(rule, path):
            yield line, rule, message


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
                yield _line(template, finding.path), rule.id, finding.message


def _line(template: Template, path: Path) -> int:
    line, *_ = template.location(path) or (0,)
    return line + 1
