"""E9100, E9101, E9103 and E9106: CloudFront's flat-rate plans."""

from __future__ import annotations

from collections.abc import Iterator

from cloudfront_local.lint.distributions import associations, behaviors_of, configs
from cloudfront_local.lint.expressions import Reference, shape
from cloudfront_local.lint.plans import PAGE, Planned, PlanRule, plan
from cloudfront_local.lint.rule import EdgeRule, Finding
from cloudfront_local.lint.template import Template
from cloudfront_local.lint.values import Value
from cloudfront_local.rules.facts import PLAN_BEHAVIORS, PLANS


class KnownPlan(EdgeRule):
    id = "E9100"
    shortdesc = f"Plan is {', '.join(PLANS[:-1])} or {PLANS[-1]}"
    description = "The rules about flat-rate plans go by the plan that the Metadata names."
    source_url = PAGE
    advice = f"Write one of {', '.join(PLANS)}, or remove Plan."

    def findings(self, template: Template) -> Iterator[Finding]:
        for name, _ in configs(template):
            path, named = plan(template, name) or ((), PLANS[0])
            if named not in PLANS:
                yield Finding(path, f"CloudFront has no plan {named}. Set Plan to one of {', '.join(PLANS)}.")


class BehaviorsOfPlan(PlanRule):
    id = "E9101"
    shortdesc = "A distribution has no more behaviors than its flat-rate plan allows"
    description = (
        f"The plans allow {', '.join(f'{count} ({name})' for name, count in PLAN_BEHAVIORS.items())} behaviors."
    )
    advice = "Merge behaviors, or take a larger plan."

    def refusals(self, planned: Planned) -> Iterator[Finding]:
        for listed in planned.config.get("CacheBehaviors"):
            every = [value.when for value in listed.items()]
            for outcome in listed.deployment.outcomes(listed.when, *every):
                if (count := sum(when <= outcome for when in every)) > PLAN_BEHAVIORS[planned.plan]:
                    yield Finding(
                        listed.path,
                        f"{planned} has {count} cache behaviors. The plan allows {PLAN_BEHAVIORS[planned.plan]}: merge "
                        "behaviors, or take a larger plan.",
                    )


class WebAclOfPlan(PlanRule):
    id = "E9103"
    shortdesc = "A distribution under a flat-rate plan has a web ACL"
    description = "Flat-rate plans include AWS WAF and ask for a web ACL."
    advice = "Set WebACLId to the ARN of a web ACL of AWS WAF."

    def refusals(self, planned: Planned) -> Iterator[Finding]:
        config = planned.config
        having = [value.when for value in config.get("WebACLId") if value.plain]
        if config.deployment.without(config.when, having) is not None:
            yield Finding(
                config.path,
                f"{planned} has no web ACL, which flat-rate plans ask for: set WebACLId.",
            )


class SharedUnderPlan(PlanRule):
    id = "E9106"
    shortdesc = "A distribution under a flat-rate plan shares no web ACL and no CloudFront Function"
    description = (
        "A web ACL, function or key value store of a distribution under a plan is for that distribution alone."
    )
    advice = "Give each distribution a web ACL, functions and key value stores of its own."

    def refusals(self, planned: Planned) -> Iterator[Finding]:
        others = [other for name, other in configs(planned.template) if name != planned.name]
        theirs = {text for other in others for text, _ in _exclusive(planned.template, other)}
        for text, value in _exclusive(planned.template, planned.config):
            if text in theirs:
                yield Finding(
                    value.path,
                    f"{planned} shares {text} with another distribution: give each its own.",
                )


def _exclusive(template: Template, config: Value) -> Iterator[tuple[str, Value]]:
    """What a distribution under a plan may not share: its name in a message, and where the distribution names it."""
    for acl in config.get("WebACLId"):
        if acl.plain:
            yield f"the web ACL {_text(acl)}", acl
    for behavior in behaviors_of("", config):
        for association in associations(behavior, "FunctionAssociations"):
            for arn in association.value.get("FunctionARN"):
                yield f"the function {_text(arn)}", arn
                yield from ((f"the key value store {store}", arn) for store in _stores(template, arn))


def _stores(template: Template, function: Value) -> Iterator[str]:
    for resource in template.referred(function, "AWS::CloudFront::Function"):
        for stores in resource.properties.walk("FunctionConfig", "KeyValueStoreAssociations"):
            for store in stores.items():
                yield from map(_text, store.get("KeyValueStoreARN"))


def _text(value: Value) -> str:
    """A resource as a message names it: by its logical id, if it has one."""
    return next((piece.name for piece in value.parts if isinstance(piece, Reference)), shape(value.parts))
