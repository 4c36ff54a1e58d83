"""E9035 to E9037 and W9031: behaviors that the CloudFront API refuses."""

from __future__ import annotations

from collections.abc import Iterator

from cloudfront_local.lint.distributions import Behavior, behaviors, configs
from cloudfront_local.lint.rule import API, GUIDE, EdgeRule, Finding
from cloudfront_local.lint.settings import together
from cloudfront_local.lint.template import Template
from cloudfront_local.lint.values import Value
from cloudfront_local.rules.api_refusals import METHOD_SETS
from cloudfront_local.rules.facts import VIEWER_EVENTS


class MethodSets(EdgeRule):
    id = "E9035"
    shortdesc = "AllowedMethods is one of CloudFront's three sets, and CachedMethods one of its two"
    description = "CloudFront answers InvalidArgument to other sets of methods."
    source_url = API + "API_AllowedMethods.html"
    advice = "Write [GET, HEAD], [GET, HEAD, OPTIONS], or for AllowedMethods all seven methods."

    def findings(self, template: Template) -> Iterator[Finding]:
        for behavior in behaviors(template):
            for key, sets in (("AllowedMethods", METHOD_SETS), ("CachedMethods", METHOD_SETS[:2])):
                for methods in behavior.value.get(key):
                    items = list(methods.items())
                    named = [item.text for item in items if item.text is not None]
                    if isinstance(methods.plain, list) and len(named) == len(items) and frozenset(named) not in sets:
                        allowed = " or ".join(f"[{', '.join(sorted(each))}]" for each in sets)
                        yield Finding(
                            methods.path,
                            f"InvalidArgument: {key} of {behavior} is [{', '.join(named)}]. CloudFront takes "
                            f"{allowed}.",
                        )


class OneKindOfSettings(EdgeRule):
    id = "E9036"
    shortdesc = "A behavior has a cache policy or legacy settings, not both"
    description = (
        "CloudFront refuses ForwardedValues and TTLs in a behavior with a cache policy, a behavior with neither, and "
        "an origin request policy without a cache policy."
    )
    source_url = GUIDE + "working-with-policies.html"
    advice = "Give a CachePolicyId, and delete ForwardedValues, MinTTL, DefaultTTL and MaxTTL."

    def findings(self, template: Template) -> Iterator[Finding]:
        for behavior in behaviors(template):
            policies = list(behavior.value.get("CachePolicyId"))
            for key in ("ForwardedValues", "MinTTL", "DefaultTTL", "MaxTTL") if policies else ():
                for value in behavior.value.get(key):
                    if any(together(policy, value) for policy in policies):
                        yield Finding(
                            value.path,
                            f"InvalidArgument: The parameter {key} cannot be used when a cache policy is associated to "
                            f"the cache behavior. Delete it from {behavior}.",
                        )
            yield from _lacking(behavior)


def _lacking(behavior: Behavior) -> Iterator[Finding]:
    """What is missing beside the settings of a behavior that is written out."""
    keys = behavior.value.keys
    if not keys or "CachePolicyId" in keys or "Fn::Transform" in behavior.value.plain:
        return
    if "OriginRequestPolicyId" in keys:
        yield Finding(
            (*behavior.value.path, "OriginRequestPolicyId"),
            f"InvalidArgument: {behavior} has an origin request policy without a cache policy. Add a CachePolicyId.",
        )
    elif "ForwardedValues" not in keys:
        yield Finding(
            behavior.value.path,
            f"InvalidArgument: The parameter ForwardedValues is required. Give {behavior} a CachePolicyId.",
        )


class FunctionEvents(EdgeRule):
    id = "E9037"
    shortdesc = "A CloudFront Function runs at viewer-request or viewer-response"
    description = "CloudFront answers InvalidFunctionAssociation to other event types, and to none."
    source_url = API + "API_FunctionAssociation.html"
    advice = "Write viewer-request or viewer-response, or use a Lambda@Edge function."

    def findings(self, template: Template) -> Iterator[Finding]:
        for behavior in behaviors(template):
            for listed in behavior.value.get("FunctionAssociations"):
                for association in listed.items():
                    for event_type in association.get("EventType"):
                        if event_type.text is not None and event_type.text not in VIEWER_EVENTS:
                            yield _no_event(behavior, event_type, f"at {event_type.text!r}")
                    if association.keys and "EventType" not in association.keys:
                        yield _no_event(behavior, association, "without an EventType")


def _no_event(behavior: Behavior, value: Value, where: str) -> Finding:
    return Finding(
        value.path,
        f"InvalidFunctionAssociation: {behavior} has a CloudFront Function {where}. CloudFront Functions run at "
        f"{' and '.join(VIEWER_EVENTS)}.",
    )


class DifferentPatterns(EdgeRule):
    id = "W9031"
    shortdesc = "Each behavior has a path pattern of its own"
    description = "The first behavior with a pattern serves all its paths. The second never runs."
    source_url = GUIDE + "DownloadDistValuesCacheBehavior.html"
    advice = "Delete one of the two behaviors, or change its pattern."
    unverified = "CloudFront is said to refuse two behaviors with one pattern (InvalidArgument)."

    def findings(self, template: Template) -> Iterator[Finding]:
        for _, config in configs(template):
            for listed in config.get("CacheBehaviors"):
                first: dict[str, Value] = {}
                for item in listed.items():
                    for pattern in item.get("PathPattern"):
                        if pattern.text is None:
                            continue
                        earlier = first.setdefault(pattern.text.removeprefix("/"), pattern)
                        if earlier.path != pattern.path and together(earlier, pattern):
                            yield Finding(
                                pattern.path,
                                f"The path pattern {pattern.text} is that of an earlier behavior, which serves all its "
                                "paths: delete one of the two.",
                            )
