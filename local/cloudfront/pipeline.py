"""A request's way through the distribution, step by step, without a socket.

    viewer -> limits -> behavior -> viewer-request -> cache -> origin-request -> origin
    viewer <- viewer-response <----------------------- cache <- origin-response <-'

Source: CloudFront Developer Guide, "CloudFront events that can trigger a Lambda@Edge function" and "How CloudFront
processes and caches requests".
"""

from __future__ import annotations

import asyncio
import base64
import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from local.cloudfront import conditional, events, facts, functions, headers, pages
from local.cloudfront.behaviors import CacheBehavior, match
from local.cloudfront.cache import Cache, CacheEntry, CacheKey, cache_key, time_to_live
from local.cloudfront.compression import compressed
from local.cloudfront.config import DistributionConfig
from local.cloudfront.functions import Invoke
from local.cloudfront.headers import EdgeHost
from local.cloudfront.messages import Request, Response
from local.cloudfront.origins.origin import Origin, from_event
from local.cloudfront.pages import Refusal

log = logging.getLogger("cloudfront.requests")

# (request, origin, request id) -> the origin's response; raises Refusal when there is none.
Fetch = Callable[[Request, Origin, str], Awaitable[Response]]


@dataclass(frozen=True)
class Answer:
    """A response on its way back. `x_cache` says where it came from; `skips_viewer_response`, whether that event does
    not run for it."""

    response: Response
    x_cache: str
    skips_viewer_response: bool = False


@dataclass(frozen=True)
class Visit:
    """What the steps of one viewer request share."""

    behavior: CacheBehavior
    origin: Origin
    trigger: events.Trigger

    @property
    def id(self) -> str:
        return self.trigger.request_id


