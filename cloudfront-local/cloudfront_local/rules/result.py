"""Rules for a function's result as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cloudfront_local.rules import facts
from cloudfront_local.rules.api_gateway import API_GATEWAY, rewritten
from cloudfront_local.rules.headers import STRUCTURE
from cloudfront_local.rules.marshalling import NotSerializableError, marshalled
from cloudfront_local.rules.request import request
from cloudfront_local.rules.response import response
from cloudfront_local.rules.rule import Violation, kind, rule

EVENT = rule(
    "event",
    "The event is a CloudFront event",
    source=STRUCTURE,
    allowed=f"Records[0].cf with config.eventType, one of {', '.join(facts.EVENT_TYPES)}, and request or response",
    advice="Pass the whole event that the function received.",
    sentence="",
)
INVALID_JSON = rule(
    "invalid-json",
    "A function's result is JSON",
    source="https://github.com/serverless-nextjs/serverless-next.js/issues/525",
    allowed="strings, finite numbers, booleans, null, arrays, and objects with strings as keys",
    advice="Replace NaN and Infinity. A handler that returns bytes must return JSON.",
    sentence=facts.SENTENCE_INVALID_JSON,
)
NOT_SERIALIZABLE = rule(
    "not-serializable",
    "Lambda's runtime can write a function's result as JSON; otherwise it reports Runtime.MarshalError",
    source="awslambdaric, lambda_runtime_marshaller.py",
    allowed="str, int, float, bool, None, list, tuple, dict with such keys, Decimal, and bytes that are UTF-8",
    advice="Return a list instead of a set. Encode bytes with base64.",
    sentence=facts.SENTENCE_EXECUTION,
    status=facts.EXECUTION_STATUS,
)
NOT_AN_OBJECT = rule(
    "not-an-object",
    "A function's result is an object",
    source="https://github.com/aws-samples/react-ssr-lambda/issues/28",
    allowed="a request or a response",
    advice="Return the event's request or response, even unchanged. A function without a return value returns null.",
    sentence=facts.SENTENCE_NOT_AN_OBJECT,
)
KIND = rule(
    "request-or-response",
    "A function returns a request or a response at request events, and a response at response events",
    source=STRUCTURE,
    allowed="a request or a response (an object with `status`) at request events, a response at response events",
    advice='Return event["Records"][0]["cf"]["request"] (or ["response"]), not the event itself.',
)


def violations(event: dict[str, Any], result: object) -> list[Violation]:
    """The rules of CloudFront that `result` breaks. The list is empty if CloudFront accepts the result.

    `event` is the whole event as the function received it: {"Records": [{"cf": {...}}]}. Handlers change the event's
    request in place and return it. Pass a deep copy that you made before the call; otherwise the rules see no change.
    `result` is the function's return value, parsed from JSON or as the Python object. Neither argument is changed, and
    no argument makes this function raise.
    """
    try:
        original = marshalled(_original(event))
    except Exception as error:  # an event of any shape
        return [EVENT.broken("event", type(error).__name__)]
    try:
        returned = marshalled(result)
    except NotSerializableError as error:
        return [NOT_SERIALIZABLE.broken("result", str(error))]
    except (ValueError, RecursionError) as error:
        return [INVALID_JSON.broken("result", str(error))]
    return _judged(original, returned)


def violations_of_json(event: dict[str, Any], result: object) -> list[Violation]:
    """The same as `violations`, for a CloudFront event and a result that was parsed from JSON: neither is copied."""
    return _judged(_original(event), result)


def _judged(original: dict[str, Any], returned: object) -> list[Violation]:
    try:
        return list(_violations(original["eventType"], original["subject"], returned))
    except RecursionError as error:  # nested almost as deeply as json can parse
        return [INVALID_JSON.broken("result", str(error))]


def _original(event: dict[str, Any]) -> dict[str, Any]:
    """The event's type, and its request or response without the body. The body may be large, and no rule reads it."""
    cf = event["Records"][0]["cf"]
    event_type = cf["config"]["eventType"]
    if event_type not in facts.EVENT_TYPES:
        raise ValueError("eventType")
    subject = cf["request" if event_type in facts.REQUEST_EVENTS else "response"]
    return {"eventType": event_type, "subject": {name: subject[name] for name in subject if name != "body"}}


def _violations(event_type: str, original: dict[str, Any], returned: object) -> Iterator[Violation]:
    in_request = event_type in facts.REQUEST_EVENTS
    if not isinstance(returned, dict):
        yield NOT_AN_OBJECT.broken("result", kind(returned))
    elif "status" in returned:  # every response has this field, and no request has it
        yield from response(event_type, None if in_request else original, returned)
    elif "statusCode" in returned and "uri" not in returned:
        yield API_GATEWAY.broken("statusCode", "a response for API Gateway", advice=rewritten(returned))
    elif in_request and ("uri" in returned or "headers" in returned):
        yield from request(event_type, original, returned)
    else:
        yield KIND.broken("result", _looks_like(returned))


def _looks_like(returned: dict[str, Any]) -> str:
    if "Records" in returned:
        return "the whole event"
    return "a request" if "uri" in returned else "neither a request nor a response"
