"""E9020: the viewer's Host stays at CloudFront when the origin knows itself by another name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cloudfront_local.lint.distributions import Origin, behaviors, origins_behind
from cloudfront_local.lint.expressions import references, shape
from cloudfront_local.lint.functions import URL
from cloudfront_local.lint.policies import forwarded_headers
from cloudfront_local.lint.rule import GUIDE, EdgeRule, Finding
from cloudfront_local.lint.template import Template

# Not s3-website endpoints: a bucket of the same name as the viewer's Host is one way to use them.
S3_DOMAIN = re.compile(r"(^|\.)s3([.-](?!website)[a-z0-9*.-]+)?\.amazonaws\.com")
FUNCTION_URL_DOMAIN = re.compile(r"\.lambda-url\.[^.]+\.on\.aws$")


class HostOfTheOrigin(EdgeRule):
    id = "E9020"
    shortdesc = "A function URL or an S3 origin does not get the viewer's Host"
    description = "AllViewer sends the viewer's Host, which a function URL and S3 answer with 403."
    source_url = GUIDE + "private-content-restricting-access-to-lambda.html"
    advice = (
        "Forward all headers but Host (the managed policy AllViewerExceptHostHeader), or only "
        "those that the origin needs."
    )

    def findings(self, template: Template) -> Iterator[Finding]:
        for behavior in behaviors(template):
            for origin in origins_behind(behavior):
                kind = _kind(template, origin)
                for selection in forwarded_headers(template, behavior) if kind else ():
                    if any(
                        template.deployment.possible(when | origin.value.when) for when in selection.selects("host")
                    ):
                        yield Finding(
                            selection.value.path,
                            f"{behavior} sends the viewer's Host to {origin}, {kind} ({selection.policy} "
                            "forwards it). It answers 403 to any name but its own: forward all but Host "
                            "(the managed policy AllViewerExceptHostHeader), or only the headers the "
                            "origin needs.",
                        )


def _kind(template: Template, origin: Origin) -> str | None:
    """The kind of the origin, if requests to it need its own domain in Host; otherwise None."""
    for domain in origin.value.get("DomainName"):
        mentioned = list(references(domain.plain))
        if any(template.resource(reference.name, URL) for reference in mentioned):
            return "a function URL"
        if FUNCTION_URL_DOMAIN.search(shape(domain.parts)):
            return "a function URL"
        if S3_DOMAIN.search(shape(domain.parts)):
            return "an S3 bucket"
    return "an S3 bucket" if any(True for _ in origin.value.get("S3OriginConfig")) else None
