"""E9048: behaviors that name a policy or a key group, and something else is there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from cloudfront_local.lint.distributions import behaviors
from cloudfront_local.lint.expressions import Reference
from cloudfront_local.lint.rule import API, EdgeRule, Finding
from cloudfront_local.lint.template import Template
from cloudfront_local.lint.values import Value
from cloudfront_local.rules import facts
from cloudfront_local.rules.api_refusals import REFERENCES

_ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MANAGED: dict[str, Collection[str]] = {
    "CachePolicy": facts.MANAGED_CACHE_POLICY_HEADERS,
    "OriginRequestPolicy": facts.MANAGED_ORIGIN_REQUEST_POLICY_HEADERS,
    "ResponseHeadersPolicy": facts.MANAGED_RESPONSE_HEADERS_POLICIES,
}
_KINDS = (*_MANAGED, "CloudFrontOriginAccessIdentity", "Function", "KeyGroup", "OriginAccessControl", "PublicKey")


class KnownReferences(EdgeRule):
    id = "E9048"
    shortdesc = "A behavior names policies and key groups by ids of the right kind"
    description = "CloudFront answers NoSuchCachePolicy, TrustedKeyGroupDoesNotExist and the like (404 or 400)."
    source_url = API + "API_CreateDistribution.html"
    advice = "Refer to the policy or key group in the template (!Ref), or write its id, which is no name."

    def findings(self, template: Template) -> Iterator[Finding]:
        for behavior in behaviors(template):
            for key, (kind, code) in REFERENCES.items():
                for value in behavior.value.listed(key):
                    if found := _other(template, value, kind):
                        yield Finding(
                            value.path, f"{code}: the {key} of {behavior} is {found}. Name a {kind} by its id."
                        )


def _other(template: Template, value: Value, kind: str) -> str | None:
    """What the value names, if it is no resource of this kind; None if it is, or nobody knows."""
    text = value.text
    if text is not None:
        owner = next((owner for owner, ids in _MANAGED.items() if text in ids), kind)
        if owner != kind:
            return f"{text}, the id of a managed {owner}"
        return None if _ID.fullmatch(text) else f"{text!r}, which is no id"
    match value.parts:
        case [Reference(name)]:
            others = template.resources(*(f"AWS::CloudFront::{other}" for other in _KINDS if other != kind))
            return next((f"{name}, an {other.type}" for other in others if other.name == name), None)
    return None
