"""I9001: values that the other rules cannot judge."""

from __future__ import annotations

from collections.abc import Iterator

from cloudfront_local.lint import cloudfront_functions
from cloudfront_local.lint.distributions import Behavior, behaviors, configs, origins
from cloudfront_local.lint.expressions import references
from cloudfront_local.lint.functions import EdgeFunction, edge_functions, edge_targets
from cloudfront_local.lint.iam import roles
from cloudfront_local.lint.policies import POLICIES
from cloudfront_local.lint.rule import EdgeRule, Finding
from cloudfront_local.lint.template import Template
from cloudfront_local.lint.values import Value

# The properties that the rules read: of a distribution's configuration, behavior, association, origin, and function.
OF_DISTRIBUTIONS = (
    ("Aliases",),
    ("CacheBehaviors",),
    ("CustomErrorResponses",),
    ("DefaultCacheBehavior",),
    ("OriginGroups", "Items"),
    ("Origins",),
    ("ViewerCertificate",),
)
OF_BEHAVIORS = (
    ("AllowedMethods",),
    ("CachedMethods",),
    ("FunctionAssociations",),
    ("LambdaFunctionAssociations",),
    ("PathPattern",),
    ("TargetOriginId",),
)
OF_ASSOCIATIONS = (("EventType",), ("IncludeBody",))
OF_ORIGINS = (("CustomOriginConfig",), ("OriginCustomHeaders",), ("S3OriginConfig",))
OF_FUNCTIONS = (
    ("Architectures",),
    ("DeadLetterConfig",),
    ("Environment", "Variables"),
    ("EphemeralStorage", "Size"),
    ("Layers",),
    ("MemorySize",),
    ("PackageType",),
    ("Runtime",),
    ("RuntimeManagementConfig", "UpdateRuntimeOn"),
    ("Timeout",),
    ("TracingConfig", "Mode"),
    ("VpcConfig",),
)
# Lists whose items the rules read. Of Layers the rules read no items: a single layer is too many.
LISTS = (
    "Architectures",
    "CacheBehaviors",
    "CustomErrorResponses",
    "FunctionAssociations",
    "LambdaFunctionAssociations",
    "Origins",
)
STACKS = ("AWS::CloudFormation::Stack", "AWS::Serverless::Application")
ADVICE = "Check the value yourself, or write it into the template."


class CannotJudge(EdgeRule):
    id = "I9001"
    shortdesc = "Everything that the rules look at can be read from the template"
    description = "The rules do not judge a value that only the deployment knows."
    source_url = (
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html"
    )
    advice = "Check the value yourself, or write it into the template."

    def findings(self, template: Template) -> Iterator[Finding]:
        for path, reason in template.unread:
            yield Finding(path, f"Cannot judge all of the template: {reason}. {ADVICE}")
        for stack in template.resources(*STACKS):
            yield _unjudged(stack.properties, f"{stack.name}: a template of its own is behind it")
        yield from _of_distributions(template)
        yield from _of_targets(template)
        for function in edge_functions(template):
            yield from _of_function(function)
        for value, reason in cloudfront_functions.unjudged(template):
            yield _unjudged(value, reason)


def _of_distributions(template: Template) -> Iterator[Finding]:
    for resource in template.resources("AWS::CloudFront::Distribution"):
        yield from _computed(resource.name, resource.properties, (("DistributionConfig",),))
    for name, config in configs(template):
        yield from _computed(name, config, OF_DISTRIBUTIONS)
    for origin in origins(template):
        yield from _computed(str(origin), origin.value, OF_ORIGINS)
        for domain in origin.value.get("DomainName"):
            # The end of a domain says what kind of origin it is; so does a resource of the template.
            here = any(template.has(reference.name) for reference in references(domain.plain))
            ended = any(isinstance(last, str) for last in domain.parts[-1:])
            if domain.unknown and not here and not ended:
                yield _unjudged(domain, f"{origin}: only the deployment knows {domain.unknown}, its DomainName")
    for behavior in behaviors(template):
        yield from _computed(str(behavior), behavior.value, OF_BEHAVIORS)
        yield from _of_policies(template, behavior)
        for associations in behavior.value.get("LambdaFunctionAssociations"):
            for association in associations.items():
                yield from _computed(f"an association of {behavior}", association, OF_ASSOCIATIONS)


def _of_policies(template: Template, behavior: Behavior) -> Iterator[Finding]:
    for key, kind in POLICIES.items():
        for policy in behavior.value.get(key):
            if policy.unknown and not any(True for _ in template.referred(policy, kind)):
                yield _unjudged(policy, f"{key} of {behavior}: only the deployment knows {policy.unknown}")


def _of_targets(template: Template) -> Iterator[Finding]:
    for association, target in edge_targets(template):
        if target.function is None and target.fault is None:
            yield Finding(
                (*association.value.path, "LambdaFunctionARN"),
                f"Cannot judge the function at {association}: it is not in this template. {ADVICE}",
            )


def _of_function(function: EdgeFunction) -> Iterator[Finding]:
    yield from _computed(str(function), function.properties, OF_FUNCTIONS)
    for role in function.properties.get("Role"):
        if not any(True for _ in roles(function)):
            yield _unjudged(role, f"the role of {function}: it is not in this template")


def _computed(owner: str, value: Value, settings: tuple[tuple[str, ...], ...]) -> Iterator[Finding]:
    """A finding for each setting that is there and not written out."""
    if isinstance(value.plain, dict) and "Fn::Transform" in value.plain:
        yield _unjudged(value, f"{owner}: Fn::Transform may change it")
    for keys in settings:
        found = [value]
        for index, key in enumerate(keys):
            found = [inner for outer in found for inner in outer.get(key)]
            items = [item for inner in found if key in LISTS for item in inner.items()]
            setting = ".".join(keys[: index + 1])
            for unknown in (*found, *items):
                if why := unknown.unknown:
                    yield _unjudged(unknown, f"{setting} of {owner}: only the deployment knows {why}")


def _unjudged(value: Value, name: str) -> Finding:
    return Finding(value.path, f"Cannot judge {name}. {ADVICE}")
