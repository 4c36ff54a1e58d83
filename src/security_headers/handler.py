"""Origin response: adds security headers. CloudFront caches them with the page.

Settings are origin custom headers, all optional:

- `x-security-headers-connect`: origins that pages may connect to besides the distribution, separated by spaces, such
  as `https://api.github.com`.

The function keeps the origin's own `Content-Security-Policy`, `Permissions-Policy` and `Referrer-Policy`, because a
page may need other values. It replaces the origin's `Strict-Transport-Security`, `X-Content-Type-Options` and
`X-Frame-Options`, because one value is right for every page.
"""

from __future__ import annotations

import re

from edge.cloudfront import header, origin_of, origin_response, set_header
from edge.log import log

TYPE_CHECKING = False
if TYPE_CHECKING:
    from edge.cloudfront import Request, Response

CONNECT_SETTING = "x-security-headers-connect"
# Content Security Policy Level 3, section 2.3.1: host-source. Here the scheme is required, and only https and wss are
# allowed.
_ORIGIN = re.compile(r"(https|wss)://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?")

_ALWAYS = {
    # Two years. Without includeSubDomains, because this function cannot know whether the subdomains serve HTTPS.
    "Strict-Transport-Security": "max-age=63072000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_UNLESS_SET = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # This site sees which of its pages a visitor came from. Other sites see the domain only.
    "Referrer-Policy": "strict-origin-when-cross-origin",
}


def handler(event: object, context: object) -> Response:  # noqa: ARG001 - Lambda's signature
    """In: an origin-response event, of any status. Out: the event's response with the security headers."""
    config, request, response = origin_response(event)
    headers = response["headers"]
    policy = content_security_policy(config["distributionDomainName"], _connections(request))
    for name, value in _ALWAYS.items():
        set_header(headers, name, value)
    for name, value in {**_UNLESS_SET, "Content-Security-Policy": policy}.items():
        if name.lower() not in headers:
            set_header(headers, name, value)
    return response


def content_security_policy(domain: str, connections: list[str]) -> str:
    """A policy that allows the distribution at `domain`, and connections to the origins in `connections` as well."""
    here = f"'self' https://{domain}"
    directives = {
        "default-src": "'none'",
        "script-src": here,
        "style-src": here,
        "img-src": f"{here} data:",
        "font-src": here,
        "connect-src": " ".join([here, *connections]),
        "form-action": here,
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


def _connections(request: Request) -> list[str]:
    """The origins in the setting. A value that is not an origin is left out and logged."""
    settings = origin_of(request)["customHeaders"] if "origin" in request else {}
    named = (header(settings, CONNECT_SETTING) or "").split()
    refused = [name for name in named if not _ORIGIN.fullmatch(name)]
    if refused:
        log(warning=f"{CONNECT_SETTING}: these values are not https:// or wss:// origins", refused=refused)
    return [name for name in named if name not in refused]
