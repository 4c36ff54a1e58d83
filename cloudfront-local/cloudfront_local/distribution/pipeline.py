"""The steps of a request through the distribution, without sockets, in the order in which CloudFront takes them.

    viewer -> host -> default root object -> behavior -> method -> protocol -> country -> signature
        -> viewer-request -> cache -> origin-request -> origin -> origin-response -> cache
        -> custom error page -> response headers policy -> viewer-response -> viewer

Sources: CloudFront Developer Guide, "CloudFront events that can trigger a Lambda@Edge function" and "How CloudFront
processes and caches requests". No single page of the guide has the whole order; each step names its own source.
"""

from __future__ import annotations

import base64
import random
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace

from cloudfront_local.distribution import headers, journal, limits, pages, unverified
from cloudfront_local.distribution.access_log.line import Visited, line
from cloudfront_local.distribution.behaviors import normalized
from cloudfront_local.distribution.cache.invalidation import invalidation
from cloudfront_local.distribution.cache.store import CacheEntry, CacheKey
from cloudfront_local.distribution.cloudfront_functions import CloudFrontFunctions, RunFunction, no_function
from cloudfront_local.distribution.config import DistributionConfig
from cloudfront_local.distribution.error_pages import ErrorPages
from cloudfront_local.distribution.functions import Functions, Invoke
from cloudfront_local.distribution.headers import EdgeHost
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.objects import Objects
from cloudfront_local.distribution.origin_side import Fetch, OriginSide
from cloudfront_local.distribution.pages import Refusal
from cloudfront_local.distribution.response_headers import ResponseHeaders
from cloudfront_local.distribution.signatures.check import refuse_unsigned
from cloudfront_local.distribution.signatures.parts import without_parts
from cloudfront_local.distribution.trace import Trace
from cloudfront_local.distribution.unverified import Unverified
from cloudfront_local.distribution.viewer_headers.added import ViewerHeaders
from cloudfront_local.distribution.viewer_protocol import redirected
from cloudfront_local.distribution.visit import Answer, Visit, answered, refused, visit
from cloudfront_local.rules import facts
from cloudfront_local.rules.cloudfront_functions.facts import X_CACHE_GENERATED as X_CACHE_OF_FUNCTION

# () -> the body of the viewer's request; raises Refusal if the body is too large, or does not arrive in time.
Receive = Callable[[], Awaitable[bytes]]


