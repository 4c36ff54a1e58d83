"""Requests to buckets and URLs that are not in the stack, with `--pass-through`. moto's server is the real AWS."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.server import ThreadedMotoServer
from multidict import CIMultiDict

from cloudfront_local.aws import apis, websites
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.distribution.messages import Request
from cloudfront_local.distribution.origin import AccessControl, CustomOrigin, S3Origin
from cloudfront_local.errors import LocalError
from cloudfront_local.origins.api_gateway import ApiGateway
from cloudfront_local.origins.fetch import Origins
from cloudfront_local.origins.function_url import Account, FunctionUrls
from cloudfront_local.origins.real_aws import RealAws
from cloudfront_local.origins.s3 import S3
from cloudfront_local.origins.transport import Transport
from cloudfront_local.origins.website import Websites
from cloudfront_local.origins.website_objects import Objects

DEVELOPER = Credentials("AKIADEVELOPER", "developers-secret", "developers-token")
ARN = "arn:aws:cloudfront::123456789012:distribution/EDFDVBD6EXAMPLE"
URL = f"{'a' * 32}.lambda-url.eu-west-1.on.aws"


@pytest.fixture(autouse=True)
def developer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The developer's own credentials, as the AWS CLI finds them."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", DEVELOPER.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", DEVELOPER.secret_key)
    monkeypatch.setenv("AWS_SESSION_TOKEN", DEVELOPER.token)


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@dataclass
class Passing:
    """The origins of a stack, where the embedded AWS sits at `aws` and the real one at AWS_ENDPOINT_URL."""

    origins: Origins

    async def get(self, origin: S3Origin | CustomOrigin, target: str = "/", **headers: str) -> tuple[int, bytes]:
        sent = CIMultiDict({"Host": origin.domain_name, **headers})
        response = await self.origins.fetch(Request("GET", target, headers=sent), origin, "id")
        return response.status, response.body


@pytest.fixture
async def passing(aws: Endpoint, account: Account) -> AsyncIterator[Passing]:
    real = RealAws.of_developer()
    transport, root = Transport(aws.url, aws.headers("forward")), Credentials(*aws.key)
    s3 = S3(transport, ARN, root, account, real)
    yield Passing(Origins(transport, s3, (FunctionUrls(transport, account, ARN, root, real),)))
    await transport.close()
    await real.transport.close()


@pytest.fixture
def moto_is_real(monkeypatch: pytest.MonkeyPatch, moto: str) -> str:
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto)
    return moto


def bucket(name: str, region: str = "us-east-1") -> S3Origin:
    domain = f"{name}.s3.{region}.amazonaws.com"
    return S3Origin(domain_name=domain, region=region, access_control=AccessControl("s3", "always"))


async def test_a_bucket(moto_is_real: str, passing: Passing, caplog: pytest.LogCaptureFixture) -> None:
    """An object of a bucket that only the real AWS has arrives, and the terminal says where it is from."""
    client = boto3.client("s3", endpoint_url=moto_is_real, region_name="us-east-1")
    client.create_bucket(Bucket="elsewhere")
    client.put_object(Bucket="elsewhere", Key="a b/page.html", Body=b"real")
    assert await passing.get(bucket("elsewhere"), "/a%20b/page.html") == (200, b"real")
    assert [record.message for record in caplog.records if record.name == "cloudfront.requests"] == [
        "elsewhere.s3.us-east-1.amazonaws.com is not in this stack: the request goes to the real AWS (--pass-through)."
    ]


async def test_a_bucket_of_the_stack(moto_is_real: str, passing: Passing, aws: Endpoint) -> None:
    """A bucket that the stack has stays the stack's, even if the real AWS has one of the same name."""
    boto3.client("s3", endpoint_url=moto_is_real, region_name="us-east-1").create_bucket(Bucket="of-both")
    aws.client("s3").create_bucket(Bucket="of-both")
    status, body = await passing.get(bucket("of-both"), "/none")
    assert status == 403
    assert b"AccessDenied" in body


