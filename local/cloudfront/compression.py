"""Compression on the way to the viewer. CloudFront offers Brotli too; here it is gzip for both.

Source: CloudFront Developer Guide, "Serve compressed files".
"""

from __future__ import annotations

import gzip

from local.cloudfront import facts
from local.cloudfront.behaviors import CacheBehavior
from local.cloudfront.messages import Request, Response


def compressed(response: Response, request: Request, behavior: CacheBehavior) -> Response:
    """The response in gzip, where the behavior, the viewer and the object allow it; else as it is."""
    if not (behavior.compress and "gzip" in behavior.cache_policy.accept_encoding(request.headers)):
        return response
    if not _compressible(response):
        return response
    headers = response.headers.copy()
    headers["Content-Encoding"] = "gzip"
    headers["Vary"] = "Accept-Encoding"
    headers.popall("Content-Length", None)
    if tag := headers.get("ETag"):
        headers["ETag"] = tag if tag.startswith("W/") else f"W/{tag}"
    return Response(response.status, headers, gzip.compress(response.body, mtime=0), response.reason)


def _compressible(response: Response) -> bool:
    content_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return (
        response.status in facts.COMPRESS_STATUSES
        and content_type in facts.COMPRESS_CONTENT_TYPES
        and "Content-Encoding" not in response.headers
        and facts.COMPRESS_BYTES_MIN <= len(response.body) <= facts.COMPRESS_BYTES_MAX
    )
