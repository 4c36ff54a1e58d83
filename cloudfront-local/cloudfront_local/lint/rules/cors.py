"""W9065: preflight requests that CloudFront refuses."""

from __future__ import annotations

from collections.abc import Iterator

from cloudfront_local.lint.distributions import Behavior, behaviors
from cloudfront_local.lint.rule import GUIDE, EdgeRule, Finding
from cloudfront_local.lint.template import Template
from cloudfront_local.lint.values import Value
from cloudfront_local.rules.facts import PREFLIGHT_POLICIES

# Methods for which a browser asks first. Fetch standard: https://fetch.spec.whatwg.org/#cors-safelisted-method
ASKED_FOR = {"DELETE", "OPTIONS", "PATCH", "PUT"}
METHODS = ("ResponseHeadersPolicyConfig", "CorsConfig", "AccessControlAllowMethods", "Items")


class PreflightAllowed(EdgeRule):
    id = "W9065"
    shortdesc = "A behavior with a policy for preflight requests allows OPTIONS"
    description = (
        "A browser asks with OPTIONS before it sends such a request. CloudFront answers 403 to a method that the "
        "behavior does not allow, and the browser gives up."
    )
    source_url = GUIDE + "using-managed-response-headers-policies.html"
    advice = "Add OPTIONS to AllowedMethods: [GET, HEAD, OPTIONS], or all seven methods."

    def findings(self, template: Template) -> Iterator[Finding]:
        for behavior in behaviors(template):
            for policy in behavior.value.get("ResponseHeadersPolicyId"):
                name = _for_preflight(template, policy)
                if name and not _may_allow_options(behavior, policy):
                    yield Finding(
                        policy.path,
                        f"{behavior} has the response headers policy {name}, which is for requests that a browser asks "
                        "about with OPTIONS, and does not allow OPTIONS: CloudFront answers 403. Set AllowedMethods: "
                        "[GET, HEAD, OPTIONS], or all seven methods.",
                    )


def _for_preflight(template: Template, policy: Value) -> str | None:
    """The policy's name, if it is for preflight requests: its methods are none without them."""
    if name := PREFLIGHT_POLICIES.get(policy.text or ""):
        return name
    for resource in template.referred(policy, "AWS::CloudFront::ResponseHeadersPolicy"):
        for methods in resource.properties.walk(*METHODS):
            if ASKED_FOR & {method.text for method in methods.items()}:
                return resource.name
    return None


def _may_allow_options(behavior: Behavior, policy: Value) -> bool:
    for methods in behavior.value.under(policy.when).get("AllowedMethods"):
        if methods.unknown or any(method.text in ("OPTIONS", None) for method in methods.items()):
            return True
    return False
