"""The cache of an edge location: what it answers by itself, what is to be asked of the origin, what it keeps of that.

It asks nobody: the pipeline looks here, asks the origin, and gives the answer here to keep.

Source: CloudFront Developer Guide, "Request and response behavior for custom origins" (conditional requests,
simultaneous requests for the same object, origin unavailable) and "How CloudFront processes HTTP 4xx and 5xx status
codes".
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace

from cloudfront_local.distribution import journal, pages
from cloudfront_local.distribution.cache import conditional
from cloudfront_local.distribution.cache.compression import compressed
from cloudfront_local.distribution.cache.expiration import ERROR_CACHING_MIN_TTL, Lifetime, lifetime
from cloudfront_local.distribution.cache.store import Cache, CacheEntry, CacheKey, cache_key
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.pages import OriginFailed
from cloudfront_local.distribution.visit import Answer, Visit
from cloudfront_local.rules import facts


@dataclass(frozen=True)
class Look:
    """What the cache has for a viewer's request.

    `answer` is None where the viewer waits for the origin. `asks` is the request for the origin, None where the object
    is fresh: with an answer, it is to be asked in the background. `entry` is the expired object that it is about.
    """

    viewer: Request
    key: CacheKey
    answer: Answer | None = None
    asks: Request | None = None
    entry: CacheEntry | None = None


class EdgeCache:
    """The cache of one edge location. `clock` gives Unix time."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._cache = Cache()
        self._underway: dict[CacheKey, asyncio.Event] = {}

    @asynccontextmanager
    async def look(self, visit: Visit, request: Request) -> AsyncIterator[Look]:
        """Looks for the object, one request at a time where nobody has it yet: others wait until this is left."""
        key = cache_key(visit.behavior.cache_policy, request)
        look = self._look(request, key)
        if look.answer is None and visit.behavior.collapses and (first := self._underway.get(key)):
            # Request collapsing. What turns out not to be cacheable is then fetched by all that waited, at once.
            await first.wait()
            look = self._look(request, key)
        if look.answer:
            yield look
            return
        with self._fetching(key):
            yield look

    def keep(self, visit: Visit, look: Look, answer: Answer) -> Answer:
        """Keeps the origin's answer where it may be kept. Returns what the viewer gets."""
        if look.entry is None:
            return replace(answer, response=self._keep(visit, look.viewer, look.key, answer.response))
        return self._revalidated(visit, look.viewer, look.key, look.entry, answer)

    def keep_failure(self, visit: Visit, look: Look, failure: OriginFailed) -> Answer:
        """The origin gave no answer: an expired object serves, else an error of the origin's, and is kept like one."""
        if stale := self._stale(look.key, look.entry, look.viewer):
            return stale
        response = self._keep(visit, look.viewer, look.key, pages.page(failure, visit.id))
        return Answer(response, failure.x_cache)

    def _look(self, request: Request, key: CacheKey) -> Look:
        """A missing object is to be fetched; of an expired one the origin is asked whether it has changed."""
        entry, now = self._cache.get(key), self._clock()
        if entry is None:
            return Look(request, key, asks=request)
        if entry.is_fresh(now):
            return Look(request, key, self._hit(entry, request))
        answer = self._hit(entry, request) if entry.serves_while_revalidating(now) else None
        if entry.is_error:
            return Look(request, key, answer, request)
        return Look(request, key, answer, conditional.validating(request, entry.validators), entry)

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

    def _hit(self, entry: CacheEntry, request: Request, x_cache: str = facts.X_CACHE_HIT) -> Answer:
        """A cached error is still CloudFront's `Error`, as it was at first."""
        response = conditional.answer(request, entry.response)
        age = self._clock() - entry.stored_at
        return Answer(response, facts.X_CACHE_ERROR if entry.response.status >= 400 else x_cache, age)

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
