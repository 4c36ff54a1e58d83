"""The events of CloudFront Functions, and the messages that result from what a function returns.

Source: CloudFront Developer Guide, functions-event-structure. Names and values of query strings stay as they were sent,
percent-encoded (https://github.com/KensioSoftware/yulin/issues/1024).
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from multidict import CIMultiDict

from cloudfront_local.distribution.events import phrase
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.rules import facts
from cloudfront_local.rules.cloudfront_functions.request import query_text, values

Event = dict[str, Any]


@dataclass(frozen=True)
class FunctionTrigger:
    """The fields that all events of one viewer request have in common."""

    distribution_domain_name: str
    distribution_id: str
    request_id: str

    def event(self, request: Request, response: Response | None = None) -> Event:
        """The event of viewer-request, or with a response of viewer-response."""
        event: Event = {
            "version": "1.0",
            "context": {
                "distributionDomainName": self.distribution_domain_name,
                "distributionId": self.distribution_id,
                "eventType": "viewer-response" if response else "viewer-request",
                "requestId": self.request_id,
            },
            "viewer": {"ip": request.client_ip},
            "request": {
                "method": request.method,
                "uri": request.uri,
                "querystring": query_to_event(request.querystring),
                "headers": headers_to_event(request.headers, "cookie"),
                "cookies": cookies_to_event(request.headers.getall("Cookie", [])),
            },
        }
        if response:
            event["response"] = {
                "statusCode": response.status,
                "statusDescription": response.reason or phrase(response.status),
                "headers": headers_to_event(response.headers, "set-cookie"),
                "cookies": set_cookies_to_event(response.headers.getall("Set-Cookie", [])),
            }
        return event


def query_to_event(query: str) -> dict[str, Any]:
    pairs = (part.partition("=") for part in query.split("&") if part)
    return _entries((name, {"value": value}) for name, _, value in pairs)


def headers_to_event(headers: CIMultiDict[str], left_out: str) -> dict[str, Any]:
    """Headers without those that functions never see, and without the one that is shown as cookies."""
    shown = ((name.lower(), {"value": value}) for name, value in headers.items())
    return _entries((name, item) for name, item in shown if name != left_out and not facts.is_disallowed(name))


def cookies_to_event(headers: Iterable[str]) -> dict[str, Any]:
    pairs = (part.strip().partition("=") for header in headers for part in header.split(";") if part.strip())
    return _entries((name, {"value": value}) for name, _, value in pairs)


def set_cookies_to_event(headers: Iterable[str]) -> dict[str, Any]:
    return _entries(_set_cookie(header) for header in headers)


def _set_cookie(header: str) -> tuple[str, dict[str, str]]:
    pair, _, attributes = header.partition(";")
    name, _, value = pair.partition("=")
    return name.strip(), {"value": value.strip(), "attributes": attributes.strip()}


def _entries(items: Iterable[tuple[str, dict[str, str]]]) -> dict[str, Any]:
    """An entry for each name. `multiValue` has every value of a name that occurs again; `value` is the first."""
    found: dict[str, Any] = {}
    for name, item in items:
        if name in found:
            first = {key: value for key, value in found[name].items() if key != "multiValue"}
            found[name].setdefault("multiValue", [first]).append(item)
        else:
            found[name] = dict(item)
    return found


@dataclass(frozen=True)
class FunctionOutcome:
    """A function's event and its valid result. The methods apply the result to a request or a response."""

    event: Event
    result: Mapping[str, Any]

    @property
    def is_response(self) -> bool:
        """Whether the result of a viewer-request function is a generated response, not a request."""
        return "statusCode" in self.result

    def request(self, request: Request) -> Request:
        """The request with the function's changes. What the function did not see or change stays as it is."""
        shown = self.event["request"]
        query = self.result.get("querystring", {})
        headers = _changed_headers(request.headers, shown["headers"], self.result.get("headers", {}))
        cookies = self.result.get("cookies", {})
        if cookies != shown["cookies"]:
            headers.popall("Cookie", None)
            if text := "; ".join(f"{name}={value}" for name, item in cookies.items() for value in values(item)):
                headers["Cookie"] = text
        return replace(
            request,
            uri=self.result["uri"],
            querystring=request.querystring if query == shown["querystring"] else query_text(query),
            headers=headers,
        )

    def generated(self) -> Response:
        """The response that a viewer-request function generated."""
        response = self._applied(Response(self.result["statusCode"]), {"headers": {}, "cookies": {}})
        response.headers["Content-Length"] = str(len(response.body))
        return response

    def response(self, response: Response) -> Response:
        """The response with a viewer-response function's changes. Without `body`, the body stays."""
        return self._applied(response, self.event["response"])

    def _applied(self, response: Response, shown: Mapping[str, Any]) -> Response:
        status = self.result["statusCode"]
        headers = _changed_headers(response.headers, shown["headers"], self.result.get("headers", {}))
        cookies = self.result.get("cookies", {})
        if cookies != shown["cookies"]:
            headers.popall("Set-Cookie", None)
            headers.extend(("Set-Cookie", text) for name, item in cookies.items() for text in _written(name, item))
        body = response.body
        if "body" in self.result:
            body = _body(self.result["body"])
            headers["Content-Length"] = str(len(body))
        reason = self.result.get("statusDescription") or phrase(status)
        return replace(response, status=status, reason=reason, headers=headers, body=body)


def _changed_headers(
    original: CIMultiDict[str], shown: Mapping[str, Any], returned: Mapping[str, Any]
) -> CIMultiDict[str]:
    """The original's headers with the changes: an unchanged header keeps its spelling and its place."""
    changed = {name for name in shown.keys() | returned.keys() if returned.get(name) != shown.get(name)}
    headers = CIMultiDict((name, value) for name, value in original.items() if name.lower() not in changed)
    for name, entry in returned.items():
        if name in changed:
            wire_name = "-".join(part.capitalize() for part in name.split("-"))
            headers.extend((wire_name, value) for value in _merged(shown.get(name), entry))
    return headers


def _merged(before: Any, after: Any) -> list[str]:
    """The values of a changed entry. An altered `multiValue` wins; an altered `value` replaces the first of them."""
    multiple = after.get("multiValue")
    if before and multiple and multiple == before.get("multiValue"):
        return [str(after["value"]), *values(after)[1:]]
    return values(after)


def _written(name: str, cookie: Mapping[str, Any]) -> list[str]:
    """The values of Set-Cookie for a cookie."""
    items = cookie.get("multiValue") or [cookie]
    return ["; ".join(filter(None, (f"{name}={item['value']}", item.get("attributes", "")))) for item in items]


def _body(body: Any) -> bytes:
    if isinstance(body, str):
        return body.encode()
    return base64.b64decode(body["data"]) if body["encoding"] == "base64" else str(body["data"]).encode()
