"""The HTTP server for viewers: turns HTTP requests into the distribution's requests, and its responses into HTTP."""

from __future__ import annotations

import asyncio
import itertools
import logging
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from aiohttp import HttpVersion11, hdrs, web
from aiohttp.http_exceptions import LineTooLong

from cloudfront_local.aws.ports import port_of
from cloudfront_local.distribution import pages
from cloudfront_local.distribution.config import named
from cloudfront_local.distribution.messages import Request, Response, headers_from_wire
from cloudfront_local.distribution.pages import Refusal
from cloudfront_local.distribution.pipeline import Distribution
from cloudfront_local.distribution.viewer import ViewerSide
from cloudfront_local.distribution.viewer_headers import viewer as viewers
from cloudfront_local.distribution.viewer_headers.viewer import Viewer
from cloudfront_local.rules import facts
from cloudfront_local.serving import body, open_files

log = logging.getLogger("cloudfront.requests")

HOST = "127.0.0.1"
HANDSHAKE_SECONDS = 10.0

_ABSOLUTE_FORM = re.compile(r"^https?://[^/?#]*", re.IGNORECASE)  # RFC 9112, section 3.2.2

_OPTIONS: dict[str, Any] = {
    "access_log": None,
    "auto_decompress": False,
    # CloudFront's limit on a whole request. The distribution refuses longer requests with CloudFront's page.
    "max_line_size": facts.REQUEST_BYTES,
    "max_field_size": facts.REQUEST_BYTES + 1,  # differs from the limit of the line: `_refusal` tells them apart
    "max_headers": facts.REQUEST_BYTES,
    # Seconds in which the rest of a refused request may arrive, so that the viewer can read the response.
    "lingering_time": 2.0,
}


@dataclass(frozen=True)
class Https:
    """HTTPS on the port that `listener` is bound to, with the server's certificate in `context`."""

    listener: socket.socket
    context: ssl.SSLContext


