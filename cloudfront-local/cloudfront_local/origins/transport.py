"""HTTP requests to origins. Requests to hosts of AWS may go to another address, such as the embedded AWS's."""

from __future__ import annotations

import asyncio
import io
import re
import ssl
from collections.abc import Mapping

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from cloudfront_local.distribution import journal, pages
from cloudfront_local.distribution.messages import Request, Response, headers_from_wire
from cloudfront_local.distribution.origin import CustomOrigin, Origin, S3Origin
from cloudfront_local.distribution.pages import OriginFailed, OriginUnconnected
from cloudfront_local.origins import tls
from cloudfront_local.rules import facts

AWS_DOMAINS = (".amazonaws.com", ".on.aws")

# Headers that aiohttp would add by itself.
_AUTO_HEADERS = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")

# The class of an error, CloudFront's answer, and the reason for the terminal. The first class that matches counts.
# Developer Guide, "HTTP 502 status code" and "HTTP 504 ...".
_FAILURES: tuple[tuple[type[Exception], tuple[int, str], str], ...] = (
    (aiohttp.ConnectionTimeoutError, pages.ORIGIN_TIMEOUT, "no connection within the connection timeout"),
    (TimeoutError, pages.ORIGIN_TIMEOUT, "no complete answer within the response timeout"),
    (aiohttp.ClientConnectorDNSError, pages.ORIGIN_UNRESOLVED, "the domain name does not resolve"),
    (
        aiohttp.ClientSSLError,
        pages.ORIGIN_UNREACHABLE,
        "TLS failed; check protocol, port, certificate and OriginSSLProtocols",
    ),
    (aiohttp.ClientConnectorError, pages.ORIGIN_UNREACHABLE, "no connection; check the port, and that the origin runs"),
    (aiohttp.ServerDisconnectedError, pages.ORIGIN_CLOSED, "the origin closed the connection without an answer"),
    (aiohttp.ClientPayloadError, pages.ORIGIN_CLOSED, "the origin closed the connection in the middle of its answer"),
    (aiohttp.ClientOSError, pages.ORIGIN_CLOSED, "the origin aborted the connection"),
    (aiohttp.ClientError, pages.ORIGIN_UNREACHABLE, "the answer is not valid HTTP"),
)

# A failed TLS handshake and an unknown domain name are connector errors, too.
_UNCONNECTED = (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError)

# CloudFront repeats requests with these methods after a timeout. Developer Guide, "Origin response timeout".
_REPEATED = frozenset({"GET", "HEAD"})