@pytest.mark.parametrize(
    ("signing", "authorization"),
    [("always", ""), ("never", "AWS4-HMAC-SHA256 Credential=ASIAEMBEDDED/20261126/eu-west-1/lambda/aws4_request, ...")],
)
async def test_a_function_url(monkeypatch, misbehaving_server, aws, account, signing, authorization) -> None:
    """The developer's credentials sign, in place of CloudFront or of a function. The signature is valid, and no header
    of the embedded AWS goes along."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", misbehaving_server.url)
    misbehaving_server.reply(200, b"real")
    real = RealAws.of_developer()
    transport = Transport(aws.url, aws.headers("forward"))
    urls = FunctionUrls(transport, account, ARN, Credentials(*aws.key), real)
    origin = CustomOrigin(domain_name=URL, access_control=AccessControl("lambda", signing))
    headers = CIMultiDict({"Host": URL, "X-Mine": "1", "X-Amz-Security-Token": "embedded"})
    if authorization:
        headers["Authorization"] = authorization
    try:
        assert (await urls.fetch(Request("GET", "/x", "a=1", headers), origin)).body == b"real"
    finally:
        await transport.close()
        await real.transport.close()
    (received,) = misbehaving_server.requests
    assert received.headers["host"] == URL
    assert received.headers["x-mine"] == "1"
    assert received.headers["authorization"] == signature(received.headers)
    assert received.headers["x-amz-security-token"] == DEVELOPER.token
    assert "x-cloudfront-local-pass" not in received.headers


def signature(headers: dict[str, str]) -> str:
    """The Authorization header that botocore computes for the request of `test_a_function_url`, at the same time."""
    request = AWSRequest("GET", f"https://{URL}/x?a=1", headers={"Host": URL})
    request.context["timestamp"] = headers["x-amz-date"]
    request.headers["X-Amz-Date"] = headers["x-amz-date"]
    request.headers["X-Amz-Security-Token"] = str(DEVELOPER.token)
    signer = SigV4Auth(DEVELOPER, "lambda", "eu-west-1")
    text = signer.string_to_sign(request, signer.canonical_request(request))
    signed = signer.signed_headers(signer.headers_to_sign(request))
    return (
        f"AWS4-HMAC-SHA256 Credential={signer.scope(request)}, SignedHeaders={signed}, "
        f"Signature={signer.signature(text, request)}"
    )


async def test_an_unsigned_request_stays_unsigned(monkeypatch, misbehaving_server, aws, account) -> None:
    """A public function URL gets the viewer's request without the developer's signature."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", misbehaving_server.url)
    misbehaving_server.reply(200, b"public")
    real = RealAws.of_developer()
    transport = Transport(aws.url, aws.headers("forward"))
    urls = FunctionUrls(transport, account, ARN, Credentials(*aws.key), real)
    try:
        await urls.fetch(Request("GET", "/", headers=CIMultiDict({"Host": URL})), CustomOrigin(domain_name=URL))
    finally:
        await transport.close()
        await real.transport.close()
    assert "authorization" not in misbehaving_server.requests[0].headers


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (None, True),
        ("Bearer of-the-viewer", True),
        ("AWS4-HMAC-SHA256 Credential=ASIAEMBEDDED/20261126/eu-west-1/execute-api/aws4_request, ...", False),
    ],
)
async def test_an_api(monkeypatch, misbehaving_server, aws, sent: str | None, kept: bool) -> None:
    """A viewer's token stays; a function's signature, which means nothing there, becomes the developer's."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", misbehaving_server.url)
    misbehaving_server.reply(200, b"real")
    real, transport = RealAws.of_developer(), Transport(aws.url, aws.headers("forward"))
    origin = CustomOrigin(domain_name="abcde12345.execute-api.eu-west-1.amazonaws.com")
    headers = CIMultiDict({"Host": origin.domain_name, **({"Authorization": sent} if sent else {})})
    try:
        answer = await ApiGateway(transport, apis.apis(aws), real).fetch(Request("GET", "/prod", "", headers), origin)
    finally:
        await transport.close()
        await real.transport.close()
    assert answer.body == b"real"
    (received,) = misbehaving_server.requests
    authorization = received.headers.get("authorization", "")
    assert (authorization == (sent or "")) is kept
    assert kept or f"Credential={DEVELOPER.access_key}/" in authorization


async def test_a_website(monkeypatch, misbehaving_server, aws) -> None:
    """A website that is not in the stack is the real one, unsigned."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", misbehaving_server.url)
    misbehaving_server.reply(200, b"real")
    real, transport = RealAws.of_developer(), Transport(aws.url, aws.headers("forward"))
    origin = CustomOrigin(domain_name="none.s3-website-eu-west-1.amazonaws.com", protocol="http", port=80)
    served = Websites(Objects(transport, Credentials(*aws.key)), websites.sites(aws), real)
    try:
        request = Request("GET", "/x", headers=CIMultiDict({"Host": origin.domain_name}))
        assert (await served.fetch(request, origin)).body == b"real"
    finally:
        await transport.close()
        await real.transport.close()
    assert "authorization" not in misbehaving_server.requests[0].headers


def test_no_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    """Without credentials, the start says how to get some."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(LocalError, match=r"there are none\. Sign in"):
        RealAws.of_developer()
