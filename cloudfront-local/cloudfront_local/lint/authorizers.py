"""Functions that decide who may see a path, as far as their names or their source show it."""

from __future__ import annotations

import json
import re

from cloudfront_local.lint.distributions import Association, Behavior, associations
from cloudfront_local.lint.functions import EdgeFunction, edge_functions
from cloudfront_local.lint.source import python_sources
from cloudfront_local.lint.template import Template

# In a function's name. An author is no authorizer.
NAME = re.compile(r"auth(?!or(?!i[sz]))|log-?in|sign-?in|jwt|password|protect", re.IGNORECASE)
# In a function's source: the header of an answer 401, or the status of one.
REFUSES = re.compile(r"www-authenticate|\b(status|statusCode)\b\W{1,5}401\b", re.IGNORECASE)

LAMBDA, CLOUDFRONT = "LambdaFunctionAssociations", "FunctionAssociations"
# The key of a function's ARN, by that of its association.
ARNS = {LAMBDA: "LambdaFunctionARN", CLOUDFRONT: "FunctionARN"}
GUARDING_EVENTS = ("viewer-request", "origin-request")


def authorizer(template: Template, behavior: Behavior) -> Association | None:
    """The association of a behavior's viewer-request function, if this function authorizes; otherwise None."""
    for key, arn in ARNS.items():
        for association in associations(behavior, key):
            named = any(NAME.search(json.dumps(found.plain, default=str)) for found in association.value.get(arn))
            if association.event_type == "viewer-request" and (named or _refuses(template, association)):
                return association
    return None


def is_open(behavior: Behavior) -> bool:
    """Whether nothing asks who the viewer is: no function at a request event, no signed URLs or cookies."""
    guards = [a for key in ARNS for a in associations(behavior, key) if a.event_type in GUARDING_EVENTS]
    signers = [value for key in ("TrustedKeyGroups", "TrustedSigners") for value in behavior.value.get(key)]
    return not guards and not any(value.plain for value in signers)


def _refuses(template: Template, association: Association) -> bool:
    """Whether the source of the function, where the template has it or points to it, answers 401."""
    sources = [code for function in _functions(template, association) for _, code in python_sources(function)]
    for arn in association.value.get("FunctionARN"):
        for resource in template.referred(arn, "AWS::CloudFront::Function"):
            sources += [code.text or "" for code in resource.properties.get("FunctionCode")]
    return any(map(REFUSES.search, sources))


def _functions(template: Template, association: Association) -> list[EdgeFunction]:
    return [function for function in edge_functions(template) if function.association == association]
