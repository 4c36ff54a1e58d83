"""The HTTP server for viewers: turns HTTP requests into the distribution's requests, and its responses into HTTP."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import Any

from aiohttp import hdrs, web

from cloudfront_local.distribution import pages
from cloudfront_local.distribution.messages import Request, Response, headers_from_wire
from cloudfront_local.distribution.pages import Refusal
from cloudfront_local.distribution.pipeline import Distribution
from cloudfront_local.distribution.viewer import ViewerSide

log = logging.getLogger("cloudfront.requests")

HOST = "127.0.0.1"

_ABSOLUTE_FORM = re.compile(r"^https?://[^/?#]*", re.IGNORECASE)  # RFC 9112, section 3.2.2

_OPTIONS: dict[str, Any] = {
    "access_log": None,
    "auto_decompress": False,
    # Higher than CloudFront's limits: the distribution refuses what is too long, with CloudFront's page.
    "max_line_size": 128 * 1024,
    "max_field_size": 128 * 1024,
}


async def start(distribution: Distribution, port: int) -> web.ServerRunner:
    """Serves the distribution on 127.0.0.1 until the runner's `cleanup()`.

    Port 0 takes a free port; the runner's `addresses` name it. Raises OSError if the port is taken.
    """

    async def handle(incoming: web.BaseRequest) -> web.StreamResponse:
        viewer_side = ViewerSide(distribution.config.domain_name, _port(incoming))
        request = await _received(incoming)
        response = await distribution.handle(viewer_side.inbound(request))
        return _sent(viewer_side.outbound(response, request.headers.get("Host", HOST)), incoming)

    runner = web.ServerRunner(_Server(handle), handle_signals=False, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, HOST, port).start()
    return runner


def _port(incoming: web.BaseRequest) -> int:
    return int(incoming.get_extra_info("sockname", (HOST, 80))[1])


async def _received(incoming: web.BaseRequest) -> Request:
    path, _, querystring = _ABSOLUTE_FORM.sub("", incoming.raw_path).partition("?")
    return Request(
        method=incoming.method,
        uri=path or "/",
        querystring=querystring,
        headers=headers_from_wire(incoming.raw_headers),
        body=await _body(incoming),
        client_ip=incoming.remote or HOST,
        http_version=f"{incoming.version.major}.{incoming.version.minor}",
    )


async def _body(incoming: web.BaseRequest) -> bytes:
    if not {hdrs.CONTENT_LENGTH, hdrs.TRANSFER_ENCODING} & set(incoming.headers):
        # A request without these headers has no body (RFC 9112, section 6.3). Bytes after an Upgrade are not a body.
        return b""
    if incoming.headers.get(hdrs.EXPECT, "").lower() == "100-continue":
        await incoming.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        incoming.writer.output_size = 0  # aiohttp would take the 100 for the beginning of the response
    return await incoming.content.read()


def _sent(response: Response, incoming: web.BaseRequest) -> web.Response:
    headers = response.headers.copy()
    if response.body or incoming.method != hdrs.METH_HEAD:
        headers[hdrs.CONTENT_LENGTH] = str(len(response.body))
    # Otherwise the response to HEAD keeps the Content-Length of the response to GET.
    sent = _AsItIs(status=response.status, reason=response.reason or None, headers=headers, body=response.body)
    if headers.get(hdrs.CONNECTION) == "close" or hdrs.UPGRADE in incoming.headers:
        sent.force_close()
    return sent


class _AsItIs(web.Response):
    """A response without aiohttp's own Content-Type: CloudFront adds none, and browsers then look at the content."""

    async def _prepare_headers(self) -> None:
        is_typed = hdrs.CONTENT_TYPE in self.headers
        await super()._prepare_headers()
        if not is_typed:
            self.headers.popall(hdrs.CONTENT_TYPE, None)


class _Connection(web.RequestHandler):
    """A viewer's connection. Bytes that are not HTTP get CloudFront's 400 page, and one line in the terminal."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if isinstance(exc, ConnectionError):
            raise exc  # the viewer closed the connection in the middle of its request
        if status >= 500:
            return super().handle_error(request, status, exc, message)
        log.warning("400 The request is not HTTP/1.1: %s.", (message or "").partition("\n")[0].rstrip(":."))
        page = pages.page(Refusal(*pages.BAD_REQUEST), request_id="none")
        return _sent(page, request)


class _Server(web.Server):
    def __call__(self) -> web.RequestHandler:
        return _Connection(
            self,
            loop=asyncio.get_running_loop(),
            **_OPTIONS,
        )
