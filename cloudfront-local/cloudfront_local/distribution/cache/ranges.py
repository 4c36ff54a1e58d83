"""Range requests: parts of a cached object.

Facts of the Developer Guide, "How CloudFront processes partial requests for an object (range GETs)":

    If the cache has neither the object nor the part, the request goes to the origin with its range. The origin's answer
    is cached: a part for later requests for it or for ranges within it, or the whole object from an origin that knows
    no ranges. (CloudFront may ask for more than the viewer does. Here it does not.)
    Several ranges must be in ascending order, must not overlap, and must all be valid. Otherwise the viewer gets the
    whole object, with status 200.

The form of an answer with several parts is that of RFC 9110, section 14.6.
"""

from __future__ import annotations

import itertools
import re
import secrets
from collections.abc import Iterable

from multidict import CIMultiDict

from cloudfront_local.distribution.messages import Request, Response

_CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,20})-([0-9]{1,20})/([0-9]{1,20})", re.ASCII)

# Headers about a body, which neither a 304 (RFC 9110, section 15.4.5) nor a 416 has.
OF_THE_BODY = frozenset({"content-encoding", "content-length", "content-range", "content-type", "transfer-encoding"})

Span = tuple[int, int]  # the first and the last byte

_RANGE = re.compile(r"\s*([0-9]{0,20})-([0-9]{0,20})\s*", re.ASCII)  # int() refuses thousands of digits


def of_part(request: Request) -> str:
    """The range under which the origin's answer is cached as a part; empty if the request is not for one range.

    With If-Range, the viewer may get the whole object, so the request is one for the object.
    """
    if request.method != "GET" or "If-Range" in request.headers:
        return ""
    unit, _, spec = request.headers.get("Range", "").strip().partition("=")
    return spec if unit == "bytes" and _RANGE.fullmatch(spec) else ""


def within(spec: str, part: Response) -> Response | None:
    """The range `spec` of an object as a piece of a cached part; None if the part does not hold all of the range."""
    held = _CONTENT_RANGE.fullmatch(part.headers.get("Content-Range", ""))
    found = _RANGE.fullmatch(spec)
    if held is None or found is None or not (found[1] or found[2]):
        return None
    first, last, size = (int(number) for number in held.groups())
    start, end = _span(found[1], found[2], size)
    if not (first <= start <= end <= last and len(part.body) == last + 1 - first):
        return None
    headers = part.headers.copy()
    headers["Content-Range"] = _content_range((start, end), size)
    return _partial(headers, part.body[start - first : end + 1 - first])


def part(asked: str, cached: Response) -> Response:
    """The parts of a cached object that a Range header asks for: 206 or 416. An invalid header gets the object."""
    size = len(cached.body)
    spans = _spans(asked, size)
    if spans is None:
        return cached
    satisfiable = [span for span in spans if span[0] < size and span[0] <= span[1]]
    match satisfiable:
        case []:
            return _unsatisfiable(cached, size)
        case [span]:
            return _one(cached, span, size)
        case _:
            return _several(cached, satisfiable, size)


def _spans(asked: str, size: int) -> list[Span] | None:
    """The ranges, not beyond the object's end; None if CloudFront ignores the header."""
    unit, _, specs = asked.strip().partition("=")
    found = [_RANGE.fullmatch(spec) for spec in specs.split(",")]
    if unit != "bytes" or not all(match and (match[1] or match[2]) for match in found):
        return None
    if any(match[1] and match[2] and int(match[2]) < int(match[1]) for match in found if match):
        return None
    spans = [_span(match[1], match[2], size) for match in found if match]
    is_ascending = all(after[0] > before[1] for before, after in itertools.pairwise(spans))
    return spans if is_ascending else None


def _span(first: str, last: str, size: int) -> Span:
    if not first:  # the last bytes
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last or size - 1), size - 1)


def without(headers: CIMultiDict[str], names: Iterable[str]) -> CIMultiDict[str]:
    """The headers but those with these names, which are in lower case."""
    return CIMultiDict((key, value) for key, value in headers.items() if key.lower() not in names)


def _unsatisfiable(cached: Response, size: int) -> Response:
    headers = without(cached.headers, OF_THE_BODY)
    headers["Content-Range"] = f"bytes */{size}"
    return Response(416, headers, b"", "Requested Range Not Satisfiable")


def _one(cached: Response, span: Span, size: int) -> Response:
    headers = cached.headers.copy()
    headers["Content-Range"] = _content_range(span, size)
    return _partial(headers, cached.body[span[0] : span[1] + 1])


def _several(cached: Response, spans: list[Span], size: int) -> Response:
    boundary = secrets.token_hex(16)
    body = bytearray()
    for span in spans:
        body += f"\r\n--{boundary}\r\n".encode()
        if content_type := cached.headers.get("Content-Type"):
            body += f"Content-Type: {content_type}\r\n".encode()
        body += f"Content-Range: {_content_range(span, size)}\r\n\r\n".encode()
        body += cached.body[span[0] : span[1] + 1]
    body += f"\r\n--{boundary}--\r\n".encode()
    headers = cached.headers.copy()
    headers["Content-Type"] = f"multipart/byteranges; boundary={boundary}"
    return _partial(headers, bytes(body))


def _partial(headers: CIMultiDict[str], body: bytes) -> Response:
    headers["Content-Length"] = str(len(body))
    return Response(206, headers, body, "Partial Content")


def _content_range(span: Span, size: int) -> str:
    return f"bytes {span[0]}-{span[1]}/{size}"
