"""Answers from a cached object to conditional requests and range requests, and the revalidation of an expired object.

Source: RFC 9110, sections 13 and 14; CloudFront Developer Guide, "How CloudFront processes partial requests".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from multidict import CIMultiDict

from cloudfront_local.distribution.cache.dates import unix_time
from cloudfront_local.distribution.messages import Request, Response

_CONDITIONS = ("If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "If-Unmodified-Since", "Range")

# A 304 has no headers about a body (RFC 9110, section 15.4.5).
_OF_THE_BODY = frozenset({"content-encoding", "content-length", "content-range", "content-type", "transfer-encoding"})
# A 304 does not update these headers of the cached response, because they may describe the compressed form.
_KEPT = _OF_THE_BODY | {"etag", "vary"}


def answer(request: Request, cached: Response) -> Response:
    """The answer to the viewer's request from the cached response: the whole object, a part, 304 or 416."""
    if cached.status != 200:
        return cached
    if _not_modified(request.headers, cached.headers):
        return Response(304, _without(cached.headers, _OF_THE_BODY), b"", "Not Modified")
    if request.method == "GET" and "Range" in request.headers and _same_object(request.headers, cached.headers):
        return _partial(request.headers["Range"], cached)
    return cached


def _without(headers: CIMultiDict[str], names: Iterable[str]) -> CIMultiDict[str]:
    return CIMultiDict((key, value) for key, value in headers.items() if key.lower() not in names)


def _not_modified(asked: CIMultiDict[str], cached: CIMultiDict[str]) -> bool:
    if "If-None-Match" in asked:
        tags = [tag.strip() for tag in ",".join(asked.getall("If-None-Match")).split(",")]
        return "*" in tags or _opaque(cached.get("ETag", "")) in [_opaque(tag) for tag in tags]
    if "If-Modified-Since" not in asked:
        return False
    since, modified = unix_time(asked["If-Modified-Since"]), unix_time(cached.get("Last-Modified", ""))
    return since is not None and modified is not None and modified <= since


def _opaque(tag: str) -> str:
    """The part of an ETag that a weak comparison compares. Without an ETag, a value that matches no tag."""
    return tag.removeprefix("W/") or "no tag"


def _same_object(asked: CIMultiDict[str], cached: CIMultiDict[str]) -> bool:
    """Whether If-Range allows a part. It uses strong comparison, so a weak tag never matches (RFC 9110, 13.1.5)."""
    validator = asked.get("If-Range")
    if validator is None:
        return True
    return not validator.startswith("W/") and validator in (cached.get("ETag"), cached.get("Last-Modified"))


def _partial(asked: str, cached: Response) -> Response:
    """The response to one range of bytes. For several or malformed ranges, the whole object, as RFC 9110 allows."""
    size = len(cached.body)
    found = re.fullmatch(r"bytes=([0-9]{0,20})-([0-9]{0,20})", asked.strip())  # int() refuses thousands of digits
    if not found or not (found[1] or found[2]):
        return cached
    if found[1]:
        start, end = int(found[1]), min(int(found[2] or size - 1), size - 1)
        if found[2] and int(found[2]) < start:
            return cached
    else:
        start, end = max(0, size - int(found[2])), size - 1
    if start > end:
        headers = _without(cached.headers, _OF_THE_BODY)
        headers["Content-Range"] = f"bytes */{size}"
        return Response(416, headers, b"", "Requested Range Not Satisfiable")
    body = cached.body[start : end + 1]
    headers = cached.headers.copy()
    headers["Content-Length"] = str(len(body))
    headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    return Response(206, headers, body, "Partial Content")


def validators(response: Response) -> CIMultiDict[str]:
    """The headers with which CloudFront can ask the origin whether an object has changed."""
    return CIMultiDict((k, v) for k, v in response.headers.items() if k.lower() in ("etag", "last-modified"))


def unconditional(request: Request) -> Request:
    """The request without the viewer's conditions and range."""
    return replace(request, headers=_without(request.headers, {name.lower() for name in _CONDITIONS}))


def validating(request: Request, known: CIMultiDict[str]) -> Request:
    """The request that asks the origin whether the object with these validators has changed. It does not have the
    viewer's own conditions and range, because the cache answers those."""
    headers = unconditional(request).headers
    for condition, validator in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        if validator in known:
            headers[condition] = known[validator]
    return replace(request, headers=headers)


def refreshed(cached: Response, not_modified: Response) -> Response:
    """The cached response, updated with the headers of a 304 (RFC 9111, section 3.2)."""
    news = _without(not_modified.headers, _KEPT)
    headers = _without(cached.headers, {name.lower() for name in news})
    headers.extend(news)
    return replace(cached, headers=headers)