class Distribution:
    """The distribution at one edge location, with its own cache. `clock` returns Unix time, and `draw` a random number
    from 0 up to 1, for what CloudFront does with a share of the requests. `write` gets each line of the access log;
    None writes none. It may be changed at any time. `run_function` calls CloudFront Functions. `watch` gets the trace
    of each request that has its response."""

    def __init__(
        self,
        config: DistributionConfig,
        invoke: Invoke,
        fetch: Fetch,
        edge: EdgeHost,
        clock: Callable[[], float] = time.time,
        draw: Callable[[], float] = random.random,
        write: Callable[[str], None] | None = None,
        run_function: RunFunction = no_function,
    ) -> None:
        self.config = config
        self.write = write
        self.watch: Callable[[Trace], None] | None = None
        self._edge = edge
        self._clock = clock
        self._unverified = Unverified()
        self._functions = Functions(invoke, self._unverified)
        origin_side = OriginSide(self._functions, fetch, edge, clock, self._unverified)
        self._cloudfront_functions = CloudFrontFunctions(run_function)
        self._viewer_headers = ViewerHeaders(self._unverified)
        self._objects = Objects(origin_side, self._viewer_headers, clock)
        self._error_pages = ErrorPages(self._objects, self._unverified)
        self._response_headers = ResponseHeaders(edge, clock, draw, self._unverified)

    async def handle(self, request: Request, receive: Receive | None = None) -> Response:
        """The response to a viewer's request, which may be CloudFront's own error page. Never raises Refusal.

        `receive` reads the request's body, which is then not in `request`. It is called at most once, after the checks
        and the viewer-request function: a request that is refused need not send its body.

        The response to a HEAD may have the body that a GET would get. The HTTP server must not send that body.
        """
        request_id = _request_id()
        started = self._clock()
        with journal.entry(request, self._clock, is_traced=self.watch is not None) as entry:
            answer = await answered(self._answer(request, receive, request_id), request_id)
            entry.write(answer.response.status, answer.x_cache)
        response = headers.towards_viewer(
            answer.response, answer.x_cache, request_id, self._edge, answer.age, answer.removed
        )
        if entry.trace and self.watch:
            entry.trace.finish(request_id, response, answer.x_cache)
            self.watch(entry.trace)
        if self.write:
            visited = Visited(request, answer, response, request_id, started, self._clock())
            self.write(line(visited, self.config, self._edge.pop))
        return response

    def refuse(self, refusal: Refusal) -> Response:
        """CloudFront's error page for bytes that are not a request."""
        request_id = _request_id()
        page = pages.page(refusal, request_id)
        return headers.towards_viewer(page, refusal.x_cache, request_id, self._edge, None)

    def clear_cache(self) -> None:
        """Later requests ask the origin. Requests under way still use the old cache."""
        self._objects.clear()

    def cached(self) -> list[tuple[CacheKey, CacheEntry]]:
        """The cached objects, the least recently used first."""
        return self._objects.cached()

    def invalidate(self, paths: Iterable[str]) -> int:
        """Removes cached objects by their paths. Returns their number. Raises ValueError for an invalid path."""
        return self._objects.invalidate(invalidation(paths))

    async def _answer(self, viewer: Request, receive: Receive | None, request_id: str) -> Answer:
        limits.refuse_malformed(viewer)
        # 1. The host names the distribution.
        limits.refuse_unknown_host(self.config, viewer, self._unverified)
        # 2. The root becomes the default root object.
        request = self._rooted(viewer)
        # 3. The normalized path selects the behavior. A function that changes the path does not change the behavior.
        visited = visit(self.config, viewer, request.uri, request_id, self._clock())
        if trace := journal.trace():
            trace.config, trace.behavior = visited.config, visited.behavior
        self._tell_of_path(viewer, request, visited)
        # 4. to 11. The behavior answers.
        try:
            answer, passed = await self._object(visited, request, receive)
        except Refusal as refusal:
            answer, passed = refused(refusal, request_id), None
        answer = await self._finished(visited, viewer, answer)
        # 12. The viewer-response function runs on cache hits, too, but neither on errors nor on pages for them.
        if passed is None:
            return answer
        try:
            response = await self._viewer_response(visited, passed, answer.response)
        except Refusal as refusal:
            return await self._finished(visited, viewer, refused(refusal, request_id))
        return replace(answer, response=response)

    async def _viewer_response(self, visited: Visit, request: Request, response: Response) -> Response:
        """The response with the changes of the function at viewer-response. Raises Refusal."""
        response = await self._cloudfront_functions.viewer_response(visited, request, response)
        outcome = await self._functions.run(visited, "viewer-response", request, response=response)
        return outcome.response(response) if outcome else response

    def _tell_of_path(self, viewer: Request, request: Request, visited: Visit) -> None:
        if request is not viewer and "viewer-request" in visited.behavior.functions:
            self._unverified.tell(unverified.ROOT_OBJECT)
        if (path := normalized(request.uri)) != request.uri:
            raw, pattern = limits.shown(request.uri), visited.behavior.path_pattern
            example = f"Here, {raw} is matched as {limits.shown(path)}: the behavior {pattern} serves it"
            self._unverified.tell(unverified.NORMALIZED_PATH, f"{example}, and functions and origin get {raw}.")

    async def _finished(self, visited: Visit, viewer: Request, answer: Answer) -> Answer:
        """The answer of step 10 as the viewer gets it. Only the viewer-response function comes after."""
        # A custom error page takes the place of an error, whoever made it but a CloudFront Function.
        if answer.is_error and answer.x_cache != X_CACHE_OF_FUNCTION:
            answer = await self._error_pages.replaced(visited, viewer, answer)
        # 11. The response headers policy applies to hits, misses, errors and pages alike.
        return self._response_headers.applied(visited, viewer, answer)

    def _rooted(self, viewer: Request) -> Request:
        """The request for the default root object, if the path is exactly `/`.

        Source: Developer Guide, "Specify a default root object". That the path patterns are matched after this step
        comes from an experiment: https://dev.classmethod.jp/articles/cloudfront-path-pattern-resolve-include-default-root-path
        """
        name = self.config.default_root_object
        return replace(viewer, uri=f"/{name}") if name and viewer.uri == "/" else viewer

    async def _object(self, visited: Visit, request: Request, receive: Receive | None) -> tuple[Answer, Request | None]:
        """Steps 4 to 10: the behavior's answer, and the request that the viewer-response function sees, if it may run.

        Raises Refusal.
        """
        is_private = visited.behavior.trusted_keys is not None
        with journal.station("behavior", visited.behavior.path_pattern) as station:
            if redirect := self._admitted(visited, request):
                station.outcome = "answered"
                return Answer(redirect, facts.X_CACHE_REDIRECT, made_by="CloudFront"), None
        # 7. A trusted key has signed the URL or the cookies, if the behavior serves private content.
        if is_private:
            with journal.station("signature"):
                refuse_unsigned(visited.behavior, visited.viewer, visited.started_at, self._unverified)
        # 9. The viewer-request function runs on every request. A response that it generates goes to the viewer at once.
        #    The body is read before the function only if the function sees it.
        if receive and visited.behavior.shows_body:
            request, receive = _with_body(request, await receive()), None
        if "viewer-request" in visited.behavior.cloudfront_functions:
            generated, visited, request = await self._through_cloudfront_function(visited, request)
            if generated:
                return generated, None
        outcome = await self._functions.run(visited, "viewer-request", request)
        if outcome and outcome.is_response:
            return Answer(outcome.generated(), facts.X_CACHE_GENERATED, made_by="the viewer-request function"), None
        if receive:
            request = _with_body(request, await receive())
        passed = outcome.request(request) if outcome else request
        # 10. The object comes from the cache or from the origin. Cache, origin and functions at origin events see
        #     CloudFront's own headers about the viewer, and no signature; functions at viewer events see a signature
        #     and no such headers.
        answer = await self._objects.get(visited, without_parts(passed) if is_private else passed)
        return answer, None if answer.is_error else passed

    def _admitted(self, visited: Visit, request: Request) -> Response | None:
        """Steps 4 to 6: a redirect to HTTPS, or None. Raises Refusal."""
        # 4. The behavior allows the method.
        limits.refuse_method(visited.behavior, request)
        # 5. The behavior may redirect plain HTTP to HTTPS. Redirects and signatures are for the URL as it was sent,
        #    without the default root object.
        policy = visited.behavior.viewer_protocol_policy
        if redirect := redirected(policy, visited.viewer, self.config.domain_name):
            return redirect
        # 6. The distribution admits the viewer's country.
        is_private = visited.behavior.trusted_keys is not None
        if is_private and not self.config.geo_restriction.admits(request.viewer.place.country):
            self._unverified.tell(unverified.COUNTRY_FIRST)
        limits.refuse_country(self.config, request)
        return None

    async def _through_cloudfront_function(
        self, visited: Visit, request: Request
    ) -> tuple[Answer | None, Visit, Request]:
        """The answer, the visit and the request after the CloudFront Function at viewer-request. Raises Refusal.

        The function sees `/`, not the default root object, and CloudFront's headers about the viewer.
        """
        if request is not visited.viewer and request.uri != visited.viewer.uri:
            self._unverified.tell(unverified.ROOT_OF_CLOUDFRONT_FUNCTION)
        shown = self._viewer_headers.added(visited, replace(request, uri=visited.viewer.uri))
        outcome, visited = await self._cloudfront_functions.viewer_request(visited, shown)
        if outcome.is_response:
            answer = Answer(outcome.generated(), X_CACHE_OF_FUNCTION, made_by="the viewer-request function")
            return answer, visited, request
        return None, visited, self._rooted(outcome.request(shown))


def _with_body(request: Request, body: bytes) -> Request:
    """The request with its body, which the trace shows, too."""
    if not body:
        return request
    if trace := journal.trace():
        trace.request = replace(trace.request, body=body)
    return replace(request, body=body)


def _request_id() -> str:
    """A request id in the form of X-Amz-Cf-Id: 40 random bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(40)).decode()
