"""The data that the steps of one viewer request share, and the answer to the request."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass, replace

from cloudfront_local.distribution import pages
from cloudfront_local.distribution.behaviors import CacheBehavior, match
from cloudfront_local.distribution.cache.store import CacheKey
from cloudfront_local.distribution.config import DistributionConfig
from cloudfront_local.distribution.error_responses import ErrorResponse
from cloudfront_local.distribution.events import Trigger
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import Origin, S3Origin
from cloudfront_local.distribution.origin_groups import OriginGroup
from cloudfront_local.distribution.pages import Refusal
from cloudfront_local.rules import facts
from cloudfront_local.rules.cloudfront_functions import facts as cloudfront_functions

_NOT_CONFIGURED = ErrorResponse()


@dataclass(frozen=True)
class Visit:
    """The data that the steps of one viewer request share. It began at the clock's time `started_at`.

    `viewer` is the viewer's request as it arrived. `is_error_page` says that CloudFront fetches a custom error page
    because this request failed. `origin` is the behavior's origin, or the primary origin of its `group`.
    """

    config: DistributionConfig
    viewer: Request
    behavior: CacheBehavior
    origin: Origin
    group: OriginGroup | None
    trigger: Trigger
    started_at: float
    is_error_page: bool = False

    @property
    def id(self) -> str:
        return self.trigger.request_id

    def error_caching_min_ttl(self, status: int) -> float:
        """The error caching minimum TTL of a status, in seconds: at least 1 s for S3 origins.

        Source: Developer Guide, "Control how long CloudFront caches errors".
        """
        ttl = self.config.error_responses.get(status, _NOT_CONFIGURED).caching_min_ttl
        return max(ttl, facts.ERROR_CACHING_SECONDS_MIN_S3) if isinstance(self.origin, S3Origin) else ttl


def visit(config: DistributionConfig, viewer: Request, uri: str, request_id: str, started_at: float) -> Visit:
    """The visit of a path: the path selects the behavior, with its origin and functions. `viewer` is the request as it
    arrived."""
    behavior = match(config.behaviors, uri)
    trigger = Trigger(config.domain_name, config.id, request_id)
    group = config.origin_groups.get(behavior.origin_id)
    origin = config.origins[group.primary if group else behavior.origin_id]
    return Visit(config, viewer, behavior, origin, group, trigger, started_at)


def error_page_visit(failed: Visit, path: str) -> Visit:
    """The visit of the custom error page at `path`, for a request that failed."""
    return replace(visit(failed.config, failed.viewer, path, failed.id, failed.started_at), is_error_page=True)


@dataclass(frozen=True)
class Answer:
    """A response for the viewer, with the value of X-Cache.

    `age` is a cached object's age in seconds, else None. `made_by` names the maker of the response, and `refusal` the
    reason of CloudFront's own error page. `key` is an error's key in the cache, and `page` the custom error page that
    is cached with the error; `is_page` says that the response is such a page. `removed` are the names of
    headers that CloudFront does not add because a policy removes them, in lower case. `upstream_seconds` is the time
    that the origin took, if it was asked.
    """

    response: Response
    x_cache: str
    age: float | None = None
    made_by: str = "the origin"
    refusal: Refusal | None = None
    key: CacheKey | None = None
    page: Response | None = None
    is_page: bool = False
    removed: frozenset[str] = frozenset()
    upstream_seconds: float | None = None

    @property
    def is_generated(self) -> bool:
        """Whether a function generated the response."""
        return self.x_cache in (facts.X_CACHE_GENERATED, cloudfront_functions.X_CACHE_GENERATED)

    @property
    def is_error(self) -> bool:
        return self.response.status >= 400


async def answered(answering: Awaitable[Answer], request_id: str) -> Answer:
    """The answer of `answering`, or CloudFront's error page if `answering` raises Refusal."""
    try:
        return await answering
    except Refusal as refusal:
        return refused(refusal, request_id)


def refused(refusal: Refusal, request_id: str) -> Answer:
    """CloudFront's error page as the answer."""
    return Answer(pages.page(refusal, request_id), refusal.x_cache, made_by="CloudFront", refusal=refusal)
