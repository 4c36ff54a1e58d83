"""The events of edge functions, and the messages that result from what a function returns.

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
from cloudfront_local.distribution.spelling import spelling
from cloudfront_local.rules import facts

Event = dict[str, Any]


@dataclass(frozen=True)
class Trigger:
    """The fields that all events of one viewer request have in common."""

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
        """The event of this type. Pass `origin` for origin events and `response` for response events."""
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
    """Headers in the shape of events: lower-case names with a list of {key, value}, one item for each value. Headers
    that functions never see are left out."""
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
    """The reason phrase of a status; empty for an unknown status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


@dataclass(frozen=True)
class Outcome:
    """A function's event and its valid result. The methods apply the result to a request or a response."""

    event: Event
    result: Mapping[str, Any]

    @property
    def has_keys_of_others(self) -> bool:
        """Whether an item of `headers` has the name of another header as its `key`."""
        headers = self.result.get("headers", {})
        return any(item.get("key", name).lower() != name for name, items in headers.items() for item in items)

    @property
    def is_response(self) -> bool:
        """Whether the result of a request function is a generated response, not a request."""
        return "status" in self.result

    def request(self, request: Request) -> Request:
        """The request with the function's changes. Parts that the function did not see or change stay as they are."""
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
        """The response with a response function's changes. A result without `body` keeps the origin's body."""
        own = self.generated()
        headers = _returned_headers(response.headers, self.result.get("headers", {}))
        if "body" not in self.result:
            return replace(own, headers=headers, body=response.body)
        _set_length(headers, own.body)
        return replace(own, headers=headers)


def headers_from_event(headers: Mapping[str, Any]) -> CIMultiDict[str]:
    """The headers of a result. Without a `key`, each part of the name is capitalized, as Lambda@Edge does."""
    return CIMultiDict(
        (spelling(name, item) or _capitalized(name), item["value"]) for name, items in headers.items() for item in items
    )


def _capitalized(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


def _returned_headers(original: CIMultiDict[str], returned: Mapping[str, Any]) -> CIMultiDict[str]:
    """The headers of a result, and the original's headers that functions never see."""
    headers = headers_from_event(returned)
    headers.extend((name, value) for name, value in original.items() if facts.is_disallowed(name.lower()))
    return headers


def _replaced(body: bytes, change: Mapping[str, Any] | None) -> bytes:
    if not change or change.get("action") != "replace":
        return body
    return _decoded(change.get("data", ""), change.get("encoding", "base64"))


def _set_length(headers: CIMultiDict[str], body: bytes) -> None:
    """Sets the length of a body that a function replaced. The returned headers may describe the old body."""
    headers.popall("Transfer-Encoding", None)
    headers["Content-Length"] = str(len(body))


def _decoded(data: str, encoding: str) -> bytes:
    return base64.b64decode(data) if encoding == "base64" else data.encode()
