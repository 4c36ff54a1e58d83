"""Answers from a cached object: to conditional and range requests, and to HEAD (RFC 9110, sections 13 and 14)."""

from __future__ import annotations

import re
from dataclasses import replace
from email.utils import parsedate_to_datetime

from multidict import CIMultiDict

from local.cloudfront.messages import Request, Response

CONDITIONS = ("If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "If-Unmodified-Since", "Range")


def answer(request: Request, cached: Response) -> Response:
    """What a viewer gets whose request matches the cached response."""
    if cached.status == 200 and _not_modified(request.headers, cached.headers):
        headers = CIMultiDict((k, v) for k, v in cached.headers.items() if k.lower() not in _BODY_HEADERS)
        return Response(304, headers, b"", "Not Modified")
    if cached.status == 200 and "Range" in request.headers and _same_object(request.headers, cached.headers):
        return _partial(request.headers["Range"], cached)
    return cached


_BODY_HEADERS = ("content-encoding", "content-length", "content-type")


def _not_modified(asked: CIMultiDict[str], cached: CIMultiDict[str]) -> bool:
    if "If-None-Match" in asked:
        tags = [tag.strip() for tag in ",".join(asked.getall("If-None-Match")).split(",")]
        return "*" in tags or _weak(cached.get("ETag", "")) in [_weak(tag) for tag in tags]
    since, modified = _time(asked.get("If-Modified-Since")), _time(cached.get("Last-Modified"))
    return since is not None and modified is not None and modified <= since


def _weak(tag: str) -> str:
    """A tag for weak comparison; never equal to the tag of an object that has none."""
    return tag.removeprefix("W/") or "no tag"


def _time(date: str | None) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp() if date else None
    except ValueError:
        return None


def _same_object(asked: CIMultiDict[str], cached: CIMultiDict[str]) -> bool:
    validator = asked.get("If-Range")
    return validator is None or validator in (cached.get("ETag"), cached.get("Last-Modified"))


def _partial(asked: str, cached: Response) -> Response:
    """One range of bytes; anything else about ranges is answered with the whole object, as a server may."""
    size = len(cached.body)
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", asked.strip())
    if not found or not (found[1] or found[2]):
        return cached
    if found[1]:
        start, end = int(found[1]), min(int(found[2] or size - 1), size - 1)
    else:
        start, end = max(0, size - int(found[2])), size - 1
    headers = cached.headers.copy()
    if start > end:
        headers["Content-Range"] = f"bytes */{size}"
        return Response(416, headers, b"", "Requested Range Not Satisfiable")
    headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    return Response(206, headers, cached.body[start : end + 1], "Partial Content")


def without_conditions(request: Request) -> Request:
    """The request for the whole object."""
    headers = request.headers.copy()
    for name in CONDITIONS:
        headers.popall(name, None)
    return replace(request, headers=headers)


def validating(request: Request, cached: Response) -> Request:
    """The request that asks the origin whether the cached object is still the same."""
    headers = without_conditions(request).headers
    if "ETag" in cached.headers:
        headers["If-None-Match"] = cached.headers["ETag"]
    if "Last-Modified" in cached.headers:
        headers["If-Modified-Since"] = cached.headers["Last-Modified"]
    return replace(request, headers=headers)
