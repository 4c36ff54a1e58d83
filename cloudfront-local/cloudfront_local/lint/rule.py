"""What every rule shares: a finding is a place in the template and a sentence about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import cfnlint.template
from cfnlint.rules import CloudFormationLintRule, RuleMatch

from cloudfront_local.lint.functions import EdgeFunction, edge_functions
from cloudfront_local.lint.template import Template, view
from cloudfront_local.lint.values import Path

GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"


class Finding(NamedTuple):
    """What is wrong at `path`: what was found, where, and what to do."""

    path: Path
    message: str


class EdgeRule(CloudFormationLintRule):
    """A rule on a template."""

    tags = ["lambda@edge", "cloudfront"]  # noqa: RUF012 (cfn-lint declares it so)

    def findings(self, template: Template) -> Iterator[Finding]:
        """What this rule finds in the template."""
        raise NotImplementedError

    def distinct(self, template: Template) -> list[Finding]:
        """The findings. A place is reported once, however many ways lead to it."""
        first: dict[Path, Finding] = {}
        for finding in self.findings(template):
            first.setdefault(finding.path, finding)
        return list(first.values())

    def match(self, cfn: cfnlint.template.Template) -> list[RuleMatch]:
        """What cfn-lint calls."""
        template = view(cfn)
        return [_match(template, finding) for finding in self.distinct(template)]


class FunctionRule(EdgeRule):
    """A rule on every function that a distribution runs."""

    def refusals(self, function: EdgeFunction) -> Iterator[Finding]:
        """What this rule finds in one function, in one of the ways it is associated."""
        raise NotImplementedError

    def findings(self, template: Template) -> Iterator[Finding]:
        for function in edge_functions(template):
            yield from self.refusals(function)


def _match(template: Template, finding: Finding) -> RuleMatch:
    location = template.location(finding.path)
    # cfn-lint would look for the path in what it has made of the template, which differs from version to version.
    place = {} if location is None else {"location": location}
    return RuleMatch(list(finding.path), finding.message, **place)
