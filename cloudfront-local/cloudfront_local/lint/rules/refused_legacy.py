"""E9049: legacy cache settings that the CloudFront API refuses."""

from __future__ import annotations

from collections.abc import Iterator

from cloudfront_local.lint.distributions import Behavior, behaviors
from cloudfront_local.lint.rule import GUIDE, EdgeRule, Finding
from cloudfront_local.lint.template import Template
from cloudfront_local.lint.values import Value
from cloudfront_local.rules.api_refusals import LEGACY_HEADERS_MAX
from cloudfront_local.rules.facts import LEGACY_HEADERS_REFUSED


class LegacySettings(EdgeRule):
    id = "E9049"
    shortdesc = "ForwardedValues selects headers and query strings that CloudFront forwards"
    description = (
        f"CloudFront refuses some headers, more than {LEGACY_HEADERS_MAX} of them, all headers with a MinTTL, and "
        "names of query strings without QueryString."
    )
    source_url = GUIDE + "header-caching.html"
    advice = "Delete what the message names, or use a cache policy and an origin request policy."

    def findings(self, template: Template) -> Iterator[Finding]:
        for behavior in behaviors(template):
            for forwarded in behavior.value.get("ForwardedValues"):
                yield from _headers(behavior, forwarded)
                yield from _query_strings(behavior, forwarded)


def _headers(behavior: Behavior, forwarded: Value) -> Iterator[Finding]:
    for headers in forwarded.get("Headers"):
        names = [header for header in headers.items() if header.text is not None]
        for header in names:
            if str(header.text).lower() in LEGACY_HEADERS_REFUSED:
                yield Finding(
                    header.path,
                    f"InvalidArgument: {behavior} forwards {header.text}, which CloudFront does not forward.",
                )
            ttls = behavior.value.under(header.when).get("MinTTL") if header.text == "*" else ()
            for ttl in ttls:
                if ttl.number:
                    yield Finding(
                        ttl.path,
                        f"InvalidArgument: {behavior} forwards all headers and has a MinTTL of {ttl.number} s. Set it "
                        "to 0: nothing is cached.",
                    )
        every_time = [header for header in names if header.when == headers.when]
        if len(every_time) > LEGACY_HEADERS_MAX:
            yield Finding(
                headers.path,
                f"TooManyHeadersInForwardedValues: {behavior} has {len(every_time)} Headers. The quota is "
                f"{LEGACY_HEADERS_MAX}.",
            )


def _query_strings(behavior: Behavior, forwarded: Value) -> Iterator[Finding]:
    for switch in forwarded.get("QueryString"):
        for keys in forwarded.under(switch.when).get("QueryStringCacheKeys"):
            if (switch.text is None and switch.plain is not False) or switch.true:
                continue
            if any(True for _ in keys.items()):
                yield Finding(
                    switch.path,
                    "InvalidArgument: The parameter QueryString cannot be false if query strings are set in "
                    f"QueryStringCacheKeys. Set it to true in {behavior}.",
                )
