"""The steps on the origin's side of the cache: origin-request, origin, origin-response.

Source: CloudFront Developer Guide, "CloudFront events that can trigger a Lambda@Edge function".
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from cloudfront_local.distribution import headers
from cloudfront_local.distribution.functions import Functions
from cloudfront_local.distribution.headers import EdgeHost
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import Origin
from cloudfront_local.distribution.visit import Answer, Visit
from cloudfront_local.rules import facts

# (request, origin, request id) -> the origin's response; raises OriginFailed when there is none.
Fetch = Callable[[Request, Origin, str], Awaitable[Response]]


class OriginSide:
    """Asks the origin of a visit, and runs the functions of origin events. `clock` returns seconds."""

    def __init__(self, functions: Functions, fetch: Fetch, edge: EdgeHost, clock: Callable[[], float]) -> None:
        self._functions = functions
        self._fetch = fetch
        self._edge = edge
        self._clock = clock

    async def answer(self, visit: Visit, viewer: Request) -> Answer:
        """The answer to a request that the cache cannot answer. Raises Refusal, and OriginFailed without an answer."""
        return await self._attempt(visit, viewer, visit.origin)

    async def _attempt(self, visit: Visit, viewer: Request, origin: Origin) -> Answer:
        # 1. The request for the origin is made from the viewer's request.
        request = headers.towards_origin(viewer, visit.behavior, origin.domain_name, self._edge)
        # 2. The origin-request function may change it, choose another origin, or answer in its place.
        outcome = await self._functions.run(visit, "origin-request", request, origin)
        if outcome and outcome.is_response:
            return Answer(outcome.generated(), facts.X_CACHE_GENERATED, made_by="the origin-request function")
        if outcome:
            request, origin = outcome.request(request), outcome.origin(origin)
        # 3. The origin answers the request.
        asked_at = self._clock()
        response = headers.from_origin(await self._fetch(request, origin, visit.id), visit.behavior)
        took = self._clock() - asked_at
        # 4. The origin-response function runs on every answer of the origin, errors included.
        if outcome := await self._functions.run(visit, "origin-response", request, origin, response):
            response = outcome.response(response)
        x_cache = facts.X_CACHE_ERROR if response.status >= 400 else facts.X_CACHE_MISS
        return Answer(response, x_cache, upstream_seconds=took)
