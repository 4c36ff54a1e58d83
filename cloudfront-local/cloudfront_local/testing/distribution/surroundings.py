"""What the current test gives in the world's place."""

from __future__ import annotations

from collections.abc import Callable

from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import Origin as DistributionOrigin
from cloudfront_local.distribution.pages import ORIGIN_UNREACHABLE, OriginUnconnected
from cloudfront_local.testing.distribution.clock import Clock
from cloudfront_local.testing.distribution.origins import Origins, Received, received


class Surroundings:
    """`is_own` says of an origin whether it answers for itself where the test gives no answer."""

    def __init__(self, is_own: Callable[[DistributionOrigin], bool]) -> None:
        self.clock = Clock()
        self.origins = Origins()
        self._is_own = is_own

    def now(self) -> float:
        """The distribution's time."""
        return self.clock()

    async def answer(self, request: Request, origin: DistributionOrigin) -> Response | None:
        """The test's answer in the place of an origin; None if the origin answers for itself. Raises OriginFailed."""
        host, path = origin.domain_name, origin.path + request.uri
        if self._is_own(origin) and not self.origins.serves(host, path):
            return None
        found = self.origins.answer(received(request, host, path), "the distribution")
        if found is None:
            raise OriginUnconnected(*ORIGIN_UNREACHABLE)
        return found

    def outbound(self, request: Received) -> Response | None:
        """The test's answer to what a function sends."""
        return self.origins.answer(request, "a function")
