"""Sends a request to an origin of any kind, with the origin's path and custom headers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import Origin, S3Origin
from cloudfront_local.origins.function_url import FunctionUrls, is_function_url
from cloudfront_local.origins.s3 import S3
from cloudfront_local.origins.transport import Transport


@dataclass(frozen=True)
class Origins:
    """The kinds of origins that a distribution can reach."""

    transport: Transport
    s3: S3
    function_urls: FunctionUrls

    async def fetch(self, request: Request, origin: Origin, request_id: str) -> Response:
        """The origin's response. Raises OriginFailed if the origin does not answer."""
        asked = _addressed(request, origin, request_id)
        if isinstance(origin, S3Origin):
            return await self.s3.fetch(asked, origin)
        if is_function_url(origin.domain_name):
            return await self.function_urls.fetch(asked, origin)
        return await self.transport.send(asked, origin)


def _addressed(request: Request, origin: Origin, request_id: str) -> Request:
    headers = request.headers.copy()
    headers["X-Amz-Cf-Id"] = request_id
    headers["Connection"] = "Keep-Alive"
    for name, value in origin.custom_headers:
        headers[name] = value  # replaces the viewer's header of that name
    return replace(request, uri=origin.path + request.uri, headers=headers)
