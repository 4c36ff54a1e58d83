"""The cache of an edge location: it answers requests, says which requests must go to the origin, and keeps responses.

The cache sends no request. The pipeline looks for an object here, asks the origin, and hands the answer to the cache.

Source: CloudFront Developer Guide, "Request and response behavior for custom origins" (conditional requests,
simultaneous requests for the same object, origin unavailable) and "How CloudFront processes HTTP 4xx and 5xx status
codes".
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace

from cloudfront_local.distribution import journal
from cloudfront_local.distribution.cache import conditional, ranges
from cloudfront_local.distribution.cache.compression import compressed
from cloudfront_local.distribution.cache.expiration import Lifetime, lifetime
from cloudfront_local.distribution.cache.invalidation import Invalidation
from cloudfront_local.distribution.cache.store import Cache, CacheEntry, CacheKey, cache_key
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.pages import OriginFailed
from cloudfront_local.distribution.trace import Looked
from cloudfront_local.distribution.visit import Answer, Visit, refused
from cloudfront_local.rules import facts


@dataclass(frozen=True)
class Look:
    """The result of looking for a viewer's request in the cache.

    `answer` is the answer for the viewer; None if the viewer must wait for the origin. `for_origin` is the request that
    the pipeline must send to the origin; None if the object is fresh. If there are both, the pipeline sends
    `for_origin` in the background. `entry` is the expired object that `for_origin` revalidates, if any.
    """

    viewer: Request
    key: CacheKey
    answer: Answer | None = None
    for_origin: Request | None = None
    entry: CacheEntry | None = None


class EdgeCache:
    """The cache of one edge location. `clock` gives Unix time."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._cache = Cache()
        self._underway: dict[CacheKey, asyncio.Event] = {}

    def invalidate(self, invalidation: Invalidation) -> int:
        """Removes the objects that an invalidation concerns. Returns their number."""
        return self._cache.invalidate(invalidation)

    @asynccontextmanager
    async def look(self, visit: Visit, request: Request) -> AsyncIterator[Look]:
        """Looks for the object. Requests for an object wait while the first of them, which asks the origin, is in this
        context."""
        with journal.station("cache") as station:
            key = self._key(visit, request)
            entry, waited = self._cache.get(key), False
            look = self._look(request, key, entry)
            if look.answer is None and visit.behavior.collapses and (first := self._underway.get(key)):
                # Request collapsing. If the answer is not cacheable, all requests that waited ask the origin, at once.
                await first.wait()
                entry, waited = self._cache.get(key), True
                look = self._look(request, key, entry)
            self._tell(visit, look, entry, waited=waited)
            if look.answer:
                station.outcome, station.summary = "answered", look.answer.x_cache.replace(" from cloudfront", "")
            else:
                station.summary = "Expired" if look.entry else "Miss"
        if look.answer:
            yield look
            return
        with self._fetching(key):
            yield look

    def _tell(self, visit: Visit, look: Look, entry: CacheEntry | None, *, waited: bool) -> None:
        """Notes the look, which found the entry, in the request's trace, and whether it waited for another request. A
        custom error page is not the object that was asked for."""
        trace = journal.trace()
        if trace is None or visit.is_error_page:
            return
        if entry is None:
            trace.looked = Looked(look.key, "absent", self._cache.nearest(look.key), waited=waited)
            return
        trace.looked = Looked(look.key, "expired" if look.for_origin else "fresh", None, waited=waited)
        _tell_of_object(visit, entry.response, entry.stored_at)

    def items(self) -> list[tuple[CacheKey, CacheEntry]]:
        """All objects, the least recently used first."""
        return self._cache.items()

    async def keep(self, visit: Visit, look: Look, answer: Answer) -> Answer:
        """Caches the origin's answer if it is cacheable. Returns the answer for the viewer."""
        if look.entry is None:
            return replace(answer, response=await self._keep(visit, look.viewer, look.key, answer.response))
        return await self._revalidated(visit, look.viewer, look.key, look.entry, answer)

    async def keep_failure(self, visit: Visit, look: Look, failure: OriginFailed) -> Answer:
        """Returns the answer for the viewer if the origin gave none: an expired object, or else an error page. The
        error page is cached like an error of the origin."""
        if stale := self._stale(visit, look.key, look.entry, look.viewer, failure.status):
            return stale
        answer = refused(failure, visit.id)
        return replace(answer, response=await self._keep(visit, look.viewer, look.key, answer.response))

    def keep_page(self, key: CacheKey, page: Response) -> None:
        """Keeps a custom error page with the cached error that it hides, if the error is cached. An error for a part is
        cached as the object's."""
        for cached in (key, key._replace(variant="")):
            entry = self._cache.get(cached)
            if entry and entry.is_error:
                self._cache.put(cached, replace(entry, page=page))

    def _key(self, visit: Visit, request: Request) -> CacheKey:
        """The key under which the request finds its answer. The answer to a HEAD has no body for a GET, and a part is
        not the object, so they are cached apart. An object that a GET fetched answers all requests."""
        key = cache_key(visit.behavior.cache_policy, request)
        if self._cache.get(key):
            return key
        if request.method == "HEAD":
            return key._replace(variant="HEAD")
        spec = ranges.of_part(request)
        return self._holding(key, spec) or key._replace(variant=spec)

    def _holding(self, key: CacheKey, spec: str) -> CacheKey | None:
        """The key of a fresh part that holds the range `spec` of an object."""
        for part in self._cache.variants(key) if spec else ():
            entry = self._cache.get(part)
            if entry and entry.is_fresh(self._clock()) and ranges.within(spec, entry.response):
                return part
        return None

    def _look(self, request: Request, key: CacheKey, entry: CacheEntry | None) -> Look:
        """A fresh object is a hit. A missing object must be fetched. An expired object must be revalidated."""
        if entry is None:
            return Look(request, key, for_origin=request)
        now = self._clock()
        if entry.is_fresh(now):
            return Look(request, key, self._hit(entry, request))
        answer = self._hit(entry, request) if entry.serves_while_revalidating(now) else None
        if entry.is_error:
            return Look(request, key, answer, request)
        validating = conditional.validating(request, entry.validators, is_part=entry.is_part)
        return Look(request, key, answer, validating, entry)

    @contextmanager
    def _fetching(self, key: CacheKey) -> Iterator[None]:
        """Marks the object as under way, so that later requests wait. The first request sets and removes the mark."""
        done = asyncio.Event()
        is_first = self._underway.setdefault(key, done) is done
        try:
            yield
        finally:
            if is_first:
                del self._underway[key]
                done.set()

    def _hit(self, entry: CacheEntry, request: Request, x_cache: str = facts.X_CACHE_HIT) -> Answer:
        """The answer from a cached object. X-Cache says `Error` for a cached error, not `Hit`."""
        response = conditional.answer(request, entry.response)
        age = self._clock() - entry.stored_at
        return Answer(response, facts.X_CACHE_ERROR if entry.is_error else x_cache, age, page=entry.page)

    def _stale(
        self, visit: Visit, key: CacheKey, entry: CacheEntry | None, request: Request, status: int
    ) -> Answer | None:
        """The expired object as the answer while the origin fails with a status; None if it may not serve. CloudFront
        asks the origin again after the error caching minimum TTL."""
        now, wait = self._clock(), visit.error_caching_min_ttl(status)
        if entry is None or not entry.serves_on_error(now):
            return None
        journal.remark(f"The viewer gets the expired object. The origin is not asked again for {wait:g} s.")
        self._cache.put(key, replace(entry, retry_at=min(now + wait, entry.serves_on_error_until)))
        return self._hit(entry, request)

    async def _revalidated(
        self, visit: Visit, request: Request, key: CacheKey, entry: CacheEntry, answer: Answer
    ) -> Answer:
        """The answer for the viewer after the origin answered the revalidation of an expired object."""
        if answer.response.status == 304 and not answer.is_generated:
            return self._refreshed(visit, request, key, entry, answer.response)
        status = answer.response.status
        if status >= 500 and not answer.is_generated and (stale := self._stale(visit, key, entry, request, status)):
            return stale
        response = await self._keep(visit, request, key, answer.response)
        return replace(answer, response=conditional.answer(request, response))

    def _refreshed(
        self, visit: Visit, request: Request, key: CacheKey, entry: CacheEntry, not_modified: Response
    ) -> Answer:
        now, response = self._clock(), conditional.refreshed(entry.response, not_modified)
        lives = _lifetime(visit, response, now) or Lifetime(0.0)
        _tell_of_object(visit, response, now)
        refreshed = CacheEntry(response, entry.validators, now, lives)
        self._cache.put(key, refreshed)
        return self._hit(refreshed, request, facts.X_CACHE_REFRESH_HIT)

    async def _keep(self, visit: Visit, request: Request, key: CacheKey, response: Response) -> Response:
        """Compresses and caches the response, each if allowed. Returns the response for the viewer."""
        now = self._clock()
        served = await compressed(response, request, visit.behavior)
        lives = _lifetime(visit, response, now)
        _tell_of_object(visit, response, now)
        if lives and (kept := _kept(key, request, response)):
            self._cache.put(kept, CacheEntry(served, conditional.validators(response), now, lives))
        return served


def _kept(key: CacheKey, request: Request, response: Response) -> CacheKey | None:
    """The key under which a response may be cached, if any. `key` is that of the look."""
    if response.status == 206:
        return key if ranges.of_part(request) == key.variant != "" else None
    if request.method == "HEAD":
        return key if key.variant else None
    return key._replace(variant="")  # An origin may answer a request for a part with the whole object, or an error.


def _lifetime(visit: Visit, response: Response, now: float) -> Lifetime | None:
    return lifetime(visit.behavior.cache_policy, response, visit.error_caching_min_ttl(response.status), now)


def _tell_of_object(visit: Visit, response: Response, stored_at: float) -> None:
    """Notes in the request's trace what decides about the time in the cache."""
    trace = journal.trace()
    if trace and trace.looked and not visit.is_error_page:
        ttl = visit.error_caching_min_ttl(response.status)
        trace.looked.kept = (response.status, response.headers, ttl, stored_at)
