"""What is added to a request on its last stretch to an origin."""

from botocore.credentials import Credentials
from multidict import CIMultiDict

from local.cloudfront.messages import Request
from local.cloudfront.origins.fetch import Origins
from local.cloudfront.origins.origin import CustomOrigin
from local.cloudfront.origins.s3 import S3
from local.cloudfront.origins.transport import Transport


async def test_addressed(misbehaving_server) -> None:
    """The origin's path comes first, its custom headers replace the viewer's, CloudFront's own are added."""
    misbehaving_server.reply(200)
    transport = Transport("http://127.0.0.1:9")
    origins = Origins(transport, S3(transport, "arn", "123456789012", Credentials("", "")), None)
    origin = CustomOrigin(
        domain_name="127.0.0.1",
        protocol="http",
        port=misbehaving_server.port,
        path="/base",
        custom_headers=(("X-Secret", "origin's"), ("X-Other", "1")),
    )
    sent = CIMultiDict([("Host", "example.org"), ("x-secret", "viewer's"), ("X-SECRET", "again")])
    await origins.fetch(Request("GET", "/page", "x=1", sent), origin, "the-request-id")
    await transport.close()
    (received,) = misbehaving_server.requests
    assert received.target == "/base/page?x=1"
    assert received.headers == {
        "host": "example.org",
        "x-secret": "origin's",
        "x-other": "1",
        "x-amz-cf-id": "the-request-id",
        "connection": "Keep-Alive",
    }
