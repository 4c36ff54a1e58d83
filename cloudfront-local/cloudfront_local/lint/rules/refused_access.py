"""E9050: origin access controls and identities that do not go with their origin."""

from __future__ import annotations

from collections.abc import Iterator

from cloudfront_local.lint.distributions import Origin, origins
from cloudfront_local.lint.expressions import Reference, references, shape
from cloudfront_local.lint.functions import URL
from cloudfront_local.lint.rule import GUIDE, EdgeRule, Finding
from cloudfront_local.lint.rules.host import FUNCTION_URL_DOMAIN, S3_DOMAIN
from cloudfront_local.lint.template import Template
from cloudfront_local.lint.values import Value

CONTROL = "AWS::CloudFront::OriginAccessControl"
IDENTITY = "AWS::CloudFront::CloudFrontOriginAccessIdentity"
IDENTITY_PREFIX = "origin-access-identity/cloudfront/"


class AccessOfTheOrigin(EdgeRule):
    id = "E9050"
    shortdesc = "An origin access control is for origins of its type, and an identity has its prefix"
    description = "CloudFront answers InvalidDomainNameForOriginAccessControl or InvalidOriginAccessIdentity."
    source_url = GUIDE + "private-content-restricting-access-to-s3.html"
    advice = (
        "Use type s3 for buckets, lambda for function URLs, and none for website endpoints; write an identity as "
        "origin-access-identity/cloudfront/ID."
    )

    def findings(self, template: Template) -> Iterator[Finding]:
        for origin in origins(template):
            kind = _kind(template, origin)
            for value in origin.value.get("OriginAccessControlId"):
                for control in _types(template, value) if kind else ():
                    if ("s3" in (kind, control) and kind != control) or (
                        "lambda" in (kind, control) and kind != control
                    ):
                        yield Finding(
                            value.path,
                            f"InvalidDomainNameForOriginAccessControl: {origin} has an origin access control of type "
                            f"{control}, which does not go with its DomainName.",
                        )
            for identity in origin.value.walk("S3OriginConfig", "OriginAccessIdentity"):
                if _is_bare(template, identity):
                    yield Finding(
                        identity.path,
                        f"InvalidOriginAccessIdentity: the OriginAccessIdentity of {origin} does not begin with "
                        f"{IDENTITY_PREFIX}: write {IDENTITY_PREFIX} before the id.",
                    )


def _types(template: Template, control: Value) -> Iterator[str]:
    for piece in control.parts:
        resource = template.resource(piece.name, CONTROL) if isinstance(piece, Reference) else None
        keys = ("OriginAccessControlConfig", "OriginAccessControlOriginType")
        yield from (kind.text for kind in resource.properties.walk(*keys) if kind.text) if resource else ()


def _kind(template: Template, origin: Origin) -> str | None:
    """`s3`, `lambda` or `other`; None where nobody knows the domain."""
    for domain in origin.value.get("DomainName"):
        if S3_DOMAIN.search(shape(domain.parts)):
            return "s3"
        mentioned = any(template.resource(found.name, URL) for found in references(domain.plain))
        if mentioned or FUNCTION_URL_DOMAIN.search(shape(domain.parts)):
            return "lambda"
        return "other" if domain.text else None
    return None


def _is_bare(template: Template, identity: Value) -> bool:
    match identity.parts:
        case [Reference(name)]:
            return template.resource(name, IDENTITY) is not None
    return bool(identity.text) and not str(identity.text).startswith(IDENTITY_PREFIX)