async def start(
    distribution: Distribution,
    listener: socket.socket,
    viewer: Viewer = viewers.DEFAULT,
    https: Https | None = None,
    others: Sequence[Distribution] = (),
) -> web.ServerRunner:
    """Serves the distribution on the port that `listener` is bound to, until the runner's `cleanup()`.

    `viewer` is where requests come from. Requests whose Host names one of the `others` go to that one, as on AWS, where
    the address says nothing. Without `https`, a viewer's plain HTTP counts as HTTPS. The runner's `addresses` name the
    ports.
    """
    listeners = [listener, *([https.listener] if https else [])]
    ports = [port_of(each) for each in listeners]
    served = [distribution, *others]
    # Each distribution keeps its domain name.
    sides = [ViewerSide(each.config.domain_name, ports[0], viewer, ports[1] if https else None) for each in served]

    async def handle(incoming: web.BaseRequest) -> web.StreamResponse:
        host = incoming.headers.get(hdrs.HOST, "")
        index = named([each.config for each in served], host) if others else 0
        viewer_side, chosen = sides[index], served[index]
        try:
            request = viewer_side.inbound(_received(incoming))
        except Refusal as refusal:
            log.warning("%d %s", refusal.status, refusal.sentence)
            return _sent(chosen.refuse(refusal), incoming)
        response = await chosen.handle(request, lambda: body.received(incoming))
        visited = request.visited if hdrs.HOST in incoming.headers else f"{request.visited}{HOST}"
        return _sent(viewer_side.outbound(response, visited), incoming)

    # The other open files are for origins, functions and the embedded AWS, and for connections that arrive at once.
    limit = open_files.raised()
    server = _Server(handle, distribution.refuse, max_connections=limit // 4)
    runner = web.ServerRunner(server, handle_signals=False, shutdown_timeout=1.0)
    await runner.setup()
    backlog = min(limit // 8, 128)
    for each, context in zip(listeners, [None, https.context if https else None], strict=False):
        await _Site(runner, each, backlog=backlog, ssl_context=context).start()
    return runner


class _Site(web.SockSite):
    """A port that viewers connect to. A TLS handshake that takes longer than HANDSHAKE_SECONDS is ended."""

    async def start(self) -> None:
        await web.BaseSite.start(self)
        self._server = await asyncio.get_running_loop().create_server(
            cast(web.Server, self._runner.server),
            sock=self._sock,
            ssl=self._ssl_context,
            backlog=self._backlog,
            ssl_handshake_timeout=HANDSHAKE_SECONDS if self._ssl_context else None,
        )


def _received(incoming: web.BaseRequest) -> Request:
    """The viewer's request without its body."""
    path, _, querystring = _ABSOLUTE_FORM.sub("", incoming.raw_path).partition("?")
    tls = cast(_Connection, incoming.protocol).tls
    return Request(
        method=incoming.method,
        uri=path or "/",
        querystring=querystring,
        headers=headers_from_wire(incoming.raw_headers),
        client_ip=incoming.remote or HOST,
        client_port=int((incoming.get_extra_info("peername") or (HOST, 0))[1]),
        http_version=f"{incoming.version.major}.{incoming.version.minor}",
        scheme="https" if tls else "http",
        tls=tls or Request.tls,
    )


def _tls(secured: ssl.SSLObject) -> str:
    """The version, the cipher and the kind of handshake of a connection."""
    cipher = secured.cipher() or ("",)
    return f"{secured.version()}:{cipher[0]}:{'sessionResumed' if secured.session_reused else 'fullHandshake'}"


def _sent(response: Response, incoming: web.BaseRequest) -> web.Response:
    headers = response.headers.copy()
    if response.body or incoming.method != hdrs.METH_HEAD:
        headers[hdrs.CONTENT_LENGTH] = str(len(response.body))
    # Otherwise the response to HEAD keeps the Content-Length of the response to GET.
    sent = _AsItIs(status=response.status, reason=response.reason or None, headers=headers, body=response.body)
    is_whole = incoming.content.is_eof()  # The rest of a body that nobody read would look like the next request.
    if headers.get(hdrs.CONNECTION) == "close" or hdrs.UPGRADE in incoming.headers or not is_whole:
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
    """A viewer's connection. Bytes that are not HTTP get CloudFront's page, and one line in the terminal."""

    __slots__ = ("_server", "tls")

    def __init__(self, server: _Server) -> None:
        super().__init__(server, loop=asyncio.get_running_loop(), **_OPTIONS)
        self._server = server
        self.tls = ""  # the version, the cipher and the kind of handshake; empty for plain HTTP

    @property
    def is_idle(self) -> bool:
        """Whether no request is being answered."""
        return not self._request_in_progress

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if secured := transport.get_extra_info("ssl_object"):
            self.tls = _tls(secured)
        self._server.shed()

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
        page, reason = _refusal(exc, message or "")
        log.warning("%d %s.", page[0], reason)
        request._version = HttpVersion11  # aiohttp takes broken requests for HTTP/1.0
        return _sent(self._server.refuse(Refusal(*page)), request)


def _refusal(error: BaseException | None, message: str) -> tuple[tuple[int, str], str]:
    """CloudFront's page for a parser's error, and the reason for the terminal. The reason shows nothing of the request:
    a URL or a header may hold a secret."""
    if not isinstance(error, LineTooLong):
        return pages.BAD_REQUEST, f"The request is not HTTP/1.1: {message.partition(chr(10))[0].rstrip(':.')}"
    if error.args[1] == _OPTIONS["max_line_size"]:
        return pages.URL_TOO_LONG, f"The URL has more than {facts.REQUEST_BYTES} bytes"
    return pages.REQUEST_TOO_LARGE, f"A header has more than {facts.REQUEST_BYTES} bytes"


class _Server(web.Server):
    """The connections of all viewers, at most `max_connections`. `refuse` makes CloudFront's page for a refusal."""

    def __init__(
        self,
        handle: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]],
        refuse: Callable[[Refusal], Response],
        max_connections: int,
    ) -> None:
        super().__init__(handle)
        self.refuse = refuse
        self._max_connections = max_connections
        self._has_shed = False

    def __call__(self) -> web.RequestHandler:
        return _Connection(self)

    def shed(self) -> None:
        """Closes the oldest connections that are idle, as many as there are too many; the terminal says so once."""
        surplus = len(self.connections) - self._max_connections
        if surplus <= 0:
            return
        idle = (connection for connection in self.connections if cast(_Connection, connection).is_idle)
        for connection in itertools.islice(idle, surplus):
            connection.force_close()
        if not self._has_shed:
            limit = self._max_connections
            log.warning("More than %d connections: the oldest idle ones are closed. `ulimit -n` sets the limit.", limit)
            self._has_shed = True
