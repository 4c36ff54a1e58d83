"""The headers that CloudFront removes, adds and rewrites, on the way to the origin and back to the viewer.

Source: CloudFront Developer Guide, "Request and response behavior for custom origins" (HTTP request headers and
CloudFront behavior; response headers that CloudFront removes or replaces).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from multidict import CIMultiDict

from cloudfront_local.distribution import policies
from cloudfront_local.distribution.behaviors import CacheBehavior
from cloudfront_local.distribution.messages import Request, Response

# CloudFront forwards these headers to the origin even if no policy selects them.
_FORWARDED_BY_DEFAULT = frozenset(
    {
        "cache-control",
        "content-encoding",
        "content-language",
        "content-length",
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
        "transfer-encoding",
    }
)

# CloudFront removes these headers even if a policy selects them: they are its own or belong to the viewer's connection.
_NEVER_FORWARDED = frozenset(
    {
        "connection",
        "expect",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "trailer",
        "upgrade",
        "x-forwarded-proto",
        "x-real-ip",
    }
)

# `towards_origin` sets these headers itself and does not copy them.
_REWRITTEN = frozenset({"accept-encoding", "cookie", "host", "via", "x-forwarded-for"})

# Headers about the origin's connection to CloudFront, and headers that S3 adds for itself. Transfer-Encoding is not
# among them: functions see it (it is read-only), and `towards_viewer` removes it.
_OF_THE_ORIGIN = (
    "Connection",
    "Keep-Alive",
    "Proxy-Authenticate",
    "Proxy-Connection",
    "Trailer",
    "Upgrade",
    "x-amz-id-2",
    "x-amz-request-id",
)


@dataclass(frozen=True)
class EdgeHost:
    """The names of an edge location: `via` is for Via headers, `pop` for X-Amz-Cf-Pop."""

    via: str
    pop: str


def towards_origin(request: Request, behavior: CacheBehavior, origin_domain: str, edge: EdgeHost) -> Request:
    """The request that an origin-request function sees and that goes to the origin, made from the viewer's request."""
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
    headers.extend(("Accept-Encoding", value) for value in _accept_encoding(request, behavior))
    if cookies := policies.select_cookies(request.headers, cache.cookies, forward.cookies):
        headers["Cookie"] = cookies
    query = policies.select_query(request.querystring, cache.query_strings, forward.query_strings)
    return replace(request, querystring=query, headers=headers)


def _host(request: Request, behavior: CacheBehavior, origin_domain: str) -> str:
    """The origin's domain name, or the viewer's Host if a policy forwards Host."""
    return request.headers.get("Host", origin_domain) if _selects("host", behavior) else origin_domain


def _selects(name: str, behavior: CacheBehavior) -> bool:
    return name in behavior.cache_policy.headers or name in behavior.origin_request_policy.headers


def _forwards(name: str, request: Request, behavior: CacheBehavior) -> bool:
    if name in _REWRITTEN or is_never_forwarded(name):
        return False
    if name == "authorization" and request.method not in behavior.cached_methods:
        # Even if no policy selects Authorization, CloudFront forwards it with DELETE, PATCH, POST and PUT, and with
        # OPTIONS if that is not cached. It does not with GET and HEAD.
        return True
    return name in _FORWARDED_BY_DEFAULT or _selects(name, behavior)


def is_never_forwarded(name: str) -> bool:
    """Whether no policy lets a header of the viewer's request through. `name` is in lower case."""
    return name in _NEVER_FORWARDED or name.startswith(("x-edge-", "x-amz-cf-"))


def _accept_encoding(request: Request, behavior: CacheBehavior) -> list[str]:
    """The values of Accept-Encoding for the origin. If the cache policy enables a compression format, the header is
    normalized, even if the origin request policy selects it. Otherwise it is forwarded like any other header."""
    sent = request.headers.getall("Accept-Encoding", [])
    if behavior.cache_policy.compression_codings:
        return [behavior.cache_policy.accept_encoding(request) or "identity"] if sent else []
    return sent if _selects("accept-encoding", behavior) else []


def from_origin(response: Response, behavior: CacheBehavior) -> Response:
    """The response that an origin-response function sees and that is cached, made from the origin's response."""
    headers = response.headers.copy()
    for name in _OF_THE_ORIGIN:
        headers.popall(name, None)
    if not behavior.forwards_cookies:
        headers.popall("Set-Cookie", None)
    varying = _varying(headers, behavior)
    headers.popall("Vary", None)
    if varying:
        headers["Vary"] = ", ".join(varying)
    return replace(response, headers=headers)


def _varying(headers: CIMultiDict[str], behavior: CacheBehavior) -> list[str]:
    """The names in `Vary` that CloudFront does not remove."""
    named = [name.strip() for value in headers.getall("Vary", ()) for name in value.split(",")]
    return [name for name in named if _may_vary(name.lower(), behavior)]


def _may_vary(name: str, behavior: CacheBehavior) -> bool:
    if name == "*":
        return behavior.cache_policy.min_ttl == 0
    if name == "user-agent" and any(_selects(device, behavior) for device in _DEVICE_HEADERS):
        return True
    return name in ("accept-encoding", "cookie") or _selects(name, behavior)


_DEVICE_HEADERS = (
    "cloudfront-is-desktop-viewer",
    "cloudfront-is-mobile-viewer",
    "cloudfront-is-smarttv-viewer",
    "cloudfront-is-tablet-viewer",
)


def towards_viewer(
    response: Response,
    x_cache: str,
    request_id: str,
    edge: EdgeHost,
    age: float | None,
    removed: frozenset[str] = frozenset(),
) -> Response:
    """The response with the headers that CloudFront adds for the viewer. `age` is a cached object's age in seconds, and
    None if the response is not from the cache. `removed` are names in lower case that a policy removes: CloudFront then
    adds neither X-Cache nor Age."""
    headers = response.headers.copy()
    headers.popall("Transfer-Encoding", None)  # the connection to the viewer has its own
    headers.setdefault("Server", "CloudFront")
    if "x-cache" not in removed:
        headers["X-Cache"] = x_cache
    headers["Via"] = f"1.1 {edge.via}"
    headers["X-Amz-Cf-Pop"] = edge.pop
    headers["X-Amz-Cf-Id"] = request_id
    if age is not None and "age" not in removed:
        headers["Age"] = str(int(age))
    return replace(response, headers=headers)
