"""Compression of responses, before they are cached. CloudFront prefers Brotli; this tool compresses with gzip only.

Source: CloudFront Developer Guide, "Serve compressed files".
"""

from __future__ import annotations

import gzip

from multidict import CIMultiDict

from cloudfront_local.distribution.behaviors import CacheBehavior
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.rules import facts


def compressed(response: Response, request: Request, behavior: CacheBehavior) -> Response:
    """The response in gzip if the behavior, the viewer and the object allow compression; otherwise unchanged."""
    accepted = behavior.cache_policy.accept_encoding(request).split(",")
    if not (behavior.compress and "gzip" in accepted and _compressible(response)):
        return response
    body = gzip.compress(response.body, compresslevel=6, mtime=0)
    headers = response.headers.copy()
    headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(body))
    _vary(headers)
    _weaken(headers)
    return Response(response.status, headers, body, response.reason)


def _compressible(response: Response) -> bool:
    content_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return (
        response.status in facts.COMPRESS_STATUSES
        and content_type in facts.COMPRESS_CONTENT_TYPES
        and "Content-Encoding" not in response.headers
        and "Content-Length" in response.headers
        and facts.COMPRESS_BYTES_MIN <= len(response.body) <= facts.COMPRESS_BYTES_MAX
    )


def _vary(headers: CIMultiDict[str]) -> None:
    named = [name.strip() for value in headers.getall("Vary", ()) for name in value.split(",")]
    if "accept-encoding" not in (name.lower() for name in named):
        headers["Vary"] = ", ".join([*named, "Accept-Encoding"])


def _weaken(headers: CIMultiDict[str]) -> None:
    """A strong ETag becomes weak. A malformed ETag is removed."""
    tag = headers.get("ETag", "")
    if tag.startswith('"'):
        headers["ETag"] = f"W/{tag}"
    elif not tag.startswith("W/"):
        headers.popall("ETag", None)
