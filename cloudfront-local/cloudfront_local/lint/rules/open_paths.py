"""W9061 and W9062: ways past a function that asks who the viewer is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from cloudfront_local.lint.authorizers import authorizer, is_open
from cloudfront_local.lint.distributions import Behavior, behaviors, configs, origins_behind
from cloudfront_local.lint.path_patterns import covers
from cloudfront_local.lint.rule import GUIDE, EdgeRule, Finding
from cloudfront_local.lint.template import Template
from cloudfront_local.lint.values import Value

# Paths that are open on purpose: single files, what pages are made of, and what a viewer needs to sign in.
PUBLIC = re.compile(
    r"\.\w+$|(^|[/*_.-])(public|static|assets?|images?|img|css|js|fonts?|media|_next|_nuxt|well-known|health\w*|status|"
    r"errors?|auth|oauth2?|callback|log-?(in|out)|sign-?(in|out|up))([/*_-]|$)",
    re.IGNORECASE,
)


class AuthorizerOnEveryPath(EdgeRule):
    id = "W9061"
    shortdesc = "An authorizer stands before every way to its origin"
    description = "A viewer who is refused at one path gets the same origin's objects by another."
    source_url = GUIDE + "DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern"
    advice = "Run the function on the open behavior, too. Leave this rule out if the path is meant to be open."
    unverified = (
        "A function counts as an authorizer by its name or its answer 401. Only you know whether a path may be open."
    )

    def findings(self, template: Template) -> Iterator[Finding]:
        every = list(behaviors(template))
        guarded = [(behavior, found) for behavior in every if (found := authorizer(template, behavior))]
        for behavior in filter(is_open, every):
            for other, association in guarded:
                if _bypasses(behavior, other):
                    yield Finding(
                        behavior.value.path,
                        f"{behavior} reaches the same origin as {other.name}, where a function at "
                        f"{association.event_type} asks who the viewer is, and no function asks here. Run it here, "
                        "too, unless the path is meant to be open.",
                    )


class ErrorPageBehindAuthorizer(EdgeRule):
    id = "W9062"
    shortdesc = "The error page for 403 is not a page that an authorizer protects"
    description = (
        "CloudFront answers 403 to a method that the behavior does not allow before any function runs, and fetches the "
        "error page without viewer functions: viewers get the page past the authorizer."
    )
    source_url = "https://github.com/aws-samples/cloudfront-authorization-at-edge/issues/25"
    advice = "Use a page that may be public, or none for 403."
    unverified = (
        "A function counts as an authorizer by its name or its answer 401. Only you know whether a page may be public."
    )

    def findings(self, template: Template) -> Iterator[Finding]:
        for distribution, config in configs(template):
            for page in _pages(config):
                served = [b for b in behaviors(template) if b.distribution == distribution and b.config == config]
                behavior = _serving(page.text or "", served)
                if behavior and authorizer(template, behavior):
                    yield Finding(
                        page.path,
                        f"The error page for 403, {page.text}, is open to all: a request with a method that {behavior} "
                        "does not allow gets the page, and its viewer-request function does not run. Use a page that "
                        "may be public.",
                    )


def _bypasses(behavior: Behavior, guarded: Behavior) -> bool:
    """Whether a behavior without authorizer is a way to what another guards.

    A narrower path to the same origin is one. A wider path is one where the origin may read a path otherwise than
    CloudFront does, such as /x/..%2Fapi; S3 takes a path as it is.
    """
    if behavior.config != guarded.config or not behavior.pattern or not guarded.pattern:
        return False
    if not _origins(behavior) & _origins(guarded):
        return False
    if covers(guarded.pattern, behavior.pattern):
        return not PUBLIC.search(behavior.pattern)
    return covers(behavior.pattern, guarded.pattern) and not _is_s3(behavior)


def _origins(behavior: Behavior) -> set[str]:
    """The origins as texts: their domains and paths, whatever their ids are."""
    return {
        json.dumps([origin.value.plain.get("DomainName"), origin.value.plain.get("OriginPath")], default=str)
        for origin in origins_behind(behavior)
        if isinstance(origin.value.plain, dict)
    }


def _is_s3(behavior: Behavior) -> bool:
    return any(True for origin in origins_behind(behavior) for _ in origin.value.get("S3OriginConfig"))


def _pages(config: Value) -> Iterator[Value]:
    for responses in config.get("CustomErrorResponses"):
        for response in responses.items():
            if any(code.number == 403 for code in response.get("ErrorCode")):
                yield from (page for page in response.get("ResponsePagePath") if page.text)


def _serving(path: str, served: list[Behavior]) -> Behavior | None:
    """The behavior that serves a path: the first that matches, the default last. None: a pattern is unknown."""
    in_order = sorted(served, key=lambda behavior: behavior.name == "DefaultCacheBehavior")
    if not all(behavior.pattern for behavior in in_order):
        return None
    return next((behavior for behavior in in_order if covers(behavior.pattern or "", path)), None)
