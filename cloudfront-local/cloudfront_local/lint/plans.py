"""The flat-rate plan of a distribution, as the Metadata of the distribution or of the template names it.

Metadata:
  cloudfront-local: { Plan: free }
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cloudfront_local.lint.deployment import section
from cloudfront_local.lint.distributions import configs
from cloudfront_local.lint.rule import GUIDE, EdgeRule, Finding
from cloudfront_local.lint.template import Template
from cloudfront_local.lint.values import Path, Value
from cloudfront_local.rules.facts import PLANS

PAGE = GUIDE + "flat-rate-pricing-plan.html"

OWNER, KEY = "cloudfront-local", "Plan"


def plan(template: Template, distribution: str) -> tuple[Path, Any] | None:
    """Where the plan of a distribution (by its logical id) is named, and the name. None: pay as you go."""
    resource = section(template.section("Resources"), distribution)
    for path, holder in (
        (("Resources", distribution, "Metadata"), section(resource, "Metadata")),
        (("Metadata",), template.section("Metadata")),
    ):
        if KEY in section(holder, OWNER):
            return (*path, OWNER, KEY), section(holder, OWNER)[KEY]
    return None


@dataclass(frozen=True)
class Planned:
    """A distribution under a plan, in one of its forms; `name` is its logical id."""

    template: Template
    name: str
    config: Value
    plan: str

    def __str__(self) -> str:
        return f"{self.name}, under the plan {self.plan},"


class PlanRule(EdgeRule):
    """A rule on every distribution that is under a flat-rate plan. The rule's setting `plan` counts for all."""

    source_url = PAGE

    def __init__(self) -> None:
        super().__init__()
        self.config_definition = {"plan": {"default": "", "type": "string"}}

    def refusals(self, planned: Planned) -> Iterator[Finding]:
        """The rule's findings in one distribution."""
        raise NotImplementedError

    def findings(self, template: Template) -> Iterator[Finding]:
        for distribution, config in configs(template):
            _, named = plan(template, distribution) or ((), None)
            named = self.config.get("plan") or named
            if named in PLANS:
                yield from self.refusals(Planned(template, distribution, config, named))
