"""The step that applies a behavior's response headers policy to an answer, Server-Timing included.

Source: CloudFront Developer Guide, "Understand response headers policies" (Server-Timing header).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from cloudfront_local.distribution import journal, unverified
from cloudfront_local.distribution.headers import EdgeHost
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.response_headers_policy import ResponseHeadersPolicy
from cloudfront_local.distribution.unverified import Unverified
from cloudfront_local.distribution.visit import Answer, Visit
from cloudfront_local.rules import facts


class ResponseHeaders:
    """Applies policies at one edge location. `clock` returns seconds, and `draw` a random number from 0 up to 1."""

    def __init__(self, edge: EdgeHost, clock: Callable[[], float], draw: Callable[[], float], told: Unverified) -> None:
        self._edge = edge
        self._clock = clock
        self._draw = draw
        self._unverified = told

    def applied(self, visit: Visit, viewer: Request, answer: Answer) -> Answer:
        """The answer with the headers that the policy of the requested path's behavior gives it."""
        policy = visit.behavior.response_headers_policy
        if policy is None:
            return answer
        if trace := journal.trace():
            trace.before_policy = answer.response.headers
        with journal.station("policy", "response headers"):
            for statement in _assumptions(policy, viewer, answer):
                self._unverified.tell(statement)
            response = policy.applied(answer.response, viewer)
            if policy.server_timing is not None and self._samples(policy.server_timing, viewer):
                response = self._timed(visit, answer, response)
        return replace(answer, response=response, removed=policy.removed)

    def _samples(self, percentage: float, viewer: Request) -> bool:
        asked = [value.strip().lower() for value in viewer.headers.getall("Pragma", ())]
        return "server-timing" in asked or self._draw() * 100 < percentage

    def _timed(self, visit: Visit, answer: Answer, response: Response) -> Response:
        # The origin's own metrics go with a miss only: a hit has those of another request.
        own = response.headers.getall("Server-Timing", ()) if answer.age is None else ()
        headers = response.headers.copy()
        headers["Server-Timing"] = ",".join([*self._metrics(visit, answer), *own])
        return replace(response, headers=headers)

    def _metrics(self, visit: Visit, answer: Answer) -> Iterator[str]:
        is_hit = answer.age is not None and answer.x_cache != facts.X_CACHE_REFRESH_HIT
        is_refresh = answer.x_cache == facts.X_CACHE_REFRESH_HIT
        yield "cdn-cache-refresh" if is_refresh else "cdn-cache-hit" if is_hit else "cdn-cache-miss"
        yield f'cdn-pop;desc="{self._edge.pop}"'
        yield f'cdn-rid;desc="{visit.id}"'
        if is_hit:
            yield 'cdn-hit-layer;desc="EDGE"'
        elif answer.upstream_seconds is not None:
            yield 'cdn-upstream-layer;desc="EDGE"'
            yield "cdn-upstream-dns;dur=0"
            yield "cdn-upstream-connect;dur=0"
            yield f"cdn-upstream-fbl;dur={answer.upstream_seconds * 1000:.0f}"
        yield f"cdn-downstream-fbl;dur={(self._clock() - visit.started_at) * 1000:.0f}"


def _assumptions(policy: ResponseHeadersPolicy, viewer: Request, answer: Answer) -> Iterator[str]:
    if answer.made_by == "the viewer-request function":
        yield unverified.POLICY_FOR_GENERATED
    if answer.refusal:
        yield unverified.POLICY_FOR_REFUSED
    if answer.is_page:
        yield unverified.POLICY_FOR_PAGE
    if policy.cors and "Origin" in viewer.headers:
        yield from policy.cors.assumptions(viewer)
