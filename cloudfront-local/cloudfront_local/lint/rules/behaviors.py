"""W9063: a behavior that requests can reach."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from cloudfront_local.lint.distributions import Behavior, behaviors
from cloudfront_local.lint.path_patterns import covers
from cloudfront_local.lint.rule import GUIDE, EdgeRule, Finding
from cloudfront_local.lint.template import Template


class HiddenBehavior(EdgeRule):
    id = "W9063"
    shortdesc = "No behavior is hidden by an earlier one"
    description = "CloudFront takes the first behavior whose path pattern matches, in the order of the list."
    source_url = GUIDE + "DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern"
    advice = "Put the behavior with the narrower pattern before the one with the wider."

    def findings(self, template: Template) -> Iterator[Finding]:
        listed = (behavior for behavior in behaviors(template) if behavior.name != "DefaultCacheBehavior")
        for _, of_config in groupby(listed, key=lambda behavior: behavior.config):
            earlier: list[Behavior] = []
            for behavior in of_config:
                if hiding := _hiding(behavior, earlier):
                    yield Finding(
                        (*behavior.value.path, "PathPattern"),
                        f"No request reaches {behavior}: {hiding.pattern} stands before it and matches every path that "
                        f"{behavior.pattern} matches. Move {behavior.pattern} before {hiding.pattern}.",
                    )
                earlier.append(behavior)


def _hiding(behavior: Behavior, earlier: list[Behavior]) -> Behavior | None:
    """The first of the earlier behaviors that take every request, if they do in every deployment."""
    pattern = behavior.pattern or ""
    hiding = [
        other for other in earlier if other.pattern and other.pattern != pattern and covers(other.pattern, pattern)
    ]
    whens = [other.value.when for other in hiding]
    if not pattern or not hiding or behavior.value.deployment.without(behavior.value.when, whens) is not None:
        return None
    return hiding[0]
