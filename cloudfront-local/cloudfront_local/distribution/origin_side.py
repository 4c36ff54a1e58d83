"""The steps on the origin's side of the cache: origin-request, origin, origin-response, once for each attempt.

Sources: CloudFront Developer Guide, "CloudFront events that can trigger a Lambda@Edge function" and "Use origin
failover with Lambda@Edge functions".
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from cloudfront_local.distribution import headers, journal, unverified
from cloudfront_local.distribution.functions import Functions
from cloudfront_local.distribution.headers import EdgeHost
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import Origin, asked_by
from cloudfront_local.distribution.pages import OriginFailed, Refusal
from cloudfront_local.distribution.trace import Asked
from cloudfront_local.distribution.unverified import Unverified
from cloudfront_local.distribution.visit import Answer, Visit
from cloudfront_local.rules import facts

# (request, origin, request id) -> the origin's response; raises OriginFailed when there is none.
Fetch = Callable[[Request, Origin, str], Awaitable[Response]]


class OriginSide:
    """Asks the origin of a visit, and runs the functions of origin events. `clock` returns seconds."""

    def __init__(
        self, functions: Functions, fetch: Fetch, edge: EdgeHost, clock: Callable[[], float], told: Unverified
    ) -> None:
        self._functions = functions
        self._fetch = fetch
        self._edge = edge
        self._clock = clock
        self._unverified = told

    async def answer(self, visit: Visit, viewer: Request) -> Answer:
        """The answer to a request that the cache cannot answer. Raises Refusal, and OriginFailed without an answer.

        With an origin group, every request starts at the primary origin. Only methods that may be cached fail over.
        """
        group = visit.group
        if group is None or viewer.method not in visit.behavior.cached_methods:
            return await self._attempt(visit, viewer, visit.origin)
        try:
            answer = await self._attempt(visit, viewer, visit.origin)
        except OriginFailed as failure:
            if failure.failover_status not in group.statuses:
                journal.remark(f"No failover: the origin group does not list the status {failure.failover_status}.")
                raise
            reason = "gave no answer"
        else:
            if answer.response.status not in group.statuses:
                return answer
            if answer.is_generated:
                self._unverified.tell(unverified.NO_FAILOVER_OF_GENERATED)
                return answer
            reason = f"answered {answer.response.status}"
        journal.remark(f"The primary origin {group.primary} {reason}: {group.secondary} is asked.")
        if visit.behavior.functions.keys() & {"origin-request", "origin-response"}:
            self._unverified.tell(unverified.FAILOVER_FUNCTIONS)
        return await self._attempt(visit, viewer, visit.config.origins[group.secondary])

    async def _attempt(self, visit: Visit, viewer: Request, origin: Origin) -> Answer:
        # 1. The request for the origin is made from the viewer's request.
        origin = asked_by(origin, viewer)
        host = origin.host_header or origin.domain_name
        request = made = headers.towards_origin(viewer, visit.behavior, host, self._edge)
        # 2. The origin-request function may change it, choose another origin, or answer in its place.
        outcome = await self._functions.run(visit, "origin-request", request, origin)
        if outcome and outcome.is_response:
            return Answer(outcome.generated(), facts.X_CACHE_GENERATED, made_by="the origin-request function")
        if outcome:
            request, origin = outcome.request(request), outcome.origin(origin)
        # 3. The origin answers the request.
        asked_at = self._clock()
        answer = await self._ask(Asked(origin, viewer, made, request), visit.id)
        response = headers.from_origin(answer, visit.behavior)
        took = self._clock() - asked_at
        # 4. The origin-response function runs on every answer of the origin, errors included.
        if outcome := await self._functions.run(visit, "origin-response", request, origin, response):
            response = outcome.response(response)
        x_cache = facts.X_CACHE_ERROR if response.status >= 400 else facts.X_CACHE_MISS
        return Answer(response, x_cache, upstream_seconds=took)

    async def _ask(self, asked: Asked, request_id: str) -> Response:
        """The origin's answer. Raises OriginFailed without an answer, and Refusal."""
        with journal.asking(asked), journal.station("origin", asked.origin.domain_name) as station:
            try:
                response = asked.response = await self._fetch(asked.sent, asked.origin, request_id)
            except Refusal as refusal:
                station.summary = refusal.sentence
                raise
            station.outcome, station.summary = "answered", f"{response.status} {response.reason}".rstrip()
        return response
