"""The findings of this package's rules in a template, without cfn-lint's runner and its hundreds of rules.

Ignores every .cfnlintrc, the current folder's and the user's.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cloudfront_local.lint.rule import EdgeRule
    from cloudfront_local.lint.template import Template

Found = tuple[int, str, str]


def judged(path: Path) -> tuple[list[Found], dict[str, str]]:
    """The findings in a file, and the runtimes of its edge functions by logical id.

    A finding is a line, a rule's id and a message; they are in the order of the lines. A file that cannot be read is
    one finding.
    """
    gc.disable()  # Otherwise a quarter of the time goes into searching cfn-lint's modules for garbage.
    from cfnlint.decode import decode

    from cloudfront_local.lint.catalog import RULES
    from cloudfront_local.lint.template import Template

    read, unreadable = decode(str(path))
    if not isinstance(read, dict):
        return [(match.linenumber, match.rule.id, match.message) for match in unreadable], {}
    template = Template(read, path)
    return found_by([rule() for rule in RULES], template), dict(_runtimes(template))


def found_by(rules: Iterable[EdgeRule], template: Template) -> list[Found]:
    """The findings of these rules in a template."""
    return sorted(_found(rules, template))


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
