"""A request as the window shows it: JSON, made from its trace when somebody looks. `openapi.json` describes it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from multidict import CIMultiDict

from cloudfront_local.distribution.failure import function_name
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.trace import Asked, Call, Station, Trace
from cloudfront_local.distribution.viewer_headers import viewer as viewers
from cloudfront_local.distribution.viewer_headers.viewer import Viewer
from cloudfront_local.serving.window import cache_view, edits, masking
from cloudfront_local.serving.window.masking import MASK, Masking

_TEXT_CHARACTERS = 64 * 1024
_LEVELS = 200  # of an event or a result: Python ends a recursion that goes much deeper


@dataclass(frozen=True)
class Named:
    """A function's logical id, and the place of its source: `file` as a person reads it, its `path`, and the line in
    which the handler begins."""

    name: str
    file: str = ""
    path: Path = Path()
    line: Callable[[], int | None] = lambda: None


# (the function's ARN) -> its name and source
Name = Callable[[str], Named]


def by_arn(arn: str) -> Named:
    """The function's name on AWS, without a source."""
    return Named(arn.rpartition("/")[2] if ":cloudfront:" in arn else function_name(arn))


def summary(number: int, trace: Trace, name: Name) -> dict[str, Any]:
    mask = masking.of(trace)
    return {**_head(number, trace, mask), "functions": [name(call.arn).name for call in trace.calls]}


def request(number: int, trace: Trace, name: Name, mask: Masking) -> dict[str, Any]:
    """Everything about a request."""
    asked = trace.asked[-1] if trace.asked else None
    response = trace.response or Response(0)
    return {
        **_head(number, trace, mask),
        "bytes": len(response.body),
        "behavior": trace.behavior.path_pattern if trace.behavior else None,
        "stations": [_station(each, trace, name) for each in trace.stations],
        "cache": cache_view.cache(trace, mask),
        "functions": [_call(each, name, mask) for each in trace.calls],
        "origin": _origin(trace, asked, mask) if asked else None,
        "to_origin": [each.shown(mask) for each in edits.to_origin(trace)],
        "to_viewer": [each.shown(mask) for each in edits.to_viewer(trace)],
        "request": _of_request(trace.request, mask),
        "response": _of_response(response, mask),
        "remarks": [mask.text(line) for line in trace.remarks],
        "notes": [mask.text(line) for line in trace.notes],
    }


def _head(number: int, trace: Trace, mask: Masking) -> dict[str, Any]:
    return {
        "id": trace.id,
        "number": number,
        "at": trace.started,
        "method": trace.request.method,
        "target": mask.target(trace.request.target),
        "status": trace.response.status if trace.response else 0,
        "result": cache_view.result(trace),
        "milliseconds": _milliseconds(trace.ended - trace.started),
        "distribution": trace.config.id if trace.config else None,
        "replay_of": trace.request.replay_of or None,
        "viewer": _viewer(trace.request.viewer),
    }


def _viewer(viewer: Viewer) -> str | None:
    """The viewer that was chosen for one request, such as `NZ, mobile`; None for the usual one."""
    place = [viewer.place.country] if viewer.place != viewers.DEFAULT.place else []
    return ", ".join([*place, *sorted(viewer.device or ())]) or None


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 3)


def _station(station: Station, trace: Trace, name: Name) -> dict[str, Any]:
    arn = next((call.arn for call in trace.calls if call.station is station), "")
    is_named = bool(arn) and station.summary == by_arn(arn).name
    return {
        "name": station.name,
        "started": _milliseconds(station.started - trace.started),
        "milliseconds": _milliseconds(station.ended - station.started),
        "outcome": station.outcome,
        "summary": name(arn).name if is_named else station.summary,
    }


def _call(call: Call, name: Name, mask: Masking) -> dict[str, Any]:
    message, detail = call.failure
    named = name(call.arn)
    return {
        "name": named.name,
        "event_type": call.event_type,
        "kind": call.kind,
        "milliseconds": _milliseconds(call.station.ended - call.station.started),
        "utilization": call.utilization,
        "event": _json(call.event, mask),
        "result": _json(call.result, mask),
        "error": {"message": mask.text(message), "detail": mask.text(detail) or None} if message else None,
        "violations": [
            {field: mask.text(value) if isinstance(value, str) else value for field, value in vars(each).items()}
            for each in call.violations
        ],
        "log": [mask.text(line) for line in call.log],
        "source": _source(named),
    }


def _json(value: Any, mask: Masking) -> Any:
    """An event or a result; a few words in the place of one that is nested too deeply."""
    level, depth = [value], 0
    while level:
        level = [item for each in level for item in _items(each)]
        depth += 1
    return mask.json(value) if depth <= _LEVELS else "nested too deeply to be shown"


def _items(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _source(named: Named) -> dict[str, Any] | None:
    if not named.file:
        return None
    line = named.line()
    place = f":{line}" if line else ""
    return {"file": named.file, "line": line, "link": f"vscode://file{quote(str(named.path.resolve()))}{place}"}


def _origin(trace: Trace, asked: Asked, mask: Masking) -> dict[str, Any]:
    origins = trace.config.origins if trace.config else {}
    ids = [each for each, origin in origins.items() if origin.domain_name == asked.origin.domain_name]
    custom = CIMultiDict((name, mask.header(name, value)) for name, value in asked.sent.headers.items())
    for name, value in asked.origin.custom_headers:
        custom[name] = value if isinstance(mask, masking.Open) else MASK
    return {
        "id": ids[0] if ids else None,
        "domain_name": asked.origin.domain_name,
        "milliseconds": _milliseconds(asked.ended - asked.started),
        "request": {**_of_request(asked.sent, mask), "headers": [list(each) for each in custom.items()]},
        "response": _of_response(asked.response, mask) if asked.response else None,
        "reason": _reason(trace, asked, mask),
    }


def _reason(trace: Trace, asked: Asked, mask: Masking) -> str | None:
    """Why the origin refused the request, or gave no answer."""
    if asked.response and asked.response.status < 400:
        return None
    return "\n".join(mask.text(line) for line in trace.remarks[slice(*asked.remarks)]) or None


def _of_request(request: Request, mask: Masking) -> dict[str, Any]:
    message = _message(request.headers, request.body, mask)
    return {**message, "method": request.method, "target": mask.target(request.target)}


def _of_response(response: Response, mask: Masking) -> dict[str, Any]:
    message = _message(response.headers, response.body, mask)
    return {**message, "status": response.status, "reason": response.reason}


def _message(headers: CIMultiDict[str], body: bytes, mask: Masking) -> dict[str, Any]:
    shown = [[name, mask.header(name, value)] for name, value in headers.items()]
    return {"headers": shown, "body": _body(headers, body, mask) if body else None}


def _body(headers: CIMultiDict[str], body: bytes, mask: Masking) -> dict[str, Any]:
    length = headers.get("Content-Length", "")
    size = int(length) if length.isascii() and length.isdecimal() and len(length) < 16 else len(body)
    try:
        text = None if "Content-Encoding" in headers else body[:_TEXT_CHARACTERS].decode()
    except UnicodeDecodeError:
        text = None
    shown = None if text is None else _masked_text(text, mask)
    return {"bytes": max(size, len(body)), "text": shown, "truncated": size > len(body) or len(body) > _TEXT_CHARACTERS}


def _masked_text(text: str, mask: Masking) -> str:
    """A body without secrets: of a JSON document, also the values of fields whose names tell a secret."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return mask.target(text) if "=" in text and " " not in text else mask.text(text)
    return text if (masked := mask.fields(document)) == document else json.dumps(masked, ensure_ascii=False)
