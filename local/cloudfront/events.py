"""cf events: how a request or response looks to an edge function, and what its result means.

Source: CloudFront Developer Guide, "Lambda@Edge event structure" and "Generate HTTP responses in request triggers".
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from multidict import CIMultiDict

from local.cloudfront import facts
from local.cloudfront.messages import Request, Response
from local.cloudfront.origins.origin import Origin

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
        if include_body:
            cf["request"]["body"] = _body(request.body, facts.BODY_EXPOSED_BYTES[event_type])
        if origin:
            cf["request"]["origin"] = origin.to_event()
        if response:
            cf["response"] = {
                "headers": headers_to_event(response.headers),
                "status": str(response.status),
                "statusDescription": response.reason or _phrase(response.status),
            }
        return {"Records": [{"cf": cf}]}


def headers_to_event(headers: CIMultiDict[str]) -> dict[str, list[dict[str, str]]]:
    """One list item a value, under the lower-case name; names that are never exposed to functions are left out."""
    shown: dict[str, list[dict[str, str]]] = {}
    for name, value in headers.items():
        if not facts.is_disallowed(name.lower()):
            shown.setdefault(name.lower(), []).append({"key": name, "value": value})
    return shown


def headers_from_event(headers: Mapping[str, Any]) -> CIMultiDict[str]:
    """The headers of a result. A missing `key` becomes the name with each part capitalised, as Lambda@Edge does."""
    return CIMultiDict(
        (item.get("key") or name.title(), item["value"]) for name, items in headers.items() for item in items
    )


def _body(body: bytes, limit: int) -> dict[str, Any]:
    return {
        "action": "read-only",
        "data": base64.b64encode(body[:limit]).decode(),
        "encoding": "base64",
        "inputTruncated": len(body) > limit,
    }


def is_response(result: Mapping[str, Any]) -> bool:
    """Whether a request function generated a response; the alternative is the request, changed or not."""
    return "status" in result


def continued(request: Request, result: Mapping[str, Any]) -> Request:
    """The request as a function passed it on. Headers that functions never see stay as they were."""
    headers = headers_from_event(result["headers"])
    headers.extend((name, value) for name, value in request.headers.items() if facts.is_disallowed(name.lower()))
    return replace(
        request,
        uri=result["uri"],
        querystring=result.get("querystring", ""),
        headers=headers,
        body=_replaced_body(request.body, result.get("body")),
    )


def _replaced_body(body: bytes, change: Mapping[str, Any] | None) -> bytes:
    if not change or change.get("action") != "replace":
        return body
    return _decoded(change.get("data", ""), change.get("encoding", "base64"))


def _decoded(data: str, encoding: str) -> bytes:
    return base64.b64decode(data) if encoding == "base64" else data.encode()


def generated(result: Mapping[str, Any]) -> Response:
    """The response that a request function generated."""
    return Response(
        status=int(result["status"]),
        headers=headers_from_event(result.get("headers", {})),
        body=_decoded(result.get("body", ""), result.get("bodyEncoding", "text")),
        reason=result.get("statusDescription", ""),
    )


def changed(response: Response, result: Mapping[str, Any]) -> Response:
    """The response as a response function left it; without a `body` of its own it keeps the origin's."""
    changed = generated(result)
    body = changed.body if "body" in result else response.body
    return replace(changed, body=body)


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
