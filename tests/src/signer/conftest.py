"""Origin-request events in CloudFront's form, and calls of the signer that check CloudFront's rules."""

import copy
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from cloudfront_local.testing.plugin import Edge
from signer.handler import credentials, handler

Event = dict[str, Any]
Headers = Mapping[str, str | list[str]]

ACCESS_KEY = "ASIAIOSFODNN7EXAMPLE"
SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
SESSION_TOKEN = "IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMSJHMEUCIQ=="

# What CloudFront adds or changes on the way to the origin, or holds read-only at origin-request.
FROM_CLOUDFRONT = {
    "X-Forwarded-For": "203.0.113.178",
    "User-Agent": "Amazon CloudFront",
    "Via": "2.0 2afae0d44e2540f472c0635ab62c232b.cloudfront.net (CloudFront)",
    "Accept-Encoding": "br,gzip",
    "CDN-Loop": "cdn",
    "If-None-Match": '"etag"',
    "If-Modified-Since": "Wed, 21 Oct 2026 07:28:00 GMT",
    "X-Amzn-Trace-Id": "Root=1-67891233-abcdef012345678912345678",
}


def _event(
    method: str = "GET",
    uri: str = "/books",
    query: str = "",
    *,
    headers: Headers | None = None,
    body: Any = b"",
    settings: Mapping[str, str] | None = None,
    kind: str = "custom",
    **origin: Any,
) -> Event:
    """Makes an event. `headers` are the viewer's; `body` is bytes, None, or the event's own; `settings` have no prefix;
    `kind` and `origin` describe the origin.
    """
    origin = {**_ORIGINS[kind], **origin, "customHeaders": _settings(settings or {})}
    request = {
        "clientIp": "203.0.113.178",
        "headers": _headers({"Host": origin["domainName"], **FROM_CLOUDFRONT, **(headers or {})}),
        "method": method,
        "origin": {kind: origin},
        "querystring": query,
        "uri": uri,
    }
    if body is not None:
        request["body"] = body if isinstance(body, dict) else _body(body)
    config = {
        "distributionDomainName": "d111111abcdef8.cloudfront.net",
        "distributionId": "EDFDVBD6EXAMPLE",
        "eventType": "origin-request",
        "requestId": "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==",
    }
    return copy.deepcopy({"Records": [{"cf": {"config": config, "request": request}}]})


_ORIGINS: dict[str, dict[str, Any]] = {
    "custom": {
        "domainName": "abc123.lambda-url.eu-west-1.on.aws",
        "keepaliveTimeout": 5,
        "path": "",
        "port": 443,
        "protocol": "https",
        "readTimeout": 30,
        "sslProtocols": ["TLSv1.2"],
    },
    "s3": {
        "authMethod": "none",
        "domainName": "bucket.s3.eu-west-1.amazonaws.com",
        "path": "",
        "readTimeout": 30,
        "region": "eu-west-1",
    },
}


def _headers(headers: Headers) -> dict[str, list[dict[str, str]]]:
    return {
        name.lower(): [{"key": name, "value": item} for item in ([value] if isinstance(value, str) else value)]
        for name, value in headers.items()
    }


def _settings(settings: Mapping[str, str]) -> dict[str, list[dict[str, str]]]:
    return _headers({"X-Api-Version": "1"} | {f"X-Signer-{name}": value for name, value in settings.items()})


def _body(data: bytes) -> dict[str, Any]:
    return {"inputTruncated": False, "action": "read-only", "encoding": "base64", "data": b64encode(data).decode()}


@pytest.fixture(scope="session")
def origin_request() -> Callable[..., Event]:
    """Makes an event: `origin_request("POST", "/books", body=b"{}", settings={"mode": "sign"}, port=8443)`."""
    return _event


@pytest.fixture(scope="session")
def sign(edge: Edge) -> Callable[[Event], Any]:
    """Calls the handler in a new sandbox. The result keeps CloudFront's rules."""

    def sign(event: Event) -> Any:
        credentials.cache_clear()
        return edge(handler)(event)

    return sign


@pytest.fixture(autouse=True)
def role(monkeypatch: pytest.MonkeyPatch) -> None:
    """The function's own credentials in the environment."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    monkeypatch.setenv("AWS_SESSION_TOKEN", SESSION_TOKEN)
