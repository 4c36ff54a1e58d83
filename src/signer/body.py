"""The body of a request in an origin-request event."""

from __future__ import annotations

import binascii

from edge.cloudfront import Request, header
from signer.settings import MisconfiguredError

# Requests with these methods usually have no body, so a missing Content-Length means none.
_BODILESS = ("GET", "HEAD", "OPTIONS", "DELETE")


def is_truncated(request: Request) -> bool:
    """Whether CloudFront truncated the body in the event."""
    body = request.get("body")
    return bool(body and body["inputTruncated"])


def payload(request: Request) -> bytes:
    """The bytes that the origin will receive.

    Raises MisconfiguredError if the request has a body that the event lacks, ValueError if the body is malformed.
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
