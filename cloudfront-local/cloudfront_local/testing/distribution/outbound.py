"""The servers that functions reach in the place of every other host, and the authority that only they trust."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import trustme
from aiohttp import web

from cloudfront_local.aws.ports import bound, port_of
from cloudfront_local.distribution.messages import Response, headers_from_wire
from cloudfront_local.lambda_edge.outbound import Outbound
from cloudfront_local.testing.distribution.origins import Received

# The answer to a request; None closes the connection.
Answer = Callable[[Received], Response | None]


@asynccontextmanager
async def answering(answer: Answer, folder: Path) -> AsyncIterator[Outbound]:
    """Answers what functions send to other hosts, while the `with` block runs. The authority's certificate is in
    `folder`."""
    authority = trustme.CA()
    certificate = folder / "authority.pem"
    authority.cert_pem.write_to_path(certificate)
    plain, tls = bound(0, "PORT"), bound(0, "PORT")

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        return await _answered(answer, request)

    runner = web.ServerRunner(web.Server(handle), shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.SockSite(runner, plain).start()
        await web.SockSite(runner, tls, ssl_context=_context(authority)).start()
        yield Outbound(port_of(tls), port_of(plain), str(certificate))
    finally:
        await runner.cleanup()


def _context(authority: trustme.CA) -> ssl.SSLContext:
    """The context of a server that has a certificate for each name that it is asked for."""
    contexts: dict[str, ssl.SSLContext] = {}

    def named(name: str) -> ssl.SSLContext:
        if name not in contexts:
            contexts[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority.issue_cert(name).configure_cert(contexts[name])
        return contexts[name]

    def choose(connection: ssl.SSLObject | ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> None:
        connection.context = named(name or "localhost")

    context = named("localhost")
    context.sni_callback = choose
    return context


async def _answered(answer: Answer, request: web.BaseRequest) -> web.StreamResponse:
    path, _, query = request.raw_path.partition("?")
    headers = headers_from_wire(request.raw_headers)
    host = headers.get("Host", "").partition(":")[0]
    found = answer(Received(request.method, host, path, query, headers, await request.read()))
    if found is None:
        assert request.transport is not None  # noqa: S101 - for the type checker: the request has just been read
        request.transport.close()
        return web.Response()
    return web.Response(status=found.status, headers=found.headers, body=found.body)
