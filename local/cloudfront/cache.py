"""The cache of one edge location: what is the same object, how long it is fresh, and the objects themselves.

Source: CloudFront Developer Guide, "Manage how long content stays in the cache" and "How CloudFront caches HTTP 4xx
and 5xx status codes".
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from multidict import CIMultiDict

from local.cloudfront import policies
from local.cloudfront.messages import Request, Response
from local.cloudfront.policies import CachePolicy

CacheKey = tuple[object, ...]

# Kept like any other answer.
_CACHEABLE = frozenset({200, 203, 204, 300, 301, 302, 307, 308})
# Kept for the error caching minimum TTL, or longer if the origin says so.
_ERRORS_CACHED = frozenset({404, 414, 500, 501, 502, 503, 504})
# Kept only when the origin sends max-age or s-maxage.
_ERRORS_CACHED_ON_REQUEST = frozenset({400, 403, 405, 412, 415})
# Where `no-store`, `no-cache` and `private` also stop error caching.
_ERRORS_NO_STORE = frozenset({404, 414, 501})
ERROR_CACHING_MIN_TTL = 10.0


@dataclass(frozen=True)
class CacheEntry:
    """A cached response. Times in seconds of the cache's clock."""

    response: Response
    stored_at: float
    ttl: float

    def is_fresh(self, now: float) -> bool:
        return now < self.stored_at + self.ttl

    @property
    def has_validator(self) -> bool:
        """Whether the origin can be asked if the object is still the same."""
        return "ETag" in self.response.headers or "Last-Modified" in self.response.headers


def cache_key(policy: CachePolicy, request: Request) -> CacheKey:
    """What two requests must share to be answered with the same object. GET and HEAD share; OPTIONS is its own."""
    headers = sorted((name.lower(), value) for name, value in request.headers.items() if name.lower() in policy.headers)
    return (
        request.uri,
        request.method == "OPTIONS",
        policies.select_query(request.querystring, policy.query_strings),
        policies.select_cookies(request.headers, policy.cookies),
        tuple(headers),
        policy.accept_encoding(request.headers),
    )


def time_to_live(policy: CachePolicy, response: Response, now: float) -> float:
    """How long to keep a response, in seconds; 0 is not at all. `now` is a Unix time, for `Expires`."""
    directives = _cache_control(response.headers)
    if response.status in _CACHEABLE:
        return _object_ttl(policy, response.headers, directives, now)
    if response.status in _ERRORS_CACHED:
        if response.status in _ERRORS_NO_STORE and directives.keys() & {"no-store", "no-cache", "private"}:
            return 0.0
        return max(ERROR_CACHING_MIN_TTL, _stated(directives) or 0.0)
    if response.status in _ERRORS_CACHED_ON_REQUEST and (stated := _stated(directives)) is not None:
        return max(ERROR_CACHING_MIN_TTL, stated)
    return 0.0


def _object_ttl(policy: CachePolicy, headers: CIMultiDict[str], directives: dict[str, str], now: float) -> float:
    if directives.keys() & {"no-cache", "no-store", "private"}:
        # With a minimum TTL above 0, CloudFront keeps even these that long.
        return float(policy.min_ttl)
    stated = _stated(directives)
    if stated is None:
        stated = _until(headers.get("Expires"), now)
    if stated is None:
        return float(max(policy.min_ttl, policy.default_ttl))
    return min(max(stated, policy.min_ttl), policy.max_ttl)


def _cache_control(headers: CIMultiDict[str]) -> dict[str, str]:
    directives = (part.strip() for value in headers.getall("Cache-Control", ()) for part in value.split(","))
    pairs = (directive.partition("=") for directive in directives if directive)
    return {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs}


def _stated(directives: dict[str, str]) -> float | None:
    """`s-maxage` before `max-age`; a value that is not a number counts as absent."""
    for name in ("s-maxage", "max-age"):
        if directives.get(name, "").isdecimal():
            return float(directives[name])
    return None


def _until(expires: str | None, now: float) -> float | None:
    if expires is None:
        return None
    try:
        return max(0.0, parsedate_to_datetime(expires).timestamp() - now)
    except ValueError:
        return 0.0  # RFC 9111, section 5.3: an invalid date is in the past


class Cache:
    """Objects by cache key, bounded by their size in bytes; the least recently used go first."""

    def __init__(self, clock: Callable[[], float], max_bytes: int = 256 * 1024 * 1024) -> None:
        self._clock = clock
        self._max_bytes = max_bytes
        self._bytes = 0
        self._entries: OrderedDict[CacheKey, CacheEntry] = OrderedDict()

    def get(self, key: CacheKey) -> CacheEntry | None:
        """The entry, fresh or expired."""
        if key in self._entries:
            self._entries.move_to_end(key)
        return self._entries.get(key)

    def put(self, key: CacheKey, response: Response, ttl: float) -> CacheEntry:
        """Keeps the response in place of any other under its key."""
        self.remove(key)
        entry = CacheEntry(response, self._clock(), ttl)
        self._entries[key] = entry
        self._bytes += len(response.body)
        while self._bytes > self._max_bytes:
            self.remove(next(iter(self._entries)))
        return entry

    def remove(self, key: CacheKey) -> None:
        if entry := self._entries.pop(key, None):
            self._bytes -= len(entry.response.body)

    def clear(self) -> None:
        """Forgets everything: what an invalidation of `/*` does."""
        self._entries.clear()
        self._bytes = 0
