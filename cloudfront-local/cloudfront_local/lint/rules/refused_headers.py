"""W9033: headers that an origin request gets twice."""

from __future__ import annotations

from collections.abc import Iterator

from cloudfront_local.lint.distributions import behaviors, origins_behind
from cloudfront_local.lint.policies import forwarded_headers
from cloudfront_local.lint.rule import GUIDE, EdgeRule, Finding
from cloudfront_local.lint.template import Template


class OneSourceOfHeader(EdgeRule):
    id = "W9033"
    shortdesc = "A header comes from the viewer or from the origin's custom headers, not both"
    description = "The custom header takes the place of the viewer's, which may still be in the cache key."
    source_url = GUIDE + "origin-request-understand-origin-request-policy.html"
    advice = "Delete the header from the policy, or from OriginCustomHeaders."
    unverified = "The guide says not to do this. Whether the API refuses it is not known."

    def findings(self, template: Template) -> Iterator[Finding]:
        for behavior in behaviors(template):
            selections = [each for each in forwarded_headers(template, behavior) if each.behavior == "whitelist"]
            for origin in origins_behind(behavior):
                for header in origin.value.listed("OriginCustomHeaders"):
                    for name in header.get("HeaderName"):
                        for selection in selections:
                            whens = selection.selects((name.text or "").lower())
                            if any(template.deployment.possible(when | name.when) for when in whens):
                                yield Finding(
                                    name.path,
                                    f"{origin} has the custom header {name.text}, which {selection.policy} takes from "
                                    f"the viewer for {behavior}: choose one of the two.",
                                )
