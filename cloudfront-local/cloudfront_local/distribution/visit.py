"""The data that the steps of one viewer request share, and the answer to the request."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass

from cloudfront_local.distribution import pages
from cloudfront_local.distribution.behaviors import CacheBehavior
from cloudfront_local.distribution.events import Trigger
from cloudfront_local.distribution.messages import Response
from cloudfront_local.distribution.origin import Origin
from cloudfront_local.distribution.pages import Refusal
from cloudfront_local.rules import facts


@dataclass(frozen=True)
class Visit:
    """The data that the steps of one viewer request share."""

    behavior: CacheBehavior
    origin: Origin
    trigger: Trigger

    @property
    def id(self) -> str:
        return self.trigger.request_id


@dataclass(frozen=True)
class Answer:
    """A response for the viewer, with the value of X-Cache. `age` is a cached object's age in seconds, else None."""

    response: Response
    x_cache: str
    age: float | None = None

    @property
    def is_generated(self) -> bool:
        """Whether a function generated the response."""
        return self.x_cache == facts.X_CACHE_GENERATED


async def answered(answering: Awaitable[Answer], request_id: str) -> Answer:
    """The answer of `answering`, or CloudFront's error page if `answering` raises Refusal."""
    try:
        return await answering
    except Refusal as refusal:
        return Answer(pages.page(refusal, request_id), refusal.x_cache)
