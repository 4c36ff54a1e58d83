"""The body of a viewer's request, read from the connection when the distribution asks for it."""

from __future__ import annotations

import asyncio

from aiohttp import hdrs, web

from cloudfront_local.distribution import journal, pages
from cloudfront_local.distribution.pages import Refusal

# CloudFront takes bodies of up to 64 GB, and passes them on piece by piece. Here, a body is in memory as a whole.
MAX_BYTES = 256 * 1024 * 1024
# Without a byte from the viewer in so many seconds, the request ends.
IDLE_SECONDS = 30.0


async def received(incoming: web.BaseRequest) -> bytes:
    """The whole body. Raises Refusal: 413 for a body that is too large, 408 if the viewer stops sending, 400 for a body
    that breaks HTTP."""
    if not {hdrs.CONTENT_LENGTH, hdrs.TRANSFER_ENCODING} & set(incoming.headers):
        # A request without these headers has no body (RFC 9112, section 6.3). Bytes after an Upgrade are not a body.
        return b""
    if (incoming.content_length or 0) > MAX_BYTES:
        raise _too_large()
    if incoming.headers.get(hdrs.EXPECT, "").lower() == "100-continue":
        await incoming.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        incoming.writer.output_size = 0  # aiohttp would take the 100 for the beginning of the response
    try:
        return await _read(incoming)
    except TimeoutError as error:
        journal.remark(f"The viewer sent no byte of its body for {IDLE_SECONDS:.0f} s.")
        raise Refusal(*pages.REQUEST_TIMEOUT) from error
    except web.RequestPayloadError as error:
        raise Refusal(*pages.BAD_REQUEST) from error


async def _read(incoming: web.BaseRequest) -> bytes:
    body = bytearray()
    while not incoming.content.at_eof():
        async with asyncio.timeout(IDLE_SECONDS):
            body += await incoming.content.readany()
        if len(body) > MAX_BYTES:
            raise _too_large()
    return bytes(body)


def _too_large() -> Refusal:
    journal.remark(
        f"The request's body is larger than {MAX_BYTES // 1024**2} MB, the limit of this tool. CloudFront takes 64 GB."
    )
    return Refusal(*pages.BODY_TOO_LARGE)
