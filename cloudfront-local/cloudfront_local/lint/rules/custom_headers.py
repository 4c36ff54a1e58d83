"""E9018 and E9019: the headers that an origin may add to every request."""

from collections.abc import Iterator

from cloudfront_local.lint.distributions import Origin, origins
from cloudfront_local.lint.expressions import known_length
from cloudfront_local.lint.rule import GUIDE, EdgeRule, Finding
from cloudfront_local.lint.template import Template
from cloudfront_local.lint.values import Value
from cloudfront_local.rules.facts import (
    CUSTOM_HEADER_NAME_CHARACTERS,
    CUSTOM_HEADER_VALUE_CHARACTERS,
    CUSTOM_HEADERS,
    CUSTOM_HEADERS_CHARACTERS,
    CUSTOM_HEADERS_DENIED,
    CUSTOM_HEADERS_DENIED_PREFIXES,
)


class CustomHeaderNames(EdgeRule):
    id = "E9018"
    shortdesc = "An origin custom header has a name that CloudFront takes"
    description = "CloudFront refuses to add certain headers to requests to the origin."
    source_url = GUIDE + "add-origin-custom-headers.html#add-origin-custom-headers-denylist"
    advice = "Give the header another name."

    def findings(self, template: Template) -> Iterator[Finding]:
        for origin in origins(template):
            for headers in origin.value.get("OriginCustomHeaders"):
                for header in headers.items():
                    for name in header.get("HeaderName"):
                        lower = (name.text or "").lower()
                        if lower in CUSTOM_HEADERS_DENIED or lower.startswith(CUSTOM_HEADERS_DENIED_PREFIXES):
                            yield Finding(
                                name.path,
                                f"{origin} adds the header {name.text}, which CloudFront does not take as "
                                "an origin custom header (X-Amz-*, X-Edge-* and its deny list): give the "
                                "header another name.",
                            )


class CustomHeaderQuotas(EdgeRule):
    id = "E9019"
    shortdesc = "Origin custom headers are within CloudFront's quotas"
    description = "CloudFront limits the number of origin custom headers and the length of names and values."
    source_url = GUIDE + "cloudfront-limits.html#limits-custom-headers"
    advice = "Send fewer or shorter headers, or one that says where the settings are."

    def findings(self, template: Template) -> Iterator[Finding]:
        for origin in origins(template):
            for headers in origin.value.get("OriginCustomHeaders"):
                yield from self._each(origin, headers)
                yield from self._all(origin, headers)

    def _each(self, origin: Origin, headers: Value) -> Iterator[Finding]:
        limits = {"HeaderName": CUSTOM_HEADER_NAME_CHARACTERS, "HeaderValue": CUSTOM_HEADER_VALUE_CHARACTERS}
        for header in headers.items():
            for key, limit in limits.items():
                for text in header.get(key):
                    if (length := known_length(text.parts)) > limit:
                        yield Finding(
                            text.path,
                            f"{origin} has a custom header whose {key} is {length} characters long. "
                            f"CloudFront takes {limit}: shorten it, or keep the value where the function "
                            "can fetch it.",
                        )

    def _all(self, origin: Origin, headers: Value) -> Iterator[Finding]:
        every = list(headers.items())
        texts = [text for header in every for key in header.keys for text in header.get(key)]
        for outcome in headers.deployment.outcomes(headers.when, *(value.when for value in [*every, *texts])):
            count = sum(header.when <= outcome for header in every)
            length = sum(known_length(text.parts) for text in texts if text.when <= outcome)
            if count > CUSTOM_HEADERS or length > CUSTOM_HEADERS_CHARACTERS:
                yield Finding(
                    headers.path,
                    f"{origin} has {count} custom headers of {length} characters. CloudFront takes "
                    f"{CUSTOM_HEADERS} headers of {CUSTOM_HEADERS_CHARACTERS} characters in all: send fewer, or one "
                    "that says where the settings are.",
                )
