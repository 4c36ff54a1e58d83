"""The steps of a request through the distribution, without sockets.

    viewer -> limits -> behavior -> viewer-request -> cache -> origin-request -> origin
    viewer <- viewer-response <----------------------- cache <- origin-response <-'

Source: CloudFront Developer Guide, "CloudFront events that can trigger a Lambda@Edge function" and "How CloudFront
processes and caches requests".
"""

from __future__ import annotations

import asyncio
import base64
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

from cloudfront_local.distribution import functions, headers, journal, limits, pages
from cloudfront_local.distribution.behaviors import match
from cloudfront_local.distribution.cache.compression import compressed
from cloudfront_local.distribution.cache.edge_cache import EdgeCache, Look
from cloudfront_local.distribution.cache.store import CacheKey
from cloudfront_local.distribution.config import DistributionConfig
from cloudfront_local.distribution.events import Outcome, Trigger
from cloudfront_local.distribution.functions import Invoke
from cloudfront_local.distribution.headers import EdgeHost
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import Origin
from cloudfront_local.distribution.pages import OriginFailed, Refusal
from cloudfront_local.distribution.visit import Answer, Visit, answered
from cloudfront_local.rules import facts

# (request, origin, request id) -> the origin's response; raises OriginFailed when there is none.
Fetch = Callable[[Request, Origin, str], Awaitable[Response]]

# () -> the body of the viewer's request; raises Refusal if the body is too large, or does not arrive in time.
Receive = Callable[[], Awaitable[bytes]]


class Distribution:
    """The distribution at one edge location, with its own cache. `clock` returns Unix time."""

    def __init__(
        self,
        config: DistributionConfig,
        invoke: Invoke,
        fetch: Fetch,
        edge: EdgeHost,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.config = config
        self._invoke = invoke
        self._fetch = fetch
        self._edge = edge
        self._clock = clock
        self._cache = EdgeCache(clock)
        self._revalidations: dict[CacheKey, asyncio.Task[None]] = {}

    async def handle(self, request: Request, receive: Receive | None = None) -> Response:
        """The response to a viewer's request, which may be CloudFront's own error page. Never raises Refusal.

        `receive` reads the request's body, which is then not in `request`. It is called at most once, after the checks
        and the viewer-request function: a request that is refused need not send its body.

        The response to a HEAD may have the body that a GET would get. The HTTP server must not send that body.
        """
        request_id = _request_id()
        with journal.entry(request, self._clock) as entry:
            answer = await answered(self._answer(request, receive, request_id), request_id)
            entry.write(answer.response.status, answer.x_cache)
        return headers.towards_viewer(answer.response, answer.x_cache, request_id, self._edge, answer.age)

    def refuse(self, refusal: Refusal) -> Response:
        """CloudFront's error page for bytes that are not a request."""
        request_id = _request_id()
        page = pages.page(refusal, request_id)
        return headers.towards_viewer(page, refusal.x_cache, request_id, self._edge, None)

    def clear_cache(self) -> None:
        """Later requests ask the origin. Requests under way still use the old cache."""
        self._cache = EdgeCache(self._clock)

    async def _answer(self, request: Request, receive: Receive | None, request_id: str) -> Answer:
        # 1. Malformed and oversized requests are refused, and requests for another host.
        limits.refuse_malformed(request)
        limits.refuse_unknown_host(self.config, request)
        # 2. The path selects the behavior, with its origin and functions. A function that changes the uri does not
        #    change the behavior.
        behavior = match(self.config.behaviors, request.uri)
        limits.refuse_method(behavior, request)
        trigger = Trigger(self.config.domain_name, self.config.id, request_id)
        visit = Visit(behavior, self.config.origins[behavior.origin_id], trigger)
        # 3. The viewer-request function runs on every request. A response that it generates goes to the viewer at once.
        #    The body is read before the function only if the function sees it.
        if receive and behavior.shows_body:
            request, receive = replace(request, body=await receive()), None
        outcome = await self._call(visit, "viewer-request", request)
        if outcome and outcome.is_response:
            return Answer(outcome.generated(), facts.X_CACHE_GENERATED)
        if receive:
            request = replace(request, body=await receive())
        passed = outcome.request(request) if outcome else request
        if passed.uri == "/" and self.config.default_root_object:
            passed = replace(passed, uri="/" + self.config.default_root_object)
        # 4. The object comes from the cache or from the origin.
        answer = await self._object(visit, passed)
        # 5. The viewer-response function runs on cache hits, too, but not on errors.
        if answer.response.status >= 400:
            return answer
        outcome = await self._call(visit, "viewer-response", passed, response=answer.response)
        return replace(answer, response=outcome.response(answer.response)) if outcome else answer

    async def _object(self, visit: Visit, request: Request) -> Answer:
        if not visit.behavior.may_cache(request.method):
            answer = await self._from_origin(visit, request)
            return replace(answer, response=compressed(answer.response, request, visit.behavior))
        async with self._cache.look(visit, request) as look:
            if look.answer is None:
                return await self._through_origin(visit, look)
        if look.for_origin:
            self._revalidate_behind(visit, look)
        return look.answer

    async def _through_origin(self, visit: Visit, look: Look) -> Answer:
        try:
            answer = await self._from_origin(visit, look.for_origin or look.viewer)
        except OriginFailed as failure:
            return self._cache.keep_failure(visit, look, failure)
        return self._cache.keep(visit, look, answer)

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

    async def _from_origin(self, visit: Visit, viewer: Request) -> Answer:
        # 1. The request for the origin is made from the viewer's request.
        request, origin = (
            headers.towards_origin(viewer, visit.behavior, visit.origin.domain_name, self._edge),
            visit.origin,
        )
        # 2. The origin-request function may change it, choose another origin, or answer in its place.
        outcome = await self._call(visit, "origin-request", request, origin)
        if outcome and outcome.is_response:
            return Answer(outcome.generated(), facts.X_CACHE_GENERATED)
        if outcome:
            request, origin = outcome.request(request), outcome.origin(origin)
        # 3. The origin answers the request.
        response = headers.from_origin(await self._fetch(request, origin, visit.id), visit.behavior)
        # 4. The origin-response function runs on every answer of the origin, errors included.
        if outcome := await self._call(visit, "origin-response", request, origin, response):
            response = outcome.response(response)
        return Answer(response, facts.X_CACHE_ERROR if response.status >= 400 else facts.X_CACHE_MISS)

    async def _call(
        self,
        visit: Visit,
        event_type: str,
        request: Request,
        origin: Origin | None = None,
        response: Response | None = None,
    ) -> Outcome | None:
        """Calls the behavior's function for this event type. None if the behavior has no such function."""
        association = visit.behavior.functions.get(event_type)
        if association is None:
            return None
        if origin and not visit.behavior.shows_query:
            request = replace(request, querystring="")
        event = visit.trigger.event(
            event_type, request, origin=origin, response=response, include_body=association.include_body
        )
        return await functions.call(self._invoke, association.function_arn, event)


def _request_id() -> str:
    """A request id in the form of X-Amz-Cf-Id: 40 random bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(40)).decode()
