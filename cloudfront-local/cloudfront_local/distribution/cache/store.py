"""The cache key, which says which requests share an object, and the cached objects of one edge location."""

from __future__ import annotations

import itertools
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from multidict import CIMultiDict

from cloudfront_local.distribution import policies
from cloudfront_local.distribution.cache.expiration import Lifetime
from cloudfront_local.distribution.cache.invalidation import Invalidation
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.policies import CachePolicy

MAX_BYTES = 256 * 1024 * 1024


class CacheKey(NamedTuple):
    """`selected` holds the values that the cache policy selects. `variant` is empty for an object, `HEAD` for the
    answer to a HEAD, and a range of bytes for a part of an object."""

    selected: tuple[object, ...]
    variant: str = ""

    @property
    def uri(self) -> str:
        return str(self.selected[0])

    @property
    def target(self) -> str:
        """The path, and the selected parameters of the query string after a `?`."""
        uri, _, query, *_ = self.selected
        return f"{uri}?{query}" if query else str(uri)


def cache_key(policy: CachePolicy, request: Request) -> CacheKey:
    """The cache key of an object. Requests with equal keys get the same object. GET and HEAD share a key; OPTIONS has
    its own.

    Source: CloudFront Developer Guide, "Understand the cache key".
    """
    headers = sorted((name.lower(), value) for name, value in request.headers.items() if name.lower() in policy.headers)
    selected = (
        request.uri,
        request.method == "OPTIONS",
        policies.select_query(request.querystring, policy.query_strings),
        policies.select_cookies(request.headers, policy.cookies),
        tuple(headers),
        policy.accept_encoding(request),
    )
    return CacheKey(selected)


@dataclass(frozen=True)
class CacheEntry:
    """A cached response, as viewers get it. `validators` are the origin's own `ETag` and `Last-Modified`: compression
    changes the ETag in `response`. `page` is the custom error page that is cached with an error. Times are in seconds
    of the distribution's clock."""

    response: Response
    validators: CIMultiDict[str]
    stored_at: float
    lifetime: Lifetime
    page: Response | None = None
    retry_at: float = 0.0
    """While the origin fails, the time at which CloudFront asks the origin again."""

    @property
    def expires_at(self) -> float:
        return self.stored_at + self.lifetime.fresh

    @property
    def is_part(self) -> bool:
        return self.response.status == 206

    @property
    def is_error(self) -> bool:
        return self.response.status >= 400

    def is_fresh(self, now: float) -> bool:
        return now < max(self.expires_at, self.retry_at)

    def serves_while_revalidating(self, now: float) -> bool:
        return now < self.expires_at + self.lifetime.stale_while_revalidate

    @property
    def serves_on_error_until(self) -> float:
        return self.expires_at + self.lifetime.stale_if_error

    def serves_on_error(self, now: float) -> bool:
        """Whether viewers may get the expired object while the origin fails. A cached error is no such object."""
        return not self.is_error and now < self.serves_on_error_until

    @property
    def size(self) -> int:
        responses = [self.response, self.page] if self.page else [self.response]
        return sum(len(r.body) + sum(len(k) + len(v) for k, v in r.headers.items()) for r in responses)


class Cache:
    """Objects by cache key, with at most `max_bytes` in all. The least recently used objects are removed first."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._entries: OrderedDict[CacheKey, CacheEntry] = OrderedDict()
        self._variants: defaultdict[CacheKey, set[str]] = defaultdict(set)
        self._paths: defaultdict[str, set[CacheKey]] = defaultdict(set)

    def get(self, key: CacheKey) -> CacheEntry | None:
        """The entry for a key, fresh or expired; None if there is none."""
        if entry := self._entries.get(key):
            self._entries.move_to_end(key)
        return entry

    def variants(self, key: CacheKey) -> list[CacheKey]:
        """The keys of what is cached of an object, besides the object itself: parts, and an answer to HEAD."""
        return [key._replace(variant=variant) for variant in sorted(self._variants.get(key, ()))]

    def nearest(self, key: CacheKey) -> CacheKey | None:
        """The key of an object with the same path that differs from this key in the fewest parts; None without one.
        Of a path with many objects, a hundred are compared."""
        others = itertools.islice((other for other in self._paths.get(key.uri, ()) if other != key), 100)
        return min(others, key=lambda other: _distance(key, other), default=None)

    def items(self) -> list[tuple[CacheKey, CacheEntry]]:
        """All objects, the least recently used first."""
        return list(self._entries.items())

    def put(self, key: CacheKey, entry: CacheEntry) -> None:
        """Stores the entry under its key and replaces an older one. Does not store one larger than the whole cache."""
        self._remove(key)
        if entry.size > self._max_bytes:
            return
        self._entries[key] = entry
        self._bytes += entry.size
        self._paths[key.uri].add(key)
        if key.variant:
            self._variants[key._replace(variant="")].add(key.variant)
        while self._bytes > self._max_bytes:
            self._remove(next(iter(self._entries)))

    def invalidate(self, invalidation: Invalidation) -> int:
        """Removes the objects that an invalidation concerns. Returns their number."""
        concerned = [key for key in self._entries if invalidation.concerns(key.target)]
        for key in concerned:
            self._remove(key)
        return len(concerned)

    def _remove(self, key: CacheKey) -> None:
        if entry := self._entries.pop(key, None):
            self._bytes -= entry.size
            self._paths[key.uri].discard(key)
            if not self._paths[key.uri]:
                del self._paths[key.uri]
        if key.variant and (variants := self._variants.get(key._replace(variant=""))):
            variants.discard(key.variant)
            if not variants:
                del self._variants[key._replace(variant="")]


def _distance(one: CacheKey, other: CacheKey) -> int:
    """In how many parts two keys differ."""
    return sum(a != b for a, b in zip((*one.selected, one.variant), (*other.selected, other.variant), strict=True))
