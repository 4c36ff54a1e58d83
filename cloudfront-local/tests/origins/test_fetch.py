"""The path and the headers that are added to a request for an origin."""

import asyncio

from botocore.credentials import Credentials
from multidict import CIMultiDict

from cloudfront_local.distribution.messages import Request
from cloudfront_local.distribution.origin import CustomOrigin
from cloudfront_local.origins.fetch import Origins
from cloudfront_local.origins.s3 import S3
from cloudfront_local.origins.transport import Transport


async def test_addressed(account) -> None:
    """The origin's path is put before the uri. Custom headers replace the viewer's, and CloudFront adds its own."""
    received = asyncio.Queue()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await received.put((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    transport = Transport("http://127.0.0.1:9")
    s3 = S3(transport, "arn", Credentials("", ""), account)
    origins = Origins(transport, s3, ())
    sent = CIMultiDict([("Host", "example.org"), ("x-secret", "viewer's"), ("X-SECRET", "again")])
    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        origin = CustomOrigin(
            domain_name="127.0.0.1",
            protocol="http",
            port=server.sockets[0].getsockname()[1],
            path="/base",
            custom_headers=(("X-Secret", "origin's"), ("X-Other", "1")),
        )
        await origins.fetch(Request("GET", "/page", "x=1", sent), origin, "the-request-id")
        await transport.close()
    line, *headers = received.get_nowait().split("\r\n")[:-2]
    assert line == "GET /base/page?x=1 HTTP/1.1"
    assert sorted(headers) == [
        "Connection: Keep-Alive",
        "Host: example.org",
        "X-Amz-Cf-Id: the-request-id",
        "X-Other: 1",
        "X-Secret: origin's",
    ]
