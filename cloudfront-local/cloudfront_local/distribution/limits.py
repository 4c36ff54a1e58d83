"""Checks of a viewer's request that CloudFront makes before it calls a function or an origin."""

from __future__ import annotations

from cloudfront_local.distribution import journal, pages
from cloudfront_local.distribution.behaviors import CacheBehavior
from cloudfront_local.distribution.config import DistributionConfig
from cloudfront_local.distribution.messages import Request
from cloudfront_local.distribution.pages import Refusal
from cloudfront_local.distribution.unverified import ALIAS_WILDCARD, Unverified
from cloudfront_local.rules import facts

_SHOWN = 100  # characters of a viewer's text in the terminal


def refuse_malformed(request: Request) -> None:
    """Raises Refusal for a malformed path, a URL that is too long, or a request that is too large.

    Source: Developer Guide, "Quotas" (length of a URL, of a request).
    """
    if not request.uri.startswith("/") or "#" in request.target:
        raise Refusal(*pages.BAD_REQUEST)
    url = len(request.target.encode())
    if url > facts.URL_BYTES:
        raise Refusal(*pages.URL_TOO_LONG)
    headers = sum(len(f"{name}: {value}\r\n".encode()) for name, value in request.headers.items())
    if url + headers > facts.REQUEST_BYTES:
        raise Refusal(*pages.REQUEST_TOO_LARGE)


def refuse_unknown_host(config: DistributionConfig, request: Request, unverified: Unverified) -> None:
    """Raises Refusal for a Host that is not a name of the distribution. Only HTTP/1.0 has requests without a Host.

    On the laptop, this keeps out web pages whose domain name leads to 127.0.0.1 (DNS rebinding).
    Source: Developer Guide, "HTTP 403 status code".
    """
    host = request.headers.get("Host")
    if host is None:
        return
    if config.is_named(host):
        if config.is_below_wildcard(host):
            unverified.tell(ALIAS_WILDCARD)
        return
    names = ", ".join(["localhost", "127.0.0.1", *config.names])
    journal.remark(f"The Host {shown(host)} is not a name of the distribution. Its names are {names}.")
    raise Refusal(*pages.UNKNOWN_HOST)


def refuse_method(behavior: CacheBehavior, request: Request) -> None:
    """Raises Refusal for a method that the behavior does not allow, and for GET with a body.

    Source: Developer Guide, "HTTP 403 status code" and "GET requests that include a body".
    """
    if request.method not in behavior.allowed_methods:
        cachable = behavior.allowed_methods <= {"GET", "HEAD", "OPTIONS"}
        raise Refusal(*(pages.ONLY_CACHABLE if cachable else pages.METHOD_NOT_ALLOWED))
    if request.method == "GET" and _has_body(request):
        raise Refusal(*pages.BODY_NOT_ALLOWED)


def refuse_country(config: DistributionConfig, request: Request) -> None:
    """Raises Refusal for a viewer in a country that the distribution does not admit.

    Source: Developer Guide, "Restrict the geographic distribution of your content".
    """
    country = request.viewer.place.country
    if not config.geo_restriction.admits(country):
        journal.remark(f"The distribution's geographic restriction does not admit viewers from {country}.")
        raise Refusal(*pages.COUNTRY_BLOCKED)


def _has_body(request: Request) -> bool:
    """Whether a request has a body, even if that is not read yet (RFC 9112, section 6.3)."""
    announced = "Transfer-Encoding" in request.headers or request.headers.get("Content-Length", "0").strip("0") != ""
    return bool(request.body) or announced


def shown(text: str) -> str:
    """A viewer's text for the terminal: quoted, in ASCII, and cut off."""
    return ascii(text[:_SHOWN])
