"""Rules for the response that a function generates or passes on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cloudfront_local.rules import facts, headers
from cloudfront_local.rules.body import BODY_BASE64, BODY_ENCODING, is_base64
from cloudfront_local.rules.headers import STRUCTURE
from cloudfront_local.rules.rule import Violation, kind, rule, shown

# A response event also holds the request. No rule covers that request: CloudFront ignores a function's changes to it.

GENERATING = "CloudFront Developer Guide, lambda-generating-http-responses"

STATUS = rule(
    "status",
    f"A response's status is {facts.STATUS_MIN} to {facts.STATUS_MAX}",
    source=GENERATING,
    allowed=f'"{facts.STATUS_MIN}" to "{facts.STATUS_MAX}"',
    advice="Give the code alone, as a string. The phrase belongs in statusDescription.",
)
READ_ONLY_STATUS = rule(
    "read-only-status",
    "A viewer-response function does not change the status",
    source=STRUCTURE,
    allowed="the event's status",
    advice="Change the status at origin-response, or generate the response at viewer-request.",
)
STATUS_DESCRIPTION = rule(
    "status-description",
    "A response's statusDescription is a string without control characters",
    source=f"{GENERATING}; RFC 9112 section 4",
    allowed="a string without control characters",
    advice='Give a phrase such as "Found", or leave statusDescription out.',
    unverified=True,
)
NO_CONTENT_BODY = rule(
    "no-content-body",
    "A response generated at viewer-request with status 204 has no body",
    source=GENERATING,
    allowed="no `body` at all",
    advice="Delete `body`: an empty string is a body, too.",
)
RESPONSE_BODY = rule(
    "response-body",
    "A response's body is a string",
    source=GENERATING,
    allowed="a string",
    advice='Return JSON as a string. Encode bytes with base64 and set bodyEncoding to "base64". '
    "To send no body, leave `body` out.",
    sentence=facts.SENTENCE_BODY,
)
VIEWER_RESPONSE_BODY = rule(
    "viewer-response-body",
    "A viewer-response function sets no body",
    source=STRUCTURE,
    allowed="no `body`",
    advice="Replace the body at origin-response, or generate the response at viewer-request.",
    sentence=facts.SENTENCE_BODY,
    unverified=True,
)
RESPONSE_SIZE = rule(
    "response-size",
    "A generated response, headers included, is at most 40 KB at viewer-request and 1 MB at origin events",
    source="CloudFront Developer Guide, cloudfront-limits",
    allowed="40 KB at viewer-request, 1 MB at origin-request and origin-response",
    advice="Serve the response from an origin. A base64 body counts as encoded; no source confirms that.",
    sentence=facts.SENTENCE_BODY,
)

STATUS_CODE = re.compile(r"[0-9]{3}")


def response(event_type: str, original: dict[str, Any] | None, returned: dict[str, Any]) -> Iterator[Violation]:
    """The violations in the response that a function returned. `original` is the event's response; it is None if the
    function generated the response at a request event."""
    yield from _status(event_type, original or {}, returned.get("status"))
    if "statusDescription" in returned:
        yield from _status_description(returned["statusDescription"])
    before, after = (original or {}).get("headers", {}), returned.get("headers", {})
    yield from headers.shape(before, after, "headers")
    yield from headers.disallowed(event_type, before, after, "headers")
    yield from headers.read_only(event_type, before, after)
    if "body" in returned:
        yield from _body(event_type, returned)
    yield from _body_encoding(returned)
    if original is None or "body" in returned:
        yield from _size(event_type, returned)


def _status(event_type: str, original: dict[str, Any], status: object) -> Iterator[Violation]:
    """The status may be a number: some of the guide's samples return one."""
    text = str(status)
    if "status" in original and text == str(original["status"]):
        return
    if event_type == "viewer-response":
        yield READ_ONLY_STATUS.broken("status", shown(status), shown(original.get("status")))
    if not (STATUS_CODE.fullmatch(text) and facts.STATUS_MIN <= int(text) <= facts.STATUS_MAX):
        yield STATUS.broken("status", shown(status))


def _status_description(description: object) -> Iterator[Violation]:
    if not isinstance(description, str):
        yield STATUS_DESCRIPTION.broken("statusDescription", kind(description))
    elif headers.CONTROL_CHARACTER.search(description):
        yield STATUS_DESCRIPTION.broken("statusDescription", "a control character")


def _body(event_type: str, returned: dict[str, Any]) -> Iterator[Violation]:
    if event_type == "viewer-response":
        yield VIEWER_RESPONSE_BODY.broken("body", kind(returned["body"]))
    if event_type == "viewer-request" and str(returned.get("status")) == "204":
        yield NO_CONTENT_BODY.broken("body", kind(returned["body"]))
    if not isinstance(returned["body"], str):
        yield RESPONSE_BODY.broken("body", kind(returned["body"]))


def _body_encoding(returned: dict[str, Any]) -> Iterator[Violation]:
    encoding, body = returned.get("bodyEncoding", "text"), returned.get("body")
    if encoding not in facts.BODY_ENCODINGS:
        yield BODY_ENCODING.broken("bodyEncoding", shown(encoding))
    elif encoding == "base64" and isinstance(body, str) and not is_base64(body):
        yield BODY_BASE64.broken("body", "text that is not base64")


def _size(event_type: str, returned: dict[str, Any]) -> Iterator[Violation]:
    limit = facts.GENERATED_RESPONSE_BYTES.get(event_type)
    size = response_size(returned)
    if limit is not None and size > limit:
        yield RESPONSE_SIZE.broken("body", f"{size:,} bytes with headers", f"{limit:,} bytes at {event_type}")


def response_size(response: dict[str, Any]) -> int:
    """The bytes of header names, header values and body. A base64 body counts as encoded."""
    body = response.get("body")
    size = len(body.encode()) if isinstance(body, str) else 0
    for name, values in headers.values(response.get("headers")).items():
        size += sum(len(name.encode()) + len(value.encode()) for value in values if isinstance(value, str))
    return size
