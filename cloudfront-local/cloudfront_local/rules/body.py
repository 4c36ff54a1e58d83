"""Rules for the request body that a function returns."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from cloudfront_local.rules import facts
from cloudfront_local.rules.headers import STRUCTURE
from cloudfront_local.rules.rule import Violation, kind, rule, shown

BODY = rule(
    "body",
    "A request's `body` is an object",
    source=STRUCTURE,
    allowed='an object such as {"action": "replace", "encoding": "text", "data": "..."}',
    advice="To keep the body, return it as the event has it, or leave it out.",
    sentence=facts.SENTENCE_BODY,
)
BODY_ACTION = rule(
    "body-action",
    "A request's `body.action` is read-only or replace",
    source=STRUCTURE,
    allowed=" or ".join(facts.BODY_ACTIONS),
    advice='Set "replace" to send other data; otherwise leave the action out.',
)
BODY_ENCODING = rule(
    "body-encoding",
    "A body's encoding is base64 or text",
    source=STRUCTURE,
    allowed=" or ".join(facts.BODY_ENCODINGS),
    advice='Use "text" for text and "base64" for anything else.',
)
BODY_DATA = rule(
    "body-data",
    "A replaced request body's `data` is a string",
    source=STRUCTURE,
    allowed="a string",
    advice="Encode bytes with base64; an empty body is an empty string.",
    sentence=facts.SENTENCE_BODY,
)
BODY_BASE64 = rule(
    "body-base64",
    "A body whose encoding is base64 is valid base64",
    source=f"{STRUCTURE}, lambda-generating-http-responses",
    allowed="base64 with padding, on one line",
    advice='Encode the data with base64, or set the encoding to "text". A request body without an encoding is base64.',
)
BODY_SIZE = rule(
    "body-size",
    "A replaced request body has at most 40 KB at viewer-request, 1 MB at origin-request; in base64 53.2 KB, 1.33 MB",
    source="CloudFront Developer Guide, cloudfront-limits",
    allowed="40 KB at viewer-request, 1 MB at origin-request",
    advice="Send less data, or let the client send the body to the origin. "
    "The guide gives 53.2 KB and 1.33 MB for base64; the exact number of bytes is unverified.",
    sentence=facts.SENTENCE_BODY,
)


def request_body(event_type: str, body: object) -> Iterator[Violation]:
    """The violations in the `body` of a returned request.

    A function may replace a body that its event did not include. CloudFront ignores `data` and `encoding`, and sends
    the original body on, unless the action is "replace".
    """
    if not isinstance(body, dict):
        yield BODY.broken("body", kind(body))
        return
    action = body.get("action", "read-only")
    if action not in facts.BODY_ACTIONS:
        yield BODY_ACTION.broken("body.action", shown(action))
    if action == "replace":
        yield from _replaced(event_type, body.get("encoding", "base64"), body.get("data"))


def _replaced(event_type: str, encoding: object, data: object) -> Iterator[Violation]:
    if encoding not in facts.BODY_ENCODINGS:
        yield BODY_ENCODING.broken("body.encoding", shown(encoding))
        return
    if not isinstance(data, str):
        yield BODY_DATA.broken("body.data", kind(data))
        return
    if encoding == "base64" and not is_base64(data):
        yield BODY_BASE64.broken("body.data", "text that is not base64")
    size, limit = len(data.encode()), facts.BODY_REPLACED_BYTES[event_type][str(encoding)]
    if size > limit:
        yield BODY_SIZE.broken("body.data", f"{size:,} bytes", f"{limit:,} bytes of {encoding} at {event_type}")


def is_base64(data: str) -> bool:
    """Whether `data` is base64 (RFC 4648 section 4) without spaces or line breaks."""
    try:
        base64.b64decode(data, validate=True)
    except ValueError:
        return False
    return True
