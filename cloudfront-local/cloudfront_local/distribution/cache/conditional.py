"""Answers from a cached object to conditional requests, and the revalidation of an expired object.

Source: RFC 9110, section 13.
"""

from __future__ import annotations

from dataclasses import replace

from multidict import CIMultiDict

from cloudfront_local.distribution.cache import ranges
from cloudfront_local.distribution.cache.dates import unix_time
from cloudfront_local.distribution.messages import Request, Response

_CONDITIONS = ("If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "If-Unmodified-Since", "Range")

# A 304 does not update these headers of the cached response, because they may describe the compressed form.
_KEPT = ranges.OF_THE_BODY | {"etag", "vary"}


def answer(request: Request, cached: Response) -> Response:
    """The answer to the viewer's request from the cached response: the whole object, a part, 304 or 416. The cached
    response may itself be the part that the viewer asks for."""
    if cached.status not in (200, 206):
        return cached
    if _not_modified(request.headers, cached.headers):
        return Response(304, ranges.without(cached.headers, ranges.OF_THE_BODY), b"", "Not Modified")
    if cached.status == 206:
        return ranges.within(ranges.of_part(request), cached) or cached
    if request.method != "GET" or "Range" not in request.headers:
        return cached
    return ranges.part(request.headers["Range"], cached) if _same_object(request.headers, cached.headers) else cached


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


def validators(response: Response) -> CIMultiDict[str]:
    """The headers with which CloudFront can ask the origin whether an object has changed."""
    return CIMultiDict((k, v) for k, v in response.headers.items() if k.lower() in ("etag", "last-modified"))


def unconditional(request: Request) -> Request:
    """The request without the viewer's conditions and range."""
    return replace(request, headers=ranges.without(request.headers, {name.lower() for name in _CONDITIONS}))


def validating(request: Request, known: CIMultiDict[str], *, is_part: bool) -> Request:
    """The request that asks the origin whether the object with these validators has changed. It does not have the
    viewer's own conditions and range, because the cache answers those. A part is asked for by its range."""
    headers = unconditional(request).headers
    if is_part:
        headers["Range"] = request.headers["Range"]
    for condition, validator in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        if validator in known:
            headers[condition] = known[validator]
    return replace(request, headers=headers)


def refreshed(cached: Response, not_modified: Response) -> Response:
    """The cached response, updated with the headers of a 304 (RFC 9111, section 3.2)."""
    news = ranges.without(not_modified.headers, _KEPT)
    headers = ranges.without(cached.headers, {name.lower() for name in news})
    headers.extend(news)
    return replace(cached, headers=headers)
