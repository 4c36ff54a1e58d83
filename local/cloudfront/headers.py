"""The headers CloudFront drops, adds and rewrites: towards the origin, and back to the viewer.

Source: CloudFront Developer Guide, "Request and response behavior for custom origins" (HTTP request headers and
CloudFront behavior; response headers that CloudFront removes or replaces).
"""

from __future__ import annotations

from dataclasses import dataclass

from multidict import CIMultiDict

from local.cloudfront import policies
from local.cloudfront.behaviors import CacheBehavior
from local.cloudfront.messages import Request, Response

# Connection-level headers of either side, never passed on (RFC 9110, section 7.6.1).
HOP_BY_HOP = (
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
)

# What reaches the origin without any policy asking for it.
_FORWARDED_BY_DEFAULT = frozenset(
    {
        "cache-control",
        "content-encoding",
        "content-language",
        "content-md5",
        "content-type",
        "date",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "pragma",
        "range",
    }
)

# Removed whatever a policy says: CloudFront's own, or of the connection to the viewer.
_NEVER_FORWARDED = frozenset(
    {
        *HOP_BY_HOP,
        "content-length",
        "expect",
        "host",
        "x-forwarded-proto",
        "x-http-method-override",
        "x-real-ip",
    }
)

# Methods whose Authorization CloudFront forwards by default; a GET's or HEAD's it removes.
_AUTHORIZATION_FORWARDED = frozenset({"DELETE", "PATCH", "POST", "PUT"})

# What S3 says about itself, and CloudFront does not pass on.
_S3_INTERNAL = ("x-amz-id-2", "x-amz-request-id")


@dataclass(frozen=True)
class EdgeHost:
    """How this edge location names itself: `via` in Via headers, `pop` in X-Amz-Cf-Pop."""

    via: str
    pop: str


def towards_origin(request: Request, behavior: CacheBehavior, origin_domain: str, edge: EdgeHost) -> Request:
    """The viewer's request as the origin gets it and an origin-request function sees it."""
    cache, forward = behavior.cache_policy, behavior.origin_request_policy
    headers: CIMultiDict[str] = CIMultiDict()
    headers["Host"] = _host(request, behavior, origin_domain)
    headers["User-Agent"] = "Amazon CloudFront"
    headers["X-Forwarded-For"] = ", ".join([*request.headers.getall("X-Forwarded-For", ()), request.client_ip])
    headers["Via"] = ", ".join([*request.headers.getall("Via", ()), f"{request.http_version} {edge.via}"])
    for name in dict.fromkeys(name.lower() for name in request.headers):
        if _forwards(name, request, behavior):
            headers.popall(name, None)
            headers.extend((key, value) for key, value in request.headers.items() if key.lower() == name)
    if cookies := policies.select_cookies(request.headers, cache.cookies, forward.cookies):
        headers["Cookie"] = cookies
    if "accept-encoding" not in forward.headers and (codings := cache.accept_encoding(request.headers)):
        headers["Accept-Encoding"] = codings
    query = policies.select_query(request.querystring, cache.query_strings, forward.query_strings)
    return Request(request.method, request.uri, query, headers, request.body, request.client_ip, request.http_version)


def _host(request: Request, behavior: CacheBehavior, origin_domain: str) -> str:
    """The origin's own name, unless a policy forwards the viewer's Host."""
    forwarded = "host" in behavior.cache_policy.headers or "host" in behavior.origin_request_policy.headers
    return request.headers.get("Host", origin_domain) if forwarded else origin_domain


def _forwards(name: str, request: Request, behavior: CacheBehavior) -> bool:
    if name in _NEVER_FORWARDED or name.startswith(("x-edge-", "x-amz-cf-")) or name in ("cookie", "via"):
        return False
    if name in behavior.cache_policy.headers or name in behavior.origin_request_policy.headers:
        return name != "x-forwarded-for"
    if name == "authorization":
        return request.method in _AUTHORIZATION_FORWARDED
    return name in _FORWARDED_BY_DEFAULT


def from_origin(response: Response, behavior: CacheBehavior) -> Response:
    """The origin's response as an origin-response function sees it and the cache keeps it."""
    headers = response.headers.copy()
    for name in (*HOP_BY_HOP, *_S3_INTERNAL, "via"):
        headers.popall(name, None)
    if behavior.cache_policy.cookies.behavior == "none" and behavior.origin_request_policy.cookies.behavior == "none":
        headers.popall("Set-Cookie", None)
    return Response(response.status, headers, response.body, response.reason)


def towards_viewer(response: Response, x_cache: str, request_id: str, edge: EdgeHost) -> Response:
    """The response with what CloudFront says about itself."""
    headers = response.headers.copy()
    headers.setdefault("Server", "CloudFront")
    headers["X-Cache"] = x_cache
    headers["Via"] = f"1.1 {edge.via}"
    headers["X-Amz-Cf-Pop"] = edge.pop
    headers["X-Amz-Cf-Id"] = request_id
    return Response(response.status, headers, response.body, response.reason)
