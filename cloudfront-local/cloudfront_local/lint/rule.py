"""The base classes of the rules. A rule yields findings: places in the template, each with a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import cfnlint.template
from cfnlint.rules import CloudFormationLintRule, RuleMatch

from cloudfront_local.lint.functions import EdgeFunction, edge_functions
from cloudfront_local.lint.template import Template, view
from cloudfront_local.lint.values import Path

GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
API = "https://docs.aws.amazon.com/cloudfront/latest/APIReference/"


class Finding(NamedTuple):
    """A fault at `path`. The message says what was found, where, and what to do."""

    path: Path
    message: str


class EdgeRule(CloudFormationLintRule):
    """A rule on a template.

    `shortdesc` is one sentence: the state that the rule asks for. `description` says why, `advice` what to do, and
    `source_url` who says so. A rule that no source confirms is a warning, and `unverified` says what is not confirmed.
    `examples/<id>.yaml` has a template's part that breaks the rule and one that keeps it.
    `cloudfront-local lint --explain` shows all of these.
    """

    tags = ["lambda@edge", "cloudfront"]  # noqa: RUF012 (cfn-lint declares it so)

    advice: str
    unverified = ""

    def findings(self, template: Template) -> Iterator[Finding]:
        """The rule's findings in the template."""
        raise NotImplementedError

    def distinct(self, template: Template) -> list[Finding]:
        """The findings. A place is reported once, however many ways lead to it."""
        first: dict[Path, Finding] = {}
        for finding in self.findings(template):
            first.setdefault(finding.path, finding)
        return list(first.values())

    def match(self, cfn: cfnlint.template.Template) -> list[RuleMatch]:
        """The rule's findings in the form that cfn-lint takes. cfn-lint calls this method."""
        template = view(cfn)
        return [_match(template, finding) for finding in self.distinct(template)]


class FunctionRule(EdgeRule):
    """A rule on every function that a distribution runs."""

    def refusals(self, function: EdgeFunction) -> Iterator[Finding]:
        """The rule's findings in one function, for one of its associations."""
        raise NotImplementedError

    def findings(self, template: Template) -> Iterator[Finding]:
        for function in edge_functions(template):
            yield from self.refusals(function)


def _match(template: Template, finding: Finding) -> RuleMatch:
    location = template.location(finding.path)
    # Without a location, cfn-lint looks for the path in its own copy of the template, which depends on its version.
    place = {} if location is None else {"location": location}
    return RuleMatch(list(finding.path), finding.message, **place)
