"""E9102, E9104 and E9105: features that flat-rate plans exclude."""

from __future__ import annotations

from collections.abc import Iterator

from cloudfront_local.lint.distributions import behaviors_of, origins_of
from cloudfront_local.lint.plans import Planned, PlanRule
from cloudfront_local.lint.policies import POLICIES
from cloudfront_local.lint.rule import Finding
from cloudfront_local.lint.values import Value
from cloudfront_local.rules.facts import PLANS_WITH_FAILOVER, PLANS_WITH_OWN_POLICIES

# The path of a setting, the values that are refused (empty: all), and the name in a message.
Refused = tuple[tuple[str, ...], tuple[str, ...], str]
OF_DISTRIBUTIONS: tuple[Refused, ...] = (
    (("Staging",), ("true",), "staging"),
    (("ContinuousDeploymentPolicyId",), (), "continuous deployment"),
    (("AnycastIpListId",), (), "anycast addresses"),
    (("ConnectionMode",), ("tenant-only",), "a multi-tenant distribution"),
    (("TenantConfig",), (), "a multi-tenant distribution"),
    (("ViewerCertificate", "IamCertificateId"), (), "a certificate of IAM"),
    (("ViewerCertificate", "SslSupportMethod"), ("vip",), "dedicated IP addresses for TLS"),
)
OF_BEHAVIORS: tuple[Refused, ...] = (
    (("ForwardedValues",), (), "ForwardedValues"),
    (("MinTTL",), (), "a MinTTL of the behavior"),
    (("DefaultTTL",), (), "a DefaultTTL of the behavior"),
    (("MaxTTL",), (), "a MaxTTL of the behavior"),
    (("RealtimeLogConfigArn",), (), "real-time logs"),
    (("FieldLevelEncryptionId",), (), "field-level encryption"),
)
OF_ORIGINS: tuple[Refused, ...] = ((("S3OriginConfig", "OriginAccessIdentity"), (), "an origin access identity"),)
OF_LESSER_DISTRIBUTIONS: tuple[Refused, ...] = ((("OriginGroups", "Items"), (), "origin failover"),)
OF_LESSER_ORIGINS: tuple[Refused, ...] = ((("OriginShield", "Enabled"), ("true",), "Origin Shield"),)


class FeaturesOfPlans(PlanRule):
    id = "E9102"
    shortdesc = "A distribution under a flat-rate plan uses nothing that all plans exclude"
    description = "Flat-rate plans exclude legacy cache settings, origin access identities, staging and more."
    advice = "Use a cache policy, an origin access control and a certificate of ACM, or pay as you go."

    def refusals(self, planned: Planned) -> Iterator[Finding]:
        for value, feature in _used(planned.config, OF_DISTRIBUTIONS, OF_BEHAVIORS, OF_ORIGINS):
            yield Finding(
                value.path,
                f"{planned} has {feature}, which flat-rate plans exclude: remove it, or pay as you go.",
            )


class PoliciesOfPlan(PlanRule):
    id = "E9104"
    shortdesc = "A distribution under a small flat-rate plan uses managed policies"
    description = f"Only the plans {' and '.join(PLANS_WITH_OWN_POLICIES)} allow policies of one's own."
    advice = "Use managed policies, or take a larger plan."

    def refusals(self, planned: Planned) -> Iterator[Finding]:
        if planned.plan in PLANS_WITH_OWN_POLICIES:
            return
        for behavior in behaviors_of(planned.name, planned.config):
            for key, kind in POLICIES.items():
                for policy in behavior.value.get(key):
                    if any(True for _ in planned.template.referred(policy, kind)):
                        yield Finding(
                            policy.path,
                            f"{behavior} has a policy of the template's own as {key}. The plan {planned.plan} allows "
                            "managed policies only: use one of these, or take a larger plan.",
                        )


class FailoverOfPlan(PlanRule):
    id = "E9105"
    shortdesc = "A distribution under a smaller flat-rate plan has no origin failover and no Origin Shield"
    description = f"Only the plan {' or '.join(PLANS_WITH_FAILOVER)} allows origin groups and Origin Shield."
    advice = "Remove OriginGroups and OriginShield, or take a larger plan."

    def refusals(self, planned: Planned) -> Iterator[Finding]:
        if planned.plan in PLANS_WITH_FAILOVER:
            return
        for value, feature in _used(planned.config, OF_LESSER_DISTRIBUTIONS, (), OF_LESSER_ORIGINS):
            yield Finding(
                value.path,
                f"{planned} has {feature}, which only the largest plan allows: remove it, or take that plan.",
            )


def _used(
    config: Value,
    of_distributions: tuple[Refused, ...],
    of_behaviors: tuple[Refused, ...],
    of_origins: tuple[Refused, ...],
) -> Iterator[tuple[Value, str]]:
    """The settings that are there and refused, each with its name."""
    owners = [(config, of_distributions)]
    owners += [(behavior.value, of_behaviors) for behavior in behaviors_of("", config)]
    owners += [(origin.value, of_origins) for origin in origins_of("", config)]
    for owner, refused in owners:
        for path, values, feature in refused:
            for value in owner.walk(*path):
                if str(value.plain).lower() in values or (not values and value.plain not in ("", [], {})):
                    yield value, feature
