"""Objects as viewers get them at an edge location: from the cache, or through the origin and into the cache.

Source: CloudFront Developer Guide, "Request and response behavior for custom origins" (conditional requests,
simultaneous requests for the same object, origin unavailable) and "How CloudFront processes HTTP 4xx and 5xx status
codes".
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from cloudfront_local.distribution import journal, pages
from cloudfront_local.distribution.cache import conditional
from cloudfront_local.distribution.cache.compression import compressed
from cloudfront_local.distribution.cache.expiration import ERROR_CACHING_MIN_TTL, Lifetime, lifetime
from cloudfront_local.distribution.cache.store import Cache, CacheEntry, CacheKey, cache_key
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.pages import OriginFailed
from cloudfront_local.distribution.visit import Answer, Visit, answered
from cloudfront_local.rules import facts

# What the origin answers, with the functions of its two events; raises Refusal.
FromOrigin = Callable[[Visit, Request], Awaitable[Answer]]


class EdgeCache:
    """The cache of one edge location. `clock` gives Unix time."""

    def __init__(self, from_origin: FromOrigin, clock: Callable[[], float]) -> None:
        self._from_origin = from_origin
        self._clock = clock
        self._cache = Cache()
        self._underway: dict[CacheKey, asyncio.Event] = {}
        self._revalidations: dict[CacheKey, asyncio.Task[None]] = {}

    async def answer(self, visit: Visit, request: Request) -> Answer:
        """From the cache, or through the origin: one request at a time for one object. Raises Refusal."""
        if not visit.behavior.may_cache(request.method):
            answer = await self._from_origin(visit, request)
            return replace(answer, response=compressed(answer.response, request, visit.behavior))
        key = cache_key(visit.behavior.cache_policy, request)
        if hit := self._from_cache(visit, request, key):
            return hit
        if visit.behavior.collapses and (first := self._underway.get(key)):
            # Request collapsing. What turns out not to be cacheable is then fetched by all that waited, at once.
            await first.wait()
            if hit := self._from_cache(visit, request, key):
                return hit
        with self._fetching(key):
            return await self._through_origin(visit, request, key)

    @contextmanager
    def _fetching(self, key: CacheKey) -> Iterator[None]:
        """Marks the object as under way for the requests that come meanwhile. The first one's mark counts."""
        done = asyncio.Event()
        is_first = self._underway.setdefault(key, done) is done
        try:
            yield
        finally:
            if is_first:
                del self._underway[key]
                done.set()

    def _from_cache(self, visit: Visit, request: Request, key: CacheKey) -> Answer | None:
        entry, now = self._cache.get(key), self._clock()
        if entry is None:
            return None
        if not entry.is_fresh(now):
            if not entry.serves_while_revalidating(now):
                return None
            self._revalidate_behind(visit, request, key)
        return self._hit(entry, request)

    def _hit(self, entry: CacheEntry, request: Request, x_cache: str = facts.X_CACHE_HIT) -> Answer:
        """A cached error is still CloudFront's `Error`, as it was at first."""
        response = conditional.answer(request, entry.response)
        age = self._clock() - entry.stored_at
        return Answer(response, facts.X_CACHE_ERROR if entry.response.status >= 400 else x_cache, age)

    def _revalidate_behind(self, visit: Visit, request: Request, key: CacheKey) -> None:
        """stale-while-revalidate: viewers get the expired object at once, while one request asks the origin."""
        if key not in self._revalidations:
            task = asyncio.create_task(self._revalidate(visit, request, key))
            self._revalidations[key] = task
            task.add_done_callback(lambda _: self._revalidations.pop(key))

    async def _revalidate(self, visit: Visit, request: Request, key: CacheKey) -> None:
        with journal.entry(request, self._clock) as entry:
            answer = await answered(self._through_origin(visit, request, key), visit.id)
            entry.write(answer.response.status, f"{answer.x_cache} in the background")

    async def _through_origin(self, visit: Visit, request: Request, key: CacheKey) -> Answer:
        """A missing object is fetched; of an expired one the origin is asked whether it has changed."""
        entry = self._cache.get(key)
        try:
            if entry is None or entry.is_error:
                answer = await self._from_origin(visit, request)
                return replace(answer, response=self._keep(visit, request, key, answer.response))
            answer = await self._from_origin(visit, conditional.validating(request, entry.validators))
        except OriginFailed as failure:
            return self._stale(key, entry, request) or self._failed(visit, request, key, failure)
        return self._revalidated(visit, request, key, entry, answer)

    def _failed(self, visit: Visit, request: Request, key: CacheKey, failure: OriginFailed) -> Answer:
        """No answer counts as an error of the origin's, and is cached like one."""
        response = self._keep(visit, request, key, pages.page(failure, visit.id))
        return Answer(response, failure.x_cache)

    def _stale(self, key: CacheKey, entry: CacheEntry | None, request: Request) -> Answer | None:
        """While the origin fails, an expired object serves. The origin is asked again after the error caching TTL."""
        now = self._clock()
        if entry is None or not entry.serves_on_error(now):
            return None
        journal.remark(
            f"The expired object serves instead. The origin is asked again in {ERROR_CACHING_MIN_TTL:.0f} s."
        )
        self._cache.put(key, replace(entry, retry_at=now + ERROR_CACHING_MIN_TTL))
        return self._hit(entry, request)

    def _revalidated(self, visit: Visit, request: Request, key: CacheKey, entry: CacheEntry, answer: Answer) -> Answer:
        """The origin's answer to whether an expired object has changed."""
        if answer.response.status == 304 and not answer.is_generated:
            return self._refreshed(visit, request, key, entry, answer.response)
        if answer.response.status >= 500 and not answer.is_generated and (stale := self._stale(key, entry, request)):
            return stale
        response = self._keep(visit, request, key, answer.response)
        return replace(answer, response=conditional.answer(request, response))

    def _refreshed(
        self, visit: Visit, request: Request, key: CacheKey, entry: CacheEntry, not_modified: Response
    ) -> Answer:
        now, response = self._clock(), conditional.refreshed(entry.response, not_modified)
        lives = lifetime(visit.behavior.cache_policy, response, now) or Lifetime(0.0)
        refreshed = CacheEntry(response, entry.validators, now, lives)
        self._cache.put(key, refreshed)
        return self._hit(refreshed, request, facts.X_CACHE_REFRESH_HIT)

    def _keep(self, visit: Visit, request: Request, key: CacheKey, response: Response) -> Response:
        """Compresses the response where it may, and caches it where it may. Returns what the viewer gets."""
        served, now = compressed(response, request, visit.behavior), self._clock()
        lives = lifetime(visit.behavior.cache_policy, response, now)
        if lives and request.method != "HEAD":
            self._cache.put(key, CacheEntry(served, conditional.validators(response), now, lives))
        return served
