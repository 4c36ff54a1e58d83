"""Rules for the custom headers of an origin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from cloudfront_local.rules import facts, headers
from cloudfront_local.rules.headers import STRUCTURE
from cloudfront_local.rules.rule import Violation, place, rule, shown

LIMITS = "CloudFront Developer Guide, cloudfront-limits"

custom_header_rule = partial(rule, sentence=facts.SENTENCE_CUSTOM_HEADER)

CUSTOM_HEADER_COUNT = custom_header_rule(
    "custom-header-count",
    f"An origin has at most {facts.CUSTOM_HEADERS} custom headers",
    source=LIMITS,
    allowed=f"{facts.CUSTOM_HEADERS} values",
    advice="Join several values in one header, or send some of them as request headers.",
)
CUSTOM_HEADER_NAME = custom_header_rule(
    "custom-header-name-length",
    f"A custom header's name is at most {facts.CUSTOM_HEADER_NAME_CHARACTERS} characters long",
    source=LIMITS,
    allowed=f"{facts.CUSTOM_HEADER_NAME_CHARACTERS} characters",
    advice="Shorten the name.",
)
CUSTOM_HEADER_VALUE = custom_header_rule(
    "custom-header-value-length",
    f"A custom header's value is at most {facts.CUSTOM_HEADER_VALUE_CHARACTERS:,} characters long",
    source=LIMITS,
    allowed=f"{facts.CUSTOM_HEADER_VALUE_CHARACTERS:,} characters",
    advice="Shorten the value, or send it as a request header.",
)
CUSTOM_HEADERS_TOTAL = custom_header_rule(
    "custom-headers-total",
    "The names and values of an origin's custom headers have "
    f"at most {facts.CUSTOM_HEADERS_CHARACTERS:,} characters together",
    source=LIMITS,
    allowed=f"{facts.CUSTOM_HEADERS_CHARACTERS:,} characters together",
    advice="Shorten names or values, or send some of them as request headers.",
)
CUSTOM_HEADER_DENIED = custom_header_rule(
    "custom-header-denied",
    "A custom header is not one of those that CloudFront cannot add to origin requests",
    source="CloudFront Developer Guide, add-origin-custom-headers",
    allowed="headers that CloudFront can add to origin requests",
    advice="Set the header in the request's `headers`, if functions may set it there.",
)
CUSTOM_HEADER_DISALLOWED = custom_header_rule(
    "custom-header-disallowed",
    "A custom header is not one of the headers that no function may add",
    source=STRUCTURE,
    allowed="headers that are not on CloudFront's list of disallowed headers",
    advice="Leave the header out.",
)
CUSTOM_HEADER_COLLISION = custom_header_rule(
    "custom-header-collision",
    "No name is both a custom header and a request header",
    source=STRUCTURE,
    allowed="the name in the origin's customHeaders or in the request's headers, not in both",
    advice="Delete the header from the request's headers, or use another name.",
)


def custom_headers(origin_kind: str, original: dict[str, Any], returned: dict[str, Any]) -> Iterator[Violation]:
    """The violations in the custom headers of the returned request's origin.

    `original` is the event's request. Its custom headers come from the distribution, so they may stay as they are.
    """
    field = f"origin.{origin_kind}.customHeaders"
    before, after = _of(original), _of(returned)
    if after != before:
        shape = headers.shape(before, after, field)
        yield from (replace(violation, sentence=facts.SENTENCE_CUSTOM_HEADER) for violation in shape)
        yield from _names(headers.values(before), headers.values(after), field)
        yield from _sizes(headers.values(after), field)
    yield from _collisions(original, returned, field)


def _of(request: dict[str, Any]) -> object:
    """The custom headers of a request's origin; {} if the origin has none."""
    origin = request.get("origin")
    for origin_kind in facts.ORIGIN_KINDS:
        if isinstance(origin, dict) and isinstance(origin.get(origin_kind), dict):
            return origin[origin_kind].get("customHeaders", {})
    return {}


def _names(before: dict[str, list[object]], after: dict[str, list[object]], field: str) -> Iterator[Violation]:
    for name in after:
        if before.get(name) == after[name]:
            continue
        if name in facts.CUSTOM_HEADERS_DENIED or name.startswith(facts.CUSTOM_HEADERS_DENIED_PREFIXES):
            yield CUSTOM_HEADER_DENIED.broken(
                place(field, name), f"{shown(name)}, a header that cannot be a custom header"
            )
        elif facts.is_disallowed(name):
            yield CUSTOM_HEADER_DISALLOWED.broken(
                place(field, name), f"{shown(name)}, a header that functions may not add"
            )


def _sizes(after: dict[str, list[object]], field: str) -> Iterator[Violation]:
    lengths = [(name, len(value)) for name, values in after.items() for value in values if isinstance(value, str)]
    for name, length in lengths:
        if len(name) > facts.CUSTOM_HEADER_NAME_CHARACTERS:
            yield CUSTOM_HEADER_NAME.broken(place(field, name), f"{len(name):,} characters")
        if length > facts.CUSTOM_HEADER_VALUE_CHARACTERS:
            yield CUSTOM_HEADER_VALUE.broken(place(field, name), f"{length:,} characters")
    if len(lengths) > facts.CUSTOM_HEADERS:
        yield CUSTOM_HEADER_COUNT.broken(field, f"{len(lengths)} values")
    total = sum(len(name) + length for name, length in lengths)
    if total > facts.CUSTOM_HEADERS_CHARACTERS:
        yield CUSTOM_HEADERS_TOTAL.broken(field, f"{total:,} characters together")


def _collisions(original: dict[str, Any], returned: dict[str, Any], field: str) -> Iterator[Violation]:
    """A name that already collides in the event, between viewer and distribution, is no violation."""
    for name in sorted(_in_both(returned) - _in_both(original)):
        yield CUSTOM_HEADER_COLLISION.broken(place(field, name), "the same name in the request's headers")


def _in_both(request: dict[str, Any]) -> set[str]:
    return headers.values(_of(request)).keys() & headers.values(request.get("headers")).keys()
