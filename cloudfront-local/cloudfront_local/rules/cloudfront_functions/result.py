"""Rules for the result of a CloudFront Function as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from cloudfront_local.rules.cloudfront_functions import facts
from cloudfront_local.rules.cloudfront_functions.request import request
from cloudfront_local.rules.cloudfront_functions.response import response
from cloudfront_local.rules.cloudfront_functions.shape import STRUCTURE
from cloudfront_local.rules.facts import VIEWER_EVENTS
from cloudfront_local.rules.rule import Violation, kind, rule

function_rule = partial(rule, sentence=facts.SENTENCE_VALIDATION)

EVENT = rule(
    "function-event",
    "The event is one of CloudFront Functions",
    source=STRUCTURE,
    allowed=f"context.eventType, one of {', '.join(VIEWER_EVENTS)}, with request (and response)",
    advice="Pass the whole event that the function received.",
    sentence="",
)
NOT_AN_OBJECT = function_rule(
    "function-not-an-object",
    "A CloudFront Function returns an object",
    source=STRUCTURE,
    allowed="event.request or a response at viewer-request, a response at viewer-response",
    advice="Return event.request or event.response on every way through the handler.",
    unverified=True,
)
KIND = function_rule(
    "function-request-or-response",
    "A CloudFront Function returns a request or a response at viewer-request, and a response at viewer-response",
    source=STRUCTURE,
    allowed="a request, or an object with `statusCode`, at viewer-request; the response at viewer-response",
    advice="Return event.request (or event.response), not the event itself.",
)


def violations(event: dict[str, Any], result: object) -> list[Violation]:
    """The rules of CloudFront that `result` breaks. The list is empty if CloudFront accepts the result.

    `event` is the whole event as the function received it, and `result` the function's result as parsed JSON.
    """
    if not _is_whole(event):
        return [EVENT.broken("event", kind(event))]
    return list(_violations(event["context"]["eventType"], event, result))


def is_event(event: object) -> bool:
    """Whether this looks like an event of CloudFront Functions, not of Lambda@Edge."""
    return isinstance(event, dict) and "context" in event and "Records" not in event


def _is_whole(event: object) -> bool:
    match event:
        case {"context": {"eventType": "viewer-request"}, "request": {"method": str()}}:
            return True
        case {"context": {"eventType": "viewer-response"}, "request": dict(), "response": dict()}:
            return True
    return False


def _violations(event_type: str, event: dict[str, Any], result: object) -> Iterator[Violation]:
    if not isinstance(result, dict):
        yield NOT_AN_OBJECT.broken("result", kind(result))
    elif "statusCode" in result:
        yield from response(event.get("response") or {}, result)
    elif event_type == "viewer-request" and ("uri" in result or "headers" in result):
        yield from request(event["request"], result)
    else:
        yield KIND.broken("result", _looks_like(result))


def _looks_like(result: dict[str, Any]) -> str:
    if "context" in result:
        return "the whole event"
    if "status" in result:
        return "a response of Lambda@Edge, with `status`"
    return "a request" if "uri" in result else "neither a request nor a response"
