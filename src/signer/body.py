"""The body of a request, as CloudFront shows it to an origin-request function."""

from __future__ import annotations

import binascii

from edge.cloudfront import Request, header
from signer.settings import MisconfiguredError

# Methods whose requests CloudFront takes without a body.
_BODILESS = ("GET", "HEAD", "OPTIONS", "DELETE")


def is_truncated(request: Request) -> bool:
    """Whether the body is longer than what the event holds of it."""
    body = request.get("body")
    return bool(body and body["inputTruncated"])


def payload(request: Request) -> bytes:
    """The bytes that the origin will receive.

    Raises MisconfiguredError if the event was not given the body, ValueError if its body is not what it claims to be.
    """
    body = request.get("body")
    if body is None:
        expected = header(request["headers"], "content-length") or ("0" if request["method"] in _BODILESS else "some")
        if expected == "0":
            return b""
        raise MisconfiguredError("the event has no body: set IncludeBody on the association of the signer")
    if body["encoding"] == "text":
        return body["data"].encode()
    if body["encoding"] != "base64":
        raise ValueError(f"the body's encoding is {body['encoding']!r}, neither base64 nor text")
    return binascii.a2b_base64(body["data"], strict_mode=True)