class Distribution:
    """The distribution at one edge location: its configuration, its cache, its functions."""

    def __init__(
        self,
        config: DistributionConfig,
        invoke: Invoke,
        fetch: Fetch,
        edge: EdgeHost,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.config = config
        self.cache = Cache(clock)
        self._invoke = invoke
        self._fetch = fetch
        self._edge = edge
        self._clock = clock
        self._underway: dict[CacheKey, asyncio.Event] = {}

    async def handle(self, request: Request) -> Response:
        """The response to a viewer's request; CloudFront's own error page where it refuses. Never raises Refusal."""
        started, request_id = time.perf_counter(), _request_id()
        try:
            answer = await self._answer(request, request_id)
        except Refusal as refusal:
            answer = Answer(pages.page(refusal, request_id), refusal.x_cache)
        response = headers.towards_viewer(answer.response, answer.x_cache, request_id, self._edge)
        took = (time.perf_counter() - started) * 1000
        log.info("%s %s %d %s %.0f ms", request.method, request.uri, response.status, answer.x_cache, took)
        return response

    async def _answer(self, request: Request, request_id: str) -> Answer:
        # 1. What CloudFront refuses before it looks at the distribution.
        _refuse_oversized(request)
        # 2. The behavior, and with it the origin and the functions. A function that changes the uri changes neither.
        behavior = match(self.config.behaviors, request.uri)
        _refuse_method(behavior, request)
        trigger = events.Trigger(self.config.domain_name, self.config.id, request_id)
        visit = Visit(behavior, self.config.origins[behavior.origin_id], trigger)
        # 3. The viewer-request function, on every request. A response of its own ends it: no cache, no viewer-response.
        result = await self._call(visit, "viewer-request", request)
        if result and events.is_response(result):
            return Answer(events.generated(result), facts.X_CACHE_GENERATED)
        passed = events.continued(request, result) if result else request
        if passed.uri == "/" and self.config.default_root_object:
            passed = replace(passed, uri="/" + self.config.default_root_object)
        # 4. The object: from the cache, or through the origin events from the origin.
        answer = await self._object(visit, passed)
        # 5. The viewer-response function, on hits too, but not on the origin's errors.
        return await self._viewer_response(visit, passed, answer)

    async def _object(self, visit: Visit, request: Request) -> Answer:
        """From the cache while fresh; else from the origin, one request at a time for one object."""
        if not visit.behavior.may_cache(request.method):
            return await self._origin_answer(visit, request)
        key = cache_key(visit.behavior.cache_policy, request)
        if running := self._underway.get(key):
            await running.wait()  # request collapsing: the first one fetches, the others find what it brought
        if (entry := self.cache.get(key)) and entry.is_fresh(self._clock()):
            return _hit(entry, request, facts.X_CACHE_HIT)
        done = self._underway.setdefault(key, asyncio.Event())
        try:
            if entry:
                return await self._refresh(visit, request, key, entry)
            return await self._miss(visit, request, key)
        finally:
            done.set()
            self._underway.pop(key, None)

    async def _miss(self, visit: Visit, request: Request, key: CacheKey) -> Answer:
        answer = await self._origin_answer(visit, request)
        self._keep(visit, request, key, answer.response)
        return answer

    async def _refresh(self, visit: Visit, request: Request, key: CacheKey, entry: CacheEntry) -> Answer:
        """An expired object: the origin is asked whether it changed. While the origin fails, the old one serves."""
        try:
            answer = await self._origin_answer(visit, conditional.validating(request, entry.response))
        except Refusal as refusal:
            if refusal.x_cache != facts.X_CACHE_ERROR:
                raise
            return _hit(entry, request, facts.X_CACHE_HIT)
        if answer.response.status == 304:
            merged = entry.response.headers.copy()
            merged.update(answer.response.headers)
            refreshed = replace(entry.response, headers=merged)
            ttl = time_to_live(visit.behavior.cache_policy, refreshed, self._clock())
            return _hit(self.cache.put(key, refreshed, ttl), request, facts.X_CACHE_REFRESH_HIT)
        if answer.response.status >= 500:
            return _hit(entry, request, facts.X_CACHE_HIT)
        self._keep(visit, request, key, answer.response)
        return replace(answer, response=conditional.answer(request, answer.response))

    def _keep(self, visit: Visit, request: Request, key: CacheKey, response: Response) -> None:
        """Caches a whole object, that is, not the answer to a HEAD, a range or a condition."""
        if request.method == "HEAD" or response.status in (206, 304):
            return
        ttl = time_to_live(visit.behavior.cache_policy, response, self._clock())
        if ttl > 0:
            self.cache.put(key, response, ttl)

    async def _origin_answer(self, visit: Visit, viewer: Request) -> Answer:
        """Through origin-request, the origin and origin-response."""
        request = headers.towards_origin(viewer, visit.behavior, visit.origin.domain_name, self._edge)
        origin = visit.origin
        result = await self._call(visit, "origin-request", request, origin=origin)
        if result and events.is_response(result):
            return Answer(events.generated(result), facts.X_CACHE_GENERATED)
        if result:
            request = events.continued(request, result)
            origin = from_event(result["origin"], origin)
        fetched = headers.from_origin(await self._fetch(request, origin, visit.id), visit.behavior)
        result = await self._call(visit, "origin-response", request, origin=origin, response=fetched)
        response = events.changed(fetched, result) if result else fetched
        failed = response.status >= 400
        return Answer(
            compressed(response, viewer, visit.behavior), facts.X_CACHE_ERROR if failed else facts.X_CACHE_MISS, failed
        )

    async def _viewer_response(self, visit: Visit, request: Request, answer: Answer) -> Answer:
        if answer.skips_viewer_response or answer.response.status >= 400:
            return answer
        result = await self._call(visit, "viewer-response", request, response=answer.response)
        return replace(answer, response=events.changed(answer.response, result)) if result else answer

    async def _call(self, visit: Visit, event_type: str, request: Request, **parts: Any) -> dict[str, Any] | None:
        """The result of the behavior's function for this event; None where it has no such function."""
        association = visit.behavior.functions.get(event_type)
        if association is None:
            return None
        event = visit.trigger.event(event_type, request, include_body=association.include_body, **parts)
        return await functions.call(self._invoke, association.function_arn, event)


def _hit(entry: CacheEntry, request: Request, x_cache: str) -> Answer:
    """A cached object. A cached error is still CloudFront's `Error`, and skips viewer-response as it did at first."""
    response = conditional.answer(request, entry.response)
    return Answer(response, facts.X_CACHE_ERROR if response.status >= 400 else x_cache)


def _refuse_oversized(request: Request) -> None:
    if len(request.target.encode()) > facts.URL_BYTES:
        raise Refusal(*pages.URL_TOO_LONG)
    size = len(request.target.encode()) + sum(
        len(f"{name}: {value}\r\n".encode()) for name, value in request.headers.items()
    )
    if size > facts.REQUEST_BYTES:
        raise Refusal(*pages.REQUEST_TOO_LARGE)


def _refuse_method(behavior: CacheBehavior, request: Request) -> None:
    if request.method not in behavior.allowed_methods:
        raise Refusal(*pages.METHOD_NOT_ALLOWED)
    if request.method == "GET" and request.body:
        raise Refusal(*pages.BODY_NOT_ALLOWED)


def _request_id() -> str:
    """As X-Amz-Cf-Id looks: 40 random bytes in URL-safe Base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(40)).decode()
