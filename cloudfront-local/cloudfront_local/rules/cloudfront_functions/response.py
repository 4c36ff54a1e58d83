"""Rules for the response that a CloudFront Function generates or changes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from cloudfront_local.rules import facts as shared
from cloudfront_local.rules.body import is_base64
from cloudfront_local.rules.cloudfront_functions import facts
from cloudfront_local.rules.cloudfront_functions.shape import STRUCTURE, entries, headers
from cloudfront_local.rules.rule import Violation, kind, rule, shown

response_rule = partial(rule, sentence=facts.SENTENCE_VALIDATION)

STATUS_CODE = response_rule(
    "function-status-code",
    "`statusCode` is an integer",
    source=STRUCTURE,
    allowed=f"an integer from {shared.STATUS_MIN} to {shared.STATUS_MAX}",
    advice="Write the status as a number: statusCode: 302. Lambda@Edge has a string in `status` instead.",
)
STATUS_DESCRIPTION = response_rule(
    "function-status-description",
    "`statusDescription` is a string",
    source=STRUCTURE,
    allowed="a string, or nothing",
    advice="Leave it out, or write a string such as 'Found'.",
)
BODY = response_rule(
    "function-body",
    "A response's `body` is a string, or an object with `encoding` and `data`",
    source=STRUCTURE,
    allowed='a string, or {"encoding": "text" or "base64", "data": "..."}',
    advice="To remove the body, return an empty string. To keep it, leave `body` out.",
)
BODY_BASE64 = response_rule(
    "function-body-base64",
    "A body whose encoding is base64 is valid base64",
    source=STRUCTURE,
    allowed="base64 with padding, on one line",
    advice='Encode the data with Buffer.from(data).toString("base64").',
)


def response(original: dict[str, Any], returned: dict[str, Any]) -> Iterator[Violation]:
    """The violations in a returned response. `original` is the event's, and empty for a generated response."""
    status = returned["statusCode"]
    if type(status) is not int or not shared.STATUS_MIN <= status <= shared.STATUS_MAX:
        yield STATUS_CODE.broken("statusCode", shown(status))
    if not isinstance(returned.get("statusDescription", ""), str):
        yield STATUS_DESCRIPTION.broken("statusDescription", kind(returned["statusDescription"]))
    yield from headers("response", "viewer-response", original.get("headers"), returned.get("headers", {}))
    yield from entries("cookies", original.get("cookies"), returned.get("cookies", {}))
    if "body" in returned:
        yield from _body(returned["body"])


def _body(body: object) -> Iterator[Violation]:
    match body:
        case str():
            return
        case {"encoding": "text", "data": str()}:
            return
        case {"encoding": "base64", "data": str(data)}:
            if not is_base64(data):
                yield BODY_BASE64.broken("body.data", "text that is not base64")
        case _:
            yield BODY.broken("body", kind(body))
