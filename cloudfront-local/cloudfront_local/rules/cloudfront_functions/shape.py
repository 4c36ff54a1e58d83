"""Rules for headers, cookies and query strings: objects that map names to {value, multiValue}."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cloudfront_local.rules import facts as shared
from cloudfront_local.rules.cloudfront_functions import facts
from cloudfront_local.rules.headers import CONTROL_CHARACTER, TOKEN
from cloudfront_local.rules.rule import Violation, kind, place, rule, shown

STRUCTURE = "CloudFront Developer Guide, functions-event-structure"
RESTRICTIONS = "CloudFront Developer Guide, edge-function-restrictions-all"

FIELD = rule(
    "function-field",
    "`headers`, `cookies` and `querystring` are objects that map names to values; `querystring` may be a string",
    source=STRUCTURE,
    allowed='an object such as {"location": {"value": "/"}}',
    advice="Return the field in the shape that the event has.",
    sentence=facts.SENTENCE_VALIDATION,
)
ENTRY = rule(
    "function-entry",
    "A header, a cookie or a query parameter is an object whose `value` is a string",
    source="https://github.com/anomalyco/sst/issues/5073",
    allowed='an object such as {"value": "1"}, with `multiValue` for several values',
    advice="Write {value: '...'}, also for a number: String(number).",
    sentence=facts.SENTENCE_VALIDATION,
)
MULTI_VALUE = rule(
    "function-multi-value",
    "`multiValue` is an array of objects whose `value` is a string",
    source=STRUCTURE,
    allowed='an array such as [{"value": "1"}, {"value": "2"}]',
    advice="Give each value an object of its own.",
    sentence=facts.SENTENCE_VALIDATION,
)
ATTRIBUTES = rule(
    "function-cookie-attributes",
    "A cookie's `attributes` is a string",
    source=STRUCTURE,
    allowed='a string such as "Secure; Path=/"',
    advice="Write the attributes as in Set-Cookie, behind the value.",
    sentence=facts.SENTENCE_VALIDATION,
)
CHARACTER = rule(
    "function-value-character",
    "A value has no control characters",
    source=RESTRICTIONS,
    allowed="no control characters except the tab",
    advice="Remove the character or percent-encode it.",
    sentence=facts.SENTENCE_VALIDATION,
    unverified=True,
)
HEADER_NAMES = {
    part: rule(
        f"function-{part}-header-name",
        f"A header's name in a {part}'s `headers` is lower-case and a token of RFC 9110",
        source=f"{STRUCTURE}; RFC 9110 section 5.1",
        allowed="lower-case letters, digits and !#$%&'*+-.^_`|~",
        advice="Write the name in lower case. CloudFront capitalizes it.",
        sentence=facts.SENTENCE_HEADER_NAME.format(part),
    )
    for part in ("request", "response")
}
DISALLOWED_HEADER = rule(
    "function-disallowed-header",
    "A CloudFront Function adds no header on CloudFront's list of disallowed headers",
    source=RESTRICTIONS,
    allowed="headers that are not on CloudFront's list of disallowed headers",
    advice="Leave the header out.",
    sentence=facts.SENTENCE_DISALLOWED_HEADER,
)
READ_ONLY_HEADER = rule(
    "function-read-only-header",
    "A CloudFront Function does not add, change or delete a header that is read-only at its event",
    source=RESTRICTIONS,
    allowed="the header as the event has it",
    advice="Leave the header as it is.",
    sentence=facts.SENTENCE_VALIDATION,
)


def entries(field: str, before: object, after: object) -> Iterator[Violation]:
    """The violations in the shape of headers, cookies or a query. An entry as in the event may have any shape."""
    if not isinstance(after, dict):
        yield FIELD.broken(field, kind(after))
        return
    unchanged = before if isinstance(before, dict) else {}
    for name, entry in after.items():
        if unchanged.get(name) != entry:
            yield from _entry(entry, place(field, name))


def _entry(entry: Any, field: str) -> Iterator[Violation]:
    if not isinstance(entry, dict) or not (isinstance(entry.get("value"), str) or "multiValue" in entry):
        found = f"a value that is {kind(entry.get('value'))}" if isinstance(entry, dict) else kind(entry)
        yield ENTRY.broken(field, found)
        return
    items = entry.get("multiValue", [])
    if not isinstance(items, list) or not all(isinstance(i, dict) and isinstance(i.get("value"), str) for i in items):
        yield MULTI_VALUE.broken(f"{field}.multiValue", kind(items))
        return
    for item in (entry, *items):
        if not isinstance(item.get("attributes", ""), str):
            yield ATTRIBUTES.broken(f"{field}.attributes", kind(item["attributes"]))
        elif control := CONTROL_CHARACTER.search(f"{item.get('value', '')}{item.get('attributes', '')}"):
            yield CHARACTER.broken(field, f"'%{ord(control[0]):02X}'")


def headers(part: str, event_type: str, before: object, after: object) -> Iterator[Violation]:
    """The violations in the headers of a request or a response, `part`. `before` is empty for a generated response."""
    yield from entries("headers", before, after)
    original = before if isinstance(before, dict) else {}
    returned = after if isinstance(after, dict) else {}
    for name, entry in returned.items():
        if not TOKEN.fullmatch(name):
            yield HEADER_NAMES[part].broken("headers", shown(name))
        if shared.is_disallowed(name.lower()) and original.get(name) != entry:
            yield DISALLOWED_HEADER.broken(
                place("headers", name), f"{shown(name)}, a header that functions may not add"
            )
    names = {name.lower(): entry for name, entry in returned.items()}
    for name in sorted(facts.READ_ONLY_HEADERS[event_type]):
        if original.get(name) != names.get(name):
            change = "added" if name not in original else "deleted" if name not in names else "changed"
            yield READ_ONLY_HEADER.broken(f"headers.{name}", f"{change} at {event_type}")
