"""The response of an API Gateway function, which people return at the edge, and its form for CloudFront."""

from __future__ import annotations

import json
from typing import Any

from cloudfront_local.rules.rule import rule

API_GATEWAY = rule(
    "api-gateway-response",
    "A response has `status`; `statusCode` is API Gateway's",
    source="https://github.com/serverless-nextjs/serverless-next.js/issues/156",
    allowed="`status`, and `headers` whose values are lists",
    advice="Return the response in CloudFront's form.",
)

# Characters: a longer response is not rewritten in a message of one line.
_SHOWN = 500
_EXAMPLE = '{"status": "302", "headers": {"location": [{"key": "Location", "value": "/"}]}}'


def rewritten(response: dict[str, Any]) -> str:
    """The advice: the response in CloudFront's form. Values of headers and the body may be secret: "..." is shown."""
    form: dict[str, Any] = {"status": str(response["statusCode"])}
    headers = {str(name).lower(): [{"key": name, "value": "..."}] for name in _header_names(response)}
    if headers:
        form["headers"] = headers
    if response.get("body") is not None:
        form["body"] = "..."
    if response.get("isBase64Encoded") is True:
        form["bodyEncoding"] = "base64"
    text = json.dumps(form)
    return f"Return {text if len(text) <= _SHOWN else _EXAMPLE} instead."


def _header_names(response: dict[str, Any]) -> list[str]:
    fields = (response.get("headers"), response.get("multiValueHeaders"))
    names = [name for field in fields if isinstance(field, dict) for name in field]
    return [*names, "Set-Cookie"] if response.get("cookies") else names
