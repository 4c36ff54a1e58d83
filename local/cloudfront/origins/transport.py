"""Requests to origins over HTTP: AWS's own hosts at the embedded AWS, every other host where it is."""

from __future__ import annotations

import asyncio

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from local.cloudfront.messages import Request, Response
from local.cloudfront.origins.origin import CustomOrigin, Origin
from local.cloudfront.pages import ORIGIN_TIMEOUT, ORIGIN_UNREACHABLE, ORIGIN_UNRESOLVED, Refusal

AWS_DOMAINS = (".amazonaws.com", ".on.aws")

# What aiohttp would add of its own.
_NOTHING_OF_ITS_OWN = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")

_CONNECT_SECONDS = 10.0


class Transport:
    """Sends requests as they are: raw path, repeated headers, `Host` as given; follows no redirect, decodes nothing."""

    def __init__(self, aws_endpoint_url: str) -> None:
        self._aws = aws_endpoint_url
        self._session: aiohttp.ClientSession | None = None

    async def send(self, request: Request, origin: Origin) -> Response:
        """The origin's response. Raises Refusal (502, 504) when there is none."""
        url = URL(self._base(origin) + request.target, encoded=True)
        timeout = aiohttp.ClientTimeout(sock_connect=_CONNECT_SECONDS, sock_read=float(origin.read_timeout))
        try:
            async with self._http().request(
                request.method,
                url,
                headers=request.headers,
                data=request.body or None,
                timeout=timeout,
                allow_redirects=False,
                skip_auto_headers=_NOTHING_OF_ITS_OWN,
            ) as answer:
                return Response(answer.status, CIMultiDict(answer.headers), await answer.read(), answer.reason or "")
        except (TimeoutError, aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError) as error:
            raise Refusal(*ORIGIN_TIMEOUT) from error
        except aiohttp.ClientConnectorDNSError as error:
            raise Refusal(*ORIGIN_UNRESOLVED) from error
        except aiohttp.ClientError as error:
            raise Refusal(*ORIGIN_UNREACHABLE) from error

    def _base(self, origin: Origin) -> str:
        if origin.domain_name.endswith(AWS_DOMAINS):
            return self._aws
        if isinstance(origin, CustomOrigin):
            return f"{origin.protocol}://{origin.domain_name}:{origin.port}"
        return f"https://{origin.domain_name}"

    def _http(self) -> aiohttp.ClientSession:
        """One session for all, made where the event loop runs."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                connector=aiohttp.TCPConnector(limit=100),
            )
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            await asyncio.sleep(0)  # lets the transports close
