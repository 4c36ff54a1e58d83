"""cf events: how a request or response looks to an edge function, and what the function made of it.

Source: CloudFront Developer Guide, "Lambda@Edge event structure" and "Generate HTTP responses in request triggers".
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from multidict import CIMultiDict

from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import Origin, from_event
from cloudfront_local.rules import facts

Event = dict[str, Any]


@dataclass(frozen=True)
class Trigger:
    """What every event of one viewer request has in common."""

    distribution_domain_name: str
    distribution_id: str
    request_id: str

    def event(
        self,
        event_type: str,
        request: Request,
        *,
        origin: Origin | None = None,
        response: Response | None = None,
        include_body: bool = False,
    ) -> Event:
        """The event of this type. Origin events carry the origin, response events the response."""
        cf: dict[str, Any] = {
            "config": {
                "distributionDomainName": self.distribution_domain_name,
                "distributionId": self.distribution_id,
                "eventType": event_type,
                "requestId": self.request_id,
            },
            "request": {
                "clientIp": request.client_ip,
                "headers": headers_to_event(request.headers),
                "method": request.method,
                "querystring": request.querystring,
                "uri": request.uri,
            },
        }
        if include_body and event_type in facts.BODY_EXPOSED_BYTES:
            cf["request"]["body"] = _body(request.body, facts.BODY_EXPOSED_BYTES[event_type])
        if origin:
            cf["request"]["origin"] = origin.to_event()
        if response:
            cf["response"] = {
                "headers": headers_to_event(response.headers),
                "status": str(response.status),
                "statusDescription": response.reason or phrase(response.status),
            }
        return {"Records": [{"cf": cf}]}


def headers_to_event(headers: CIMultiDict[str]) -> dict[str, list[dict[str, str]]]:
    """One list item a value, under the lower-case name; names that are never exposed to functions are left out."""
    shown: dict[str, list[dict[str, str]]] = {}
    for name, value in headers.items():
        if not facts.is_disallowed(name.lower()):
            shown.setdefault(name.lower(), []).append({"key": name, "value": value})
    return shown


def _body(body: bytes, limit: int) -> dict[str, Any]:
    return {
        "action": "read-only",
        "data": base64.b64encode(body[:limit]).decode(),
        "encoding": "base64",
        "inputTruncated": len(body) > limit,
    }


def phrase(status: int) -> str:
    """The status line's phrase, empty for a status without one."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


@dataclass(frozen=True)
class Outcome:
    """What a function made of its event: a valid result, whose parts replace those of the message it was given."""

    event: Event
    result: Mapping[str, Any]

    @property
    def is_response(self) -> bool:
        """Whether a request function generated a response; the alternative is the request, changed or not."""
        return "status" in self.result

    def request(self, request: Request) -> Request:
        """The request as the function passed it on. What it was not shown, or did not change, stays as it was."""
        shown = self.event["Records"][0]["cf"]["request"]
        querystring = self.result.get("querystring", "")
        body = _replaced(request.body, self.result.get("body"))
        headers = _returned_headers(request.headers, self.result["headers"])
        if body is not request.body:
            _set_length(headers, body)
        return replace(
            request,
            uri=self.result["uri"],
            querystring=request.querystring if querystring == shown["querystring"] else querystring,
            headers=headers,
            body=body,
        )

    def origin(self, configured: Origin) -> Origin:
        """The origin that an origin-request function chose."""
        return from_event(self.result["origin"], configured)

    def generated(self) -> Response:
        """The response that a request function generated."""
        return Response(
            status=int(self.result["status"]),
            headers=headers_from_event(self.result.get("headers", {})),
            body=_decoded(self.result.get("body", ""), self.result.get("bodyEncoding", "text")),
            reason=self.result.get("statusDescription", ""),
        )

    def response(self, response: Response) -> Response:
        """The response as a response function left it; without a `body` of its own it keeps the origin's."""
        own = self.generated()
        headers = _returned_headers(response.headers, self.result.get("headers", {}))
        if "body" not in self.result:
            return replace(own, headers=headers, body=response.body)
        _set_length(headers, own.body)
        return replace(own, headers=headers)


def headers_from_event(headers: Mapping[str, Any]) -> CIMultiDict[str]:
    """The headers of a result. A missing `key` becomes the name with each part capitalised, as Lambda@Edge does."""
    return CIMultiDict(
        (item.get("key") or _capitalized(name), item["value"]) for name, items in headers.items() for item in items
    )


def _capitalized(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


def _returned_headers(original: CIMultiDict[str], returned: Mapping[str, Any]) -> CIMultiDict[str]:
    """The headers of a result, and those of the original that functions never see."""
    headers = headers_from_event(returned)
    headers.extend((name, value) for name, value in original.items() if facts.is_disallowed(name.lower()))
    return headers


def _replaced(body: bytes, change: Mapping[str, Any] | None) -> bytes:
    if not change or change.get("action") != "replace":
        return body
    return _decoded(change.get("data", ""), change.get("encoding", "base64"))


def _set_length(headers: CIMultiDict[str], body: bytes) -> None:
    """A body that a function replaced has its own length, whatever the headers said of the old one."""
    headers.popall("Transfer-Encoding", None)
    headers["Content-Length"] = str(len(body))


def _decoded(data: str, encoding: str) -> bytes:
    return base64.b64decode(data) if encoding == "base64" else data.encode()
