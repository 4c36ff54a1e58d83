"""Rules for a function's result as a whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from local.cloudfront import facts
from local.cloudfront.rules.request import request
from local.cloudfront.rules.response import response
from local.cloudfront.rules.rule import Violation, kind, rule

EVENT = rule(
    "event",
    "The event given is one of CloudFront's",
    source="CloudFront Developer Guide, lambda-event-structure",
    allowed=f"Records[0].cf with config.eventType, one of {', '.join(facts.EVENT_TYPES)}, and request or response",
    advice="Pass the whole event that the function was given.",
)
INVALID_JSON = rule(
    "invalid-json",
    "A function's result is JSON",
    source="https://github.com/serverless-nextjs/serverless-next.js/issues/525",
    allowed="strings (UTF-8), finite numbers, booleans, null, arrays, and objects with strings as keys",
    advice="Return str for bytes, list for set.",
    sentence=facts.SENTENCE_INVALID_JSON,
)
NOT_AN_OBJECT = rule(
    "not-an-object",
    "A function's result is an object",
    source="https://github.com/aws-samples/react-ssr-lambda/issues/28",
    allowed="a request or a response",
    advice="Return the event's request to go on, its response to pass it on: nothing returned is null.",
    sentence=facts.SENTENCE_NOT_AN_OBJECT,
)
KIND = rule(
    "request-or-response",
    "A request event's function returns a request or a response, a response event's a response",
    source="CloudFront Developer Guide, lambda-event-structure",
    allowed="the request or a response (an object with `status`) in request events, a response in response events",
    advice='Return event["Records"][0]["cf"]["request"] (or ["response"]), not the event itself.',
)


def violations(event: dict[str, Any], result: object) -> list[Violation]:
    """What CloudFront refuses of `result`, which an edge function returned for `event`; empty when nothing.

    `event` is the whole event as the function was *given* it: {"Records": [{"cf": {...}}]}. Handlers change the event's
    request in place and return it, so pass a deep copy that was made before the call; else no change is seen.
    `result` is what the function returned, parsed from JSON or as the Python object. Neither argument is changed.
    Nothing is raised, whatever the arguments are.
    """
    try:
        original = _json(_original(event))
    except Exception as error:  # an event of any kind whatever
        return [EVENT.broken("event", type(error).__name__)]
    try:
        returned = _json(result)
    except Exception as error:  # an object of any kind whatever
        return [INVALID_JSON.broken("result", _reason(error))]
    return list(_violations(original, returned))


def _original(event: dict[str, Any]) -> dict[str, Any]:
    """The parts of the event that rules look at. Bodies are not among them: they may be large."""
    cf = event["Records"][0]["cf"]
    if cf["config"]["eventType"] not in facts.EVENT_TYPES:
        raise ValueError("eventType")
    request_fields = {name: value for name, value in dict(cf["request"]).items() if name != "body"}
    original = {"eventType": cf["config"]["eventType"], "request": request_fields}
    if original["eventType"] in facts.RESPONSE_EVENTS:
        original["response"] = dict(cf["response"])
    return original


def _json(value: object) -> Any:
    """The value as CloudFront parses it: in UTF-8, NaN and Infinity refused."""
    return json.loads(json.dumps(value, allow_nan=False, ensure_ascii=False).encode())


def _reason(error: Exception) -> str:
    """Why a value is not JSON. An object's own code may have raised anything; json's errors are readable."""
    if isinstance(error, UnicodeEncodeError):
        return "a string that is not UTF-8"
    return str(error) if type(error) in (TypeError, ValueError) else type(error).__name__


def _violations(original: dict[str, Any], returned: object) -> Iterator[Violation]:
    event_type = original["eventType"]
    if not isinstance(returned, dict):
        yield NOT_AN_OBJECT.broken("result", kind(returned))
    elif event_type in facts.RESPONSE_EVENTS and "status" in returned:
        yield from response(event_type, original["response"], returned)
    elif event_type in facts.REQUEST_EVENTS and "status" in returned:
        yield from response(event_type, None, returned)
    elif event_type in facts.REQUEST_EVENTS and ("uri" in returned or "headers" in returned):
        yield from request(event_type, original["request"], returned)
    else:
        yield KIND.broken("result", _looks_like(returned))


def _looks_like(returned: dict[str, Any]) -> str:
    if "Records" in returned:
        return "the whole event"
    return "a request" if "uri" in returned else "neither a request nor a response"
