"""Sends a request to an origin of any kind, with the origin's path and custom headers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import CustomOrigin, Origin, S3Origin
from cloudfront_local.origins.s3 import S3
from cloudfront_local.origins.transport import Transport


class Service(Protocol):
    """A service of AWS that answers under its own domain names, with checks that the embedded AWS does not make."""

    def serves(self, origin: CustomOrigin) -> bool: ...

    async def fetch(self, request: Request, origin: CustomOrigin) -> Response: ...


@dataclass(frozen=True)
class Origins:
    """The kinds of origins that a distribution can reach. Origins of none of the `services` are any HTTP servers."""

    transport: Transport
    s3: S3
    services: Sequence[Service]

    async def fetch(self, request: Request, origin: Origin, request_id: str) -> Response:
        """The origin's response. Raises OriginFailed if the origin does not answer."""
        asked = _addressed(request, origin, request_id)
        if isinstance(origin, S3Origin):
            return await self.s3.fetch(asked, origin)
        for service in self.services:
            if service.serves(origin):
                return await service.fetch(asked, origin)
        return await self.transport.send(asked, origin)


def _addressed(request: Request, origin: Origin, request_id: str) -> Request:
    headers = request.headers.copy()
    headers["X-Amz-Cf-Id"] = request_id
    headers["Connection"] = "Keep-Alive"
    for name, value in origin.custom_headers:
        headers[name] = value  # replaces the viewer's header of that name
    return replace(request, uri=origin.path + request.uri, headers=headers)
