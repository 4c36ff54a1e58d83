"""Checks of a viewer's request that CloudFront makes before it calls a function or an origin."""

from __future__ import annotations

from cloudfront_local.distribution import pages
from cloudfront_local.distribution.behaviors import CacheBehavior
from cloudfront_local.distribution.messages import Request
from cloudfront_local.distribution.pages import Refusal
from cloudfront_local.rules import facts


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


def refuse_method(behavior: CacheBehavior, request: Request) -> None:
    """Raises Refusal for a method that the behavior does not allow, and for GET with a body.

    Source: Developer Guide, "HTTP 403 status code" and "GET requests that include a body".
    """
    if request.method not in behavior.allowed_methods:
        cachable = behavior.allowed_methods <= {"GET", "HEAD", "OPTIONS"}
        raise Refusal(*(pages.ONLY_CACHABLE if cachable else pages.METHOD_NOT_ALLOWED))
    if request.method == "GET" and request.body:
        raise Refusal(*pages.BODY_NOT_ALLOWED)
