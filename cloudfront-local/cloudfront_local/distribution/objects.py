"""The objects that viewers ask for: from the cache, else from the origin.

Source: CloudFront Developer Guide, "How CloudFront processes and caches requests".
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from cloudfront_local.distribution import journal
from cloudfront_local.distribution.cache.compression import compressed
from cloudfront_local.distribution.cache.edge_cache import EdgeCache, Look
from cloudfront_local.distribution.cache.invalidation import Invalidation
from cloudfront_local.distribution.cache.store import CacheEntry, CacheKey
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin_side import OriginSide
from cloudfront_local.distribution.pages import OriginFailed
from cloudfront_local.distribution.viewer_headers.added import ViewerHeaders
from cloudfront_local.distribution.visit import Answer, Visit, answered


class Objects:
    """The cache of one edge location, and the origins behind it. `clock` returns Unix time."""

    def __init__(self, origin_side: OriginSide, viewer_headers: ViewerHeaders, clock: Callable[[], float]) -> None:
        self._origin_side = origin_side
        self._viewer_headers = viewer_headers
        self._clock = clock
        self._cache = EdgeCache(clock)
        self._revalidations: dict[CacheKey, asyncio.Task[None]] = {}

    def clear(self) -> None:
        """Later requests ask the origin. Requests under way still use the old cache."""
        self._cache = EdgeCache(self._clock)

    def invalidate(self, invalidation: Invalidation) -> int:
        """Removes the cached objects that an invalidation concerns. Returns their number."""
        return self._cache.invalidate(invalidation)

    def cached(self) -> list[tuple[CacheKey, CacheEntry]]:
        """The cached objects, the least recently used first."""
        return self._cache.items()

    async def get(self, visit: Visit, request: Request) -> Answer:
        """The object that a request asks for. Raises Refusal."""
        request = self._viewer_headers.added(visit, request)
        if not visit.behavior.may_cache(request.method):
            answer = await self._origin_side.answer(visit, request)
            return replace(answer, response=await compressed(answer.response, request, visit.behavior))
        async with self._cache.look(visit, request) as look:
            answer = look.answer or await self._through_origin(visit, look)
        if look.answer and look.for_origin:
            self._revalidate_behind(visit, look)
        return replace(answer, key=look.key) if answer.is_error else answer

    async def fetch(self, visit: Visit, request: Request) -> Answer:
        """The origin's answer, past the cache and as the origin sends it. Raises Refusal."""
        return await self._origin_side.answer(visit, self._viewer_headers.added(visit, request))

    def keep_page(self, key: CacheKey, page: Response) -> None:
        """Keeps a custom error page with the cached error that has this key."""
        self._cache.keep_page(key, page)

    async def _through_origin(self, visit: Visit, look: Look) -> Answer:
        try:
            answer = await self._origin_side.answer(visit, look.for_origin or look.viewer)
        except OriginFailed as failure:
            return await self._cache.keep_failure(visit, look, failure)
        return await self._cache.keep(visit, look, answer)

    def _revalidate_behind(self, visit: Visit, look: Look) -> None:
        """Asks the origin about an expired object that viewers already get (stale-while-revalidate), once at a time."""
        if look.key not in self._revalidations:
            task = asyncio.create_task(self._revalidate(visit, look))
            self._revalidations[look.key] = task
            task.add_done_callback(lambda _: self._revalidations.pop(look.key))

    async def _revalidate(self, visit: Visit, look: Look) -> None:
        with journal.entry(look.viewer, self._clock) as entry:
            answer = await answered(self._through_origin(visit, look), visit.id)
            entry.write(answer.response.status, f"{answer.x_cache} in the background")
