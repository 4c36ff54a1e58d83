"""The viewer's side: HTTP on the loopback interface, in and out of the distribution."""

from __future__ import annotations

from aiohttp import web

from local.cloudfront.messages import Request, Response
from local.cloudfront.pipeline import Distribution
from local.cloudfront.viewer import ViewerSide

HOST = "127.0.0.1"

# Above CloudFront's own limits, so that it is the distribution that refuses.
_LINE_BYTES = 128 * 1024
_BODY_BYTES = 1024**3


async def start(distribution: Distribution, port: int) -> web.ServerRunner:
    """Serves the distribution on 127.0.0.1:port until the runner's `cleanup()`. Raises OSError if the port is taken."""
    viewer_side = ViewerSide(distribution.config.domain_name, port)

    async def handle(incoming: web.BaseRequest) -> web.StreamResponse:
        request = await _received(incoming)
        response = await distribution.handle(viewer_side.inbound(request))
        host = request.headers.get("Host", f"{HOST}:{port}")
        return _sent(viewer_side.outbound(response, host), request)

    server = web.Server(
        handle,
        access_log=None,
        max_line_size=_LINE_BYTES,
        max_field_size=_LINE_BYTES,
        auto_decompress=False,
    )
    runner = web.ServerRunner(server, handle_signals=False, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, HOST, port).start()
    return runner


async def _received(incoming: web.BaseRequest) -> Request:
    uri, _, querystring = incoming.raw_path.partition("?")
    return Request(
        method=incoming.method,
        uri=uri,
        querystring=querystring,
        headers=incoming.headers.copy(),
        body=await incoming.content.read(),
        client_ip=incoming.remote or HOST,
        http_version=f"{incoming.version.major}.{incoming.version.minor}",
    )


def _sent(response: Response, request: Request) -> web.Response:
    """HEAD keeps the length that a GET would have; every other length is counted anew."""
    headers = response.headers.copy()
    if request.method != "HEAD":
        headers.popall("Content-Length", None)
    return web.Response(status=response.status, reason=response.reason or None, headers=headers, body=response.body)
