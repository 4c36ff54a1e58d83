"""Rules for headers: their shape, the headers that functions may not add, and the headers that are read-only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cloudfront_local.rules import facts
from cloudfront_local.rules.rule import Violation, kind, place, rule, shown

RESTRICTIONS = "CloudFront Developer Guide, edge-function-restrictions-all"
STRUCTURE = "CloudFront Developer Guide, lambda-event-structure"

HEADERS = rule(
    "headers",
    "`headers` is an object that maps lower-case names to arrays",
    source=STRUCTURE,
    allowed='an object such as {"location": [{"key": "Location", "value": "/"}]}',
    advice="Return headers in the shape that the event's headers have.",
    sentence=facts.SENTENCE_HEADERS,
)
HEADER_NAME = rule(
    "header-name",
    "A header's name in `headers` is lower-case and a token of RFC 9110",
    source=f"{STRUCTURE}; RFC 9110 section 5.1",
    allowed="lower-case letters, digits and !#$%&'*+-.^_`|~",
    advice="Write the name in lower case. CloudFront sends the spelling in `key`.",
    sentence=facts.SENTENCE_HEADERS,
    unverified=True,
)
HEADER_ARRAY = rule(
    "header-array",
    "A header's entry is an array with one item for each value",
    source="Response of the service, quoted by Volcengine's documentation 109228",
    allowed='an array such as [{"key": "Location", "value": "/"}]',
    advice="Put the value in a list, even a single value.",
    sentence=facts.SENTENCE_HEADER_ARRAY,
)
HEADER_EMPTY = rule(
    "header-empty",
    "A header's array has at least one item",
    source=STRUCTURE,
    allowed="one item or more",
    advice="To remove the header, delete its entry from `headers`.",
    sentence=facts.SENTENCE_HEADERS,
    unverified=True,
)
HEADER_VALUE = rule(
    "header-value",
    "A header's item is an object whose `value` is a string",
    source="https://github.com/aws-samples/cloudfront-authorization-at-edge/issues/12",
    allowed='an object such as {"key": "Age", "value": "1"}',
    advice="Give each value an item of its own. Write every value as a string, also a number.",
    sentence=facts.SENTENCE_HEADERS,
)
HEADER_KEY = rule(
    "header-key",
    "A header's `key` is a string, or is left out",
    source=STRUCTURE,
    allowed="the header's name, in upper or lower case, or no key",
    advice="Correct the key, or leave it out: CloudFront then capitalizes each part of the name.",
    sentence=facts.SENTENCE_HEADERS,
    unverified=True,
)
HEADER_CHARACTER = rule(
    "header-character",
    "A header's value has no control characters",
    source="https://github.com/aws-ia/cloudformation-aws-marketplace-saas/issues/54",
    allowed="no control characters except the tab",
    advice="Remove the character or percent-encode it. A line break in a value would split the response.",
    sentence=facts.SENTENCE_HEADERS,
)
DISALLOWED_HEADER = rule(
    "disallowed-header",
    "A function adds no header on CloudFront's list of disallowed headers",
    source=RESTRICTIONS,
    allowed="headers that are not on CloudFront's list of disallowed headers",
    advice="Leave the header out. When you copy headers from another response, choose them by name.",
    sentence=facts.SENTENCE_DISALLOWED_HEADER,
)
VIEWER_COUNTRY_HEADER = rule(
    "viewer-country-header",
    "A viewer-request function does not add CloudFront-Viewer-Country",
    source="CloudFront Developer Guide, lambda-at-edge-function-restrictions",
    allowed="headers other than CloudFront-Viewer-Country",
    advice="Let a cache policy or an origin request policy add it, or add it at origin-request.",
    sentence=facts.SENTENCE_DISALLOWED_HEADER,
)
READ_ONLY_HEADER = rule(
    "read-only-header",
    "A function does not add, change or delete a header that is read-only at its event",
    source=RESTRICTIONS,
    allowed="the header as the event has it",
    advice="Leave the header as it is.",
    sentence=facts.SENTENCE_READ_ONLY_HEADER,
)

TOKEN = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]+")
CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def shape(original: object, headers: object, field: str) -> Iterator[Violation]:
    """The violations in the shape of `headers`: an object of arrays of {key, value}.

    A header that is unchanged from `original` may have any shape: CloudFront sends it on as received. `field` is the
    place of `headers` in the result.
    """
    if not isinstance(headers, dict):
        yield HEADERS.broken(field, kind(headers))
        return
    before = original if isinstance(original, dict) else {}
    for name, entries in headers.items():
        if name not in before or before[name] != entries:
            yield from _entries(name, entries, place(field, name))


def _entries(name: str, entries: object, field: str) -> Iterator[Violation]:
    if not TOKEN.fullmatch(name):
        yield HEADER_NAME.broken(field, shown(name))
    if not isinstance(entries, list):
        yield HEADER_ARRAY.broken(field, kind(entries))
        return
    if not entries:
        yield HEADER_EMPTY.broken(field, "an empty array")
    for index, item in enumerate(entries):
        yield from _item(name, item, f"{field}[{index}]")


def _item(name: str, item: object, field: str) -> Iterator[Violation]:
    """Only strings are accepted as values, as in the guide. The service's log also mentions an "array of string".

    `key` may be another header's name: an example of the guide (lambda-examples) copies an item that way.
    """
    if not isinstance(item, dict) or not isinstance(item.get("value"), str):
        found = f"a value that is {kind(item.get('value'))}" if isinstance(item, dict) else kind(item)
        yield HEADER_VALUE.broken(field, found)
        return
    if not isinstance(item.get("key", name), str):
        yield HEADER_KEY.broken(f"{field}.key", shown(item["key"]))
    if control := CONTROL_CHARACTER.search(item["value"]):
        yield HEADER_CHARACTER.broken(f"{field}.value", f"'%{ord(control[0]):02X}' at character {control.start()}")


def values(headers: object) -> dict[str, list[object]]:
    """The values of each header by lower-case name. An item of the wrong shape counts as a value."""
    found: dict[str, list[object]] = {}
    for name, entries in headers.items() if isinstance(headers, dict) else ():
        items = entries if isinstance(entries, list) else [entries]
        found.setdefault(name.lower(), []).extend(
            item.get("value", item) if isinstance(item, dict) else item for item in items
        )
    return found


def disallowed(event_type: str, original: object, headers: object, field: str) -> Iterator[Violation]:
    """The violations by headers that functions may not add. Such a header of the event may stay unchanged."""
    before = values(original)
    for name, after in values(headers).items():
        if before.get(name) == after:
            continue
        if facts.is_disallowed(name):
            yield DISALLOWED_HEADER.broken(place(field, name), f"{shown(name)}, a header that functions may not add")
        elif event_type == "viewer-request" and name in facts.DISALLOWED_AT_VIEWER_REQUEST:
            yield VIEWER_COUNTRY_HEADER.broken(place(field, name), f"{shown(name)}, a header added at viewer-request")


def read_only(event_type: str, original: object, headers: object) -> Iterator[Violation]:
    """The violations by read-only headers that the function added, changed or deleted.

    For a generated response, `original` is empty: every read-only header in it counts as added.
    """
    before, after = values(original), values(headers)
    for name in sorted(facts.READ_ONLY_HEADERS[event_type]):
        if before.get(name) != after.get(name):
            change = "added" if name not in before else "deleted" if name not in after else "changed"
            yield READ_ONLY_HEADER.broken(
                f"headers.{name}",
                f"{change} at {event_type}",
                "nothing" if change == "added" else "",
                "Leave the header out: CloudFront sets it." if change == "added" else "",
            )