class Transport:
    """Sends requests with path, headers and Host unchanged. Follows no redirects and decodes no bodies.

    Requests to hosts of AWS go to `aws_endpoint_url`; None is the real AWS. `aws_headers` go with each of them: the
    embedded AWS would refuse a browser's headers otherwise.
    """

    def __init__(self, aws_endpoint_url: str | None, aws_headers: Mapping[str, str] | None = None) -> None:
        self._aws = aws_endpoint_url
        self._aws_headers = aws_headers or {}
        self._sessions: dict[int, aiohttp.ClientSession] = {}
        self._tls: dict[tuple[str, ...], ssl.SSLContext] = {}

    async def send(self, request: Request, origin: Origin) -> Response:
        """The origin's response. Without one, raises OriginFailed (502 or 504), and the terminal shows the reason."""
        for attempts_left in reversed(range(origin.connection_attempts)):
            try:
                return await self._attempt(request, origin)
            except (aiohttp.ClientError, TimeoutError) as error:
                if attempts_left == 0 or not _is_worth_repeating(error, request):
                    page, reason = next((page, reason) for kind, page, reason in _FAILURES if isinstance(error, kind))
                    journal.remark(f"Origin {_name(origin)}: {reason}. ({_detail(error)})")
                    raise (OriginUnconnected if isinstance(error, _UNCONNECTED) else OriginFailed)(*page) from error
        raise AssertionError("an origin has at least one connection attempt")

    async def _attempt(self, request: Request, origin: Origin) -> Response:
        timeout = aiohttp.ClientTimeout(
            total=origin.response_completion_timeout or None,
            sock_connect=origin.connection_timeout,
            sock_read=origin.read_timeout,
        )
        async with self._http(origin).request(
            request.method,
            URL(self._base(origin) + request.target, encoded=True),
            headers=self._headers(request, origin),
            data=io.BytesIO(request.body) if request.body else None,
            timeout=timeout,
            allow_redirects=False,
            skip_auto_headers=_AUTO_HEADERS,
            ssl=self._tls_to(origin),
        ) as answer:
            headers = headers_from_wire(answer.raw_headers)
            return Response(answer.status, headers, await answer.read(), answer.reason or "")

    def _headers(self, request: Request, origin: Origin) -> CIMultiDict[str]:
        headers = _headers(request)
        if self._aws and _is_aws(origin):
            # These requests use plain HTTP. The embedded AWS takes aws:SecureTransport, for policies, from this header.
            headers["X-Forwarded-Proto"] = origin.protocol if isinstance(origin, CustomOrigin) else "https"
            headers.update(self._aws_headers)
        return headers

    def _base(self, origin: Origin) -> str:
        if self._aws and _is_aws(origin):
            return self._aws
        if isinstance(origin, CustomOrigin):
            return f"{origin.protocol}://{origin.domain_name}:{origin.port}"
        return f"https://{origin.domain_name}"

    def _tls_to(self, origin: Origin) -> ssl.SSLContext | bool:
        """The settings of TLS for an origin; True are the usual ones."""
        if isinstance(origin, S3Origin):
            return True
        if origin.ssl_protocols not in self._tls:
            self._tls[origin.ssl_protocols] = tls.context(origin.ssl_protocols)
        return self._tls[origin.ssl_protocols]

    def _http(self, origin: Origin) -> aiohttp.ClientSession:
        """The session of all origins whose idle connections are kept as long. It is made at the first request, because
        it needs the running event loop."""
        default = facts.ORIGIN_KEEPALIVE_SECONDS_DEFAULT
        seconds = origin.keepalive_timeout if isinstance(origin, CustomOrigin) else default
        if seconds not in self._sessions:
            self._sessions[seconds] = aiohttp.ClientSession(
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                connector=aiohttp.TCPConnector(keepalive_timeout=seconds),
                max_line_size=facts.ORIGIN_RESPONSE_HEADER_BYTES,
                max_field_size=facts.ORIGIN_RESPONSE_HEADER_BYTES,
            )
        return self._sessions[seconds]

    async def close(self) -> None:
        for session in self._sessions.values():
            await session.close()
        await asyncio.sleep(0)  # lets the transports close


def _is_aws(origin: Origin) -> bool:
    return origin.domain_name.endswith(AWS_DOMAINS)


def _headers(request: Request) -> CIMultiDict[str]:
    """The headers to send. The body always gets a Content-Length, even if the viewer sent it in chunks."""
    # aiohttp sends only the last value of a header whose name is repeated in another spelling.
    spelling = {name.lower(): name for name in reversed(list(request.headers.keys()))}
    headers = CIMultiDict((spelling[name.lower()], value) for name, value in request.headers.items())
    headers.popall("Transfer-Encoding", None)
    headers.popall("Content-Length", None)
    if request.body or request.method in ("PATCH", "POST", "PUT"):
        headers["Content-Length"] = str(len(request.body))
    return headers


def _is_worth_repeating(error: Exception, request: Request) -> bool:
    """Whether CloudFront tries again: after a failed connection always, after a timeout only with GET or HEAD."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return False
    if isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)):
        return True
    return isinstance(error, TimeoutError) and request.method in _REPEATED


def _name(origin: Origin) -> str:
    return f"{origin.domain_name}:{origin.port}" if isinstance(origin, CustomOrigin) else origin.domain_name


def _detail(error: Exception) -> str:
    """The error in one line, without aiohttp's quotes of the URL or the answer: they may be secret."""
    text = re.sub(r" ssl:<[^>]*>", "", str(error))  # aiohttp shows the Python object with the settings of TLS
    return f"{type(error).__name__}: {text}" if isinstance(error, aiohttp.ClientOSError) else type(error).__name__
