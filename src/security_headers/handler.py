"""Origin response: security headers, computed for the distribution that serves the page and cached with it.

Settings are origin custom headers, all optional:

- `x-security-headers-connect`: origins that pages may connect to besides the distribution, separated by spaces, such
  as `https://api.github.com`.

An origin's own header wins where it knows better (`Content-Security-Policy`, `Permissions-Policy`, `Referrer-Policy`:
a page may need more, or less) and loses where there is but one good answer (`Strict-Transport-Security`,
`X-Content-Type-Options`, `X-Frame-Options`).
"""

from __future__ import annotations

import re

from edge.cloudfront import header, origin_of, origin_response, set_header
from edge.log import log

TYPE_CHECKING = False
if TYPE_CHECKING:
    from edge.cloudfront import Request, Response

CONNECT_SETTING = "x-security-headers-connect"
# Content Security Policy Level 3, section 2.3.1: host-source, here always with a scheme that encrypts.
_ORIGIN = re.compile(r"(https|wss)://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?")

_ALWAYS = {
    # Two years, for this domain alone: whether its subdomains speak HTTPS is not for this page to say.
    "Strict-Transport-Security": "max-age=63072000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_UNLESS_SET = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # This site may need to know which of its pages a visitor came from; other sites learn no more than the domain.
    "Referrer-Policy": "strict-origin-when-cross-origin",
}


def handler(event: object, context: object) -> Response:  # noqa: ARG001 - Lambda's signature
    """In: an origin-response event of any status. Out: its response with the security headers."""
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
    """Everything from this distribution and nothing from elsewhere, but for connections to the origins given."""
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
    """The setting's origins; what is none is left out, and said in the log."""
    settings = origin_of(request)["customHeaders"] if "origin" in request else {}
    named = (header(settings, CONNECT_SETTING) or "").split()
    refused = [name for name in named if not _ORIGIN.fullmatch(name)]
    if refused:
        log(warning=f"{CONNECT_SETTING} holds what is no https:// or wss:// origin", refused=refused)
    return [name for name in named if name not in refused]
