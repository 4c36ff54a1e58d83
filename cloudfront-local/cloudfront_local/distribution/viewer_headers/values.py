"""The values of the headers that CloudFront adds to requests, each about the viewer or its request.

Source: CloudFront Developer Guide, "Add CloudFront request headers".
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from cloudfront_local.distribution.messages import Request
from cloudfront_local.distribution.viewer_headers import devices
from cloudfront_local.distribution.viewer_headers.devices import Device
from cloudfront_local.rules import facts

# What the viewer's request, as it arrived, has as a header's value; empty if CloudFront would not know it.
Value = Callable[[Request], str]


def device_of(request: Request) -> Device:
    """The device that the developer chose, or else that of the User-Agent."""
    return request.viewer.device or devices.of_user_agent(request.headers.get("User-Agent", ""))


def _is(kind: str) -> Value:
    return lambda request: "true" if kind in device_of(request) else "false"


def _text(name: str) -> str:
    """A name with letters outside ASCII is percent-encoded. That its spaces are, too, is [UNVERIFIED]."""
    return name if name.isascii() else quote(name)


def _order(request: Request) -> str:
    return ":".join(request.headers)[: facts.HEADER_ORDER_CHARACTERS]


_DEVICE: dict[str, Value] = {header: _is(kind) for kind, header in devices.HEADERS.items()}

_PLACE: dict[str, Value] = {
    "CloudFront-Viewer-Country": lambda request: request.viewer.place.country,
    "CloudFront-Viewer-Country-Name": lambda request: request.viewer.place.country_name,
    "CloudFront-Viewer-Country-Region": lambda request: request.viewer.place.region,
    "CloudFront-Viewer-Country-Region-Name": lambda request: _text(request.viewer.place.region_name),
    "CloudFront-Viewer-City": lambda request: _text(request.viewer.place.city),
    "CloudFront-Viewer-Postal-Code": lambda request: request.viewer.place.postal_code,
    "CloudFront-Viewer-Time-Zone": lambda request: request.viewer.place.time_zone,
    "CloudFront-Viewer-Latitude": lambda request: request.viewer.place.latitude,
    "CloudFront-Viewer-Longitude": lambda request: request.viewer.place.longitude,
    "CloudFront-Viewer-Metro-Code": lambda request: request.viewer.place.metro_code,
}

_CONNECTION: dict[str, Value] = {
    "CloudFront-Viewer-ASN": lambda request: request.viewer.place.asn,
    "CloudFront-Viewer-Address": lambda request: f"{request.client_ip}:{request.client_port}",
    "CloudFront-Viewer-TLS": lambda request: request.tls if request.scheme == "https" else "",
    "CloudFront-Viewer-HTTP-Version": lambda request: request.http_version,  # in this spelling
    "CloudFront-Forwarded-Proto": lambda request: request.scheme,
}

_STRUCTURE: dict[str, Value] = {
    "CloudFront-Viewer-Header-Order": _order,
    "CloudFront-Viewer-Header-Count": lambda request: str(len(request.headers)),
}

# With the request that failed, when CloudFront fetches the custom error page for it.
_ERROR: dict[str, Value] = {
    "CloudFront-Error-Uri": lambda request: request.uri,
    "CloudFront-Error-Args": lambda request: request.querystring,
}

# By name in lower case: the name as CloudFront spells it, and its value.
VALUES = {name.lower(): (name, value) for name, value in (_DEVICE | _PLACE | _CONNECTION | _STRUCTURE).items()}
ERROR_VALUES = {name.lower(): (name, value) for name, value in _ERROR.items()}
DEVICE_NAMES = frozenset(name.lower() for name in _DEVICE)
# The headers of the guide's groups protocol, HTTP version, TLS, device and location.
USUAL_NAMES = frozenset(name.lower() for name in _DEVICE | _PLACE | _CONNECTION)

# Headers that CloudFront adds and this tool does not: the viewer has no TLS handshake or certificate here.
NOT_MADE = facts.TLS_FINGERPRINT_HEADERS | facts.CLIENT_CERTIFICATE_HEADERS
