"""What CloudFront, a policy or a function dropped, added or rewrote: headers on the way to the origin and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from multidict import CIMultiDict

from cloudfront_local.distribution import headers
from cloudfront_local.distribution.trace import Trace
from cloudfront_local.serving.window.masking import Masking


@dataclass(frozen=True)
class Edit:
    """A change of a header. `before` is None for one that was added, `after` for one that was dropped."""

    name: str
    before: str | None
    after: str | None
    why: str

    def shown(self, mask: Masking) -> dict[str, Any]:
        kind = "added" if self.before is None else "dropped" if self.after is None else "rewritten"
        before, after = (value and mask.header(self.name, value) for value in (self.before, self.after))
        return {"name": self.name, "kind": kind, "before": before, "after": after, "why": self.why}


_TO_ORIGIN = {
    "host": "CloudFront sends the origin's domain name, unless a policy forwards Host.",
    "user-agent": "CloudFront sends its own name, unless a policy forwards User-Agent.",
    "via": "CloudFront adds itself.",
    "x-forwarded-for": "CloudFront adds the viewer's address.",
    "accept-encoding": "The cache policy's compression settings normalize it.",
    "cookie": "Only cookies that a policy selects go to the origin.",
}
_TO_VIEWER = {
    "age": "CloudFront says how long the object has been cached.",
    "via": "CloudFront adds itself.",
    "x-amz-cf-id": "CloudFront's id of the request.",
    "x-amz-cf-pop": "CloudFront's edge location.",
    "x-cache": "CloudFront says where the response comes from.",
    "set-cookie": "No policy forwards cookies: CloudFront removes Set-Cookie.",
    "vary": "CloudFront removes the names that no policy selects.",
    "content-encoding": "CloudFront compresses the object.",
    "transfer-encoding": "The connection to the viewer has its own.",
    "server": "CloudFront adds its name if the origin gives none.",
}


def to_origin(trace: Trace) -> list[Edit]:
    """From the viewer's request to the request that the origin got."""
    if not trace.asked:
        return []
    asked = trace.asked[-1]
    made, sent = asked.made.headers, asked.sent.headers
    return [
        Edit(name, before, after, _why_to_origin(name.lower(), after, made, sent))
        for name, before, after in _changes(trace.request.headers, sent)
    ]


def _why_to_origin(name: str, after: str | None, made: CIMultiDict[str], sent: CIMultiDict[str]) -> str:
    if _joined(made, name) != _joined(sent, name):
        return "The function at origin-request changed it."
    if name in _TO_ORIGIN:
        return _TO_ORIGIN[name]
    if after is None:
        is_own = headers.is_never_forwarded(name)
        return "CloudFront never forwards it." if is_own else "No cache policy or origin request policy selects it."
    if name.startswith("cloudfront-"):
        return "CloudFront adds it, because a policy selects it."
    return "The function at viewer-request changed it."


def to_viewer(trace: Trace) -> list[Edit]:
    """From the origin's response to the response that the viewer got."""
    asked = trace.asked[-1] if trace.asked else None
    if asked is None or asked.response is None or trace.response is None:
        return []
    final = trace.response.headers
    before_policy = final if trace.before_policy is None else trace.before_policy
    functions = {call.event_type: call.result for call in trace.calls if call.event_type.endswith("-response")}
    return [
        Edit(name, before, after, _why_to_viewer(name.lower(), after, before_policy, final, functions))
        for name, before, after in _changes(asked.response.headers, final)
    ]


def _why_to_viewer(
    name: str,
    after: str | None,
    before_policy: CIMultiDict[str],
    final: CIMultiDict[str],
    functions: dict[str, Any],
) -> str:
    for event_type, result in functions.items():
        if after is not None and isinstance(result, dict) and _has(result, name, after):
            return f"The function at {event_type} set it."
    if name in _TO_VIEWER:
        return _TO_VIEWER[name]
    if _joined(before_policy, name) != _joined(final, name):
        return "The response headers policy says so."
    if after is None and name.startswith(("x-amz-", "connection", "keep-alive", "proxy-", "trailer", "upgrade")):
        return "It belongs to the origin: CloudFront removes it."
    return "A function changed it." if functions else "CloudFront changed it."


def _has(result: dict[str, Any], name: str, value: str) -> bool:
    """Whether a function's result has a header with this value, in the form of either kind of function."""
    items = (result.get("headers") or {}).get(name) or []
    return value in [item.get("value") for item in (items if isinstance(items, list) else [items])]


def _changes(before: CIMultiDict[str], after: CIMultiDict[str]) -> Iterator[tuple[str, str | None, str | None]]:
    """Names with the values of headers that differ, without regard to case, each once."""
    names = {name.lower(): name for name in [*before, *after]}
    for folded, name in names.items():
        old, new = _joined(before, folded), _joined(after, folded)
        if old != new:
            yield name, old, new


def _joined(headers: CIMultiDict[str], name: str) -> str | None:
    values = headers.getall(name, None)
    return None if values is None else ", ".join(values)
