"""W9004: settings of behaviors that policies have replaced."""

from __future__ import annotations

from collections.abc import Iterator

from cloudfront_local.lint.distributions import behaviors
from cloudfront_local.lint.rule import GUIDE, EdgeRule, Finding
from cloudfront_local.lint.template import Template


class PoliciesInsteadOfForwardedValues(EdgeRule):
    id = "W9004"
    shortdesc = "A behavior has a cache policy, not ForwardedValues"
    description = "ForwardedValues is deprecated: CloudFront still serves it, and adds nothing to it."
    source_url = GUIDE + "working-with-policies.html"
    advice = "Set CachePolicyId, and OriginRequestPolicyId for values that go to the origin only."

    def findings(self, template: Template) -> Iterator[Finding]:
        for behavior in behaviors(template):
            for forwarded in behavior.value.get("ForwardedValues"):
                yield Finding(
                    forwarded.path,
                    f"{behavior} has ForwardedValues, which CloudFront keeps for old distributions only: use a "
                    "CachePolicyId, and an OriginRequestPolicyId for values that go to the origin only.",
                )
