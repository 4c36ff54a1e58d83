"""S3 origins against the embedded S3: permissions, the object that a path names, and the answers to viewers."""

import json
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Any
from xml.etree import ElementTree

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import AccessControl, S3Origin
from cloudfront_local.iam.policies import Policy
from cloudfront_local.origins import s3_authorization
from cloudfront_local.origins.fetch import Origins
from cloudfront_local.origins.function_url import Account
from cloudfront_local.origins.s3 import S3
from cloudfront_local.origins.transport import Transport

DISTRIBUTION = "arn:aws:cloudfront::123456789012:distribution/EDFDVBD6EXAMPLE"
ALWAYS = AccessControl("s3", "always")
DENIED = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>'
)
IDENTITY = "E2QWRUHEXAMPLE"
MALFORMED = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AuthorizationHeaderMalformed</Code><Message>The '
    "authorization header is malformed; the region 'eu-west-1' is wrong; expecting 'us-east-1'</Message>"
    "<Region>us-east-1</Region></Error>"
)
SIGNED_FOR_ANOTHER = (
    "S3 bucket {} is in us-east-1, but the request is signed for eu-west-1. A function that chooses an S3 origin "
    "must set origin.s3.region to the bucket's Region, or sign for that Region itself."
)


@dataclass
class Bucket:
    """A new bucket for each test, as an origin of a distribution."""

    name: str
    client: Any
    origins: Origins
    origin: S3Origin

    def put(self, key: str, body: bytes = b"hello", **parts: str) -> None:
        self.client.put_object(Bucket=self.name, Key=key, Body=body, **parts)

    def allow(self, *actions: str, resource: str = "/*", **parts: Any) -> dict[str, Any]:
        """Attaches the guide's policy for origin access control. `parts` replace parts of its statement."""
        statement = {
            "Sid": "ThisDistribution",
            "Effect": "Allow",
            "Principal": {"Service": "cloudfront.amazonaws.com"},
            "Action": actions or "s3:GetObject",
            "Resource": f"arn:aws:s3:::{self.name}{resource}",
            "Condition": {"StringEquals": {"AWS:SourceArn": DISTRIBUTION}},
            **parts,
        }
        self.put_policy(statement)
        return statement

    def put_policy(self, *statements: dict[str, Any]) -> None:
        self.client.put_bucket_policy(Bucket=self.name, Policy=policy_of(*statements))

    def tls_only(self) -> dict[str, Any]:
        """A statement that denies requests over plain HTTP."""
        return {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [f"arn:aws:s3:::{self.name}", f"arn:aws:s3:::{self.name}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }

    def signed(self, credentials: Credentials, method: str = "GET", target: str = "/index.html") -> dict[str, str]:
        """The headers of a request that a function with these credentials signed."""
        domain = self.origin.domain_name
        signed = AWSRequest(method, f"https://{domain}{target}", headers={"Host": domain})
        S3SigV4Auth(credentials, "s3", "us-east-1").add_auth(signed)
        return dict(signed.headers.items())

    async def fetch(
        self,
        target: str,
        method: str = "GET",
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        origin: S3Origin | None = None,
    ) -> Response:
        uri, _, querystring = target.partition("?")
        sent = CIMultiDict({"Host": self.origin.domain_name, **(headers or {})})
        request = Request(method, uri, querystring, sent, body)
        return await self.origins.fetch(request, origin or self.origin, "request-id")


@pytest.fixture
async def bucket(aws: Endpoint, account: Account) -> AsyncIterator[Bucket]:
    name = f"site-{uuid.uuid4().hex[:12]}"
    client = aws.client("s3")
    client.create_bucket(Bucket=name)
    transport = Transport(aws.url, aws.headers("forward"))
    root = Credentials(*aws.key)
    origins = Origins(transport, S3(transport, DISTRIBUTION, root, account), ())
    origin = S3Origin(domain_name=f"{name}.s3.us-east-1.amazonaws.com", region="us-east-1", access_control=ALWAYS)
    yield Bucket(name, client, origins, origin)
    await transport.close()


@pytest.fixture
def role(aws: Endpoint, roles: dict[str, list[Policy]]) -> Callable[..., Credentials]:
    """Makes a function's role with these statements and returns its credentials."""

    def role(*statements: dict[str, Any]) -> Credentials:
        iam, name = aws.client("iam"), f"router-{uuid.uuid4().hex[:12]}"
        trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy_of(trust))["Role"]
        iam.put_role_policy(RoleName=name, PolicyName="router", PolicyDocument=policy_of(*statements))
        found = aws.client("sts").assume_role(RoleArn=made["Arn"], RoleSessionName="edge")["Credentials"]
        roles[found["AccessKeyId"]] = [{"Statement": [*statements]}]
        return Credentials(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])

    return role


def policy_of(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


# ── Permissions ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_admitted(bucket: Bucket) -> None:
    """The viewer gets the object if the bucket's policy allows this distribution's origin access control."""
    bucket.allow()
    bucket.put("index.html", b"<h1>hello</h1>", ContentType="text/html", CacheControl="max-age=60")
    response = await bucket.fetch("/index.html")
    assert (response.status, response.body) == (200, b"<h1>hello</h1>")
    names = ("Content-Type", "Cache-Control", "Content-Length", "Server")
    assert [response.headers[name] for name in names] == ["text/html", "max-age=60", "14", "AmazonS3"]
    assert {name.lower() for name in response.headers} - {name.lower() for name in names} == {
        "accept-ranges",
        "date",
        "etag",
        "last-modified",
        "x-amz-id-2",
        "x-amz-request-id",
    }


OTHER = "arn:aws:cloudfront::123456789012:distribution/EOTHER"


@pytest.mark.parametrize(
    ("statement", "access_control", "reason"),
    [
        (None, ALWAYS, "there is no policy."),
        (
            {"Condition": {"StringEquals": {"AWS:SourceArn": OTHER}}},
            ALWAYS,
            "statement ThisDistribution does not apply, because its condition StringEquals AWS:SourceArn "
            f"{OTHER} is not met: AWS:SourceArn is {DISTRIBUTION}.",
        ),
        (
            {"Condition": {"StringEquals": {"AWS:SourceAccount": "999999999999"}}},
            ALWAYS,
            "statement ThisDistribution does not apply, because its condition StringEquals AWS:SourceAccount "
            "999999999999 is not met: AWS:SourceAccount is 123456789012.",
        ),
        (
            {"Principal": {"Service": "logging.s3.amazonaws.com"}},
            ALWAYS,
            "no statement allows s3:GetObject on {arn}/index.html to cloudfront.amazonaws.com.",
        ),
        (
            {"Action": "s3:PutObject"},
            ALWAYS,
            "no statement allows s3:GetObject on {arn}/index.html to cloudfront.amazonaws.com.",
        ),
        (
            {"Resource": "arn:aws:s3:::{name}/private/*"},
            ALWAYS,
            "no statement allows s3:GetObject on {arn}/index.html to cloudfront.amazonaws.com.",
        ),
        ({}, None, "no statement allows s3:GetObject on {arn}/index.html to everyone."),
        (
            {},
            AccessControl("s3", "never"),
            "no statement allows s3:GetObject on {arn}/index.html to everyone.",
        ),
        ({"Effect": "Deny", "Condition": {}}, ALWAYS, "statement ThisDistribution denies the request."),
    ],
)
async def test_refused(bucket: Bucket, caplog, statement, access_control, reason: str) -> None:
    """The viewer gets S3's 403 if the policy does not allow the request, and the terminal shows the reason."""
    bucket.put("index.html")
    if statement is not None:
        if "Resource" in statement:
            statement = {**statement, "Resource": f"arn:aws:s3:::{bucket.name}/private/*"}
        bucket.allow(**statement)
    response = await bucket.fetch("/index.html", origin=replace(bucket.origin, access_control=access_control))
    assert (response.status, response.reason, response.body.decode()) == (403, "Forbidden", DENIED)
    assert dict(response.headers) == {
        "Content-Type": "application/xml",
        "Content-Length": str(len(DENIED)),
        "Server": "AmazonS3",
    }
    assert caplog.messages == [
        f"S3 bucket {bucket.name} denies CloudFront the request: "
        + reason.replace("{arn}", f"arn:aws:s3:::{bucket.name}")
        + " The bucket's policy (AWS::S3::BucketPolicy) must allow access by this distribution's origin access control."
    ]


async def test_deny_of_plain_http(bucket: Bucket) -> None:
    """A statement that denies plain HTTP does not deny CloudFront, which uses TLS."""
    bucket.put("index.html")
    bucket.put_policy(bucket.allow(), bucket.tls_only())
    assert (await bucket.fetch("/index.html")).status == 200


async def test_deny_of_plain_http_to_a_function(bucket: Bucket, role: Callable[..., Credentials]) -> None:
    """A statement that denies plain HTTP does not deny a request that a function signed: CloudFront uses TLS."""
    bucket.put("index.html")
    bucket.put_policy(bucket.tls_only())
    credentials = role({"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket.name}/*"})
    origin = replace(bucket.origin, access_control=None)
    response = await bucket.fetch("/index.html", headers=bucket.signed(credentials), origin=origin)
    assert (response.status, response.body) == (200, b"hello")


async def test_public_bucket(bucket: Bucket) -> None:
    """CloudFront may read a public bucket without signing."""
    bucket.put("index.html")
    bucket.client.put_public_access_block(
        Bucket=bucket.name, PublicAccessBlockConfiguration={"BlockPublicPolicy": False}
    )
    bucket.allow(Principal="*", Condition={})
    assert (await bucket.fetch("/index.html", origin=replace(bucket.origin, access_control=None))).status == 200


async def test_access_identity(bucket: Bucket, caplog) -> None:
    """A policy that allows the user of an origin access identity allows that identity only."""
    bucket.put("index.html")
    user = f"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity {IDENTITY}"
    origin = replace(bucket.origin, access_control=None, access_identity=IDENTITY)
    assert (await bucket.fetch("/index.html", origin=origin)).body.decode() == DENIED
    bucket.allow(Principal={"AWS": user}, Condition={})
    assert (await bucket.fetch("/index.html", origin=origin)).status == 200
    assert (await bucket.fetch("/index.html", origin=replace(origin, access_identity="EOTHER"))).status == 403
    assert (await bucket.fetch("/index.html", origin=replace(origin, access_identity=""))).status == 403
    assert caplog.messages[0] == (
        f"S3 bucket {bucket.name} denies CloudFront the request: there is no policy. The bucket's policy "
        f"(AWS::S3::BucketPolicy) must allow access by the origin access identity {IDENTITY}."
    )


async def test_canonical_user(bucket: Bucket) -> None:
    """A policy may name an origin access identity by its canonical user id."""
    bucket.put("index.html")
    origin = replace(bucket.origin, access_control=None, access_identity=IDENTITY, canonical_user="a1b2")
    bucket.allow(Principal={"CanonicalUser": "a1b2"}, Condition={})
    assert (await bucket.fetch("/index.html", origin=origin)).status == 200
    assert (await bucket.fetch("/index.html", origin=replace(origin, canonical_user="c3d4"))).status == 403
    assert (await bucket.fetch("/index.html", origin=replace(origin, canonical_user=""))).status == 403


async def test_always_signs_over(bucket: Bucket) -> None:
    """`always` replaces the viewer's Authorization."""
    bucket.put("index.html")
    bucket.allow()
    assert (await bucket.fetch("/index.html", headers={"Authorization": "Basic eDp5"})).status == 200


async def test_no_override(bucket: Bucket) -> None:
    """`no-override` signs, unless the request has an Authorization, which S3 then checks."""
    bucket.put("index.html")
    bucket.allow()
    origin = replace(bucket.origin, access_control=AccessControl("s3", "no-override"))
    assert (await bucket.fetch("/index.html", origin=origin)).status == 200
    answer = await bucket.fetch("/index.html", headers={"Authorization": "Basic eDp5"}, origin=origin)
    assert answer.status == 400


@pytest.mark.parametrize("sent", ["Basic eDp5", "Bearer <a&b>", ""])
async def test_authorization_of_the_viewer(bucket: Bucket, caplog, sent: str) -> None:
    """S3 refuses an Authorization that is no signature, and sends it back. The terminal does not show it."""
    bucket.put("index.html")
    origin = replace(bucket.origin, access_control=None)
    answer = await bucket.fetch("/index.html", headers={"Authorization": sent}, origin=origin)
    error = ElementTree.fromstring(answer.body)  # noqa: S314 - made by the code under test
    assert (answer.status, {part.tag: part.text or "" for part in error}) == (
        400,
        {
            "Code": "InvalidArgument",
            "Message": "Unsupported Authorization Type",
            "ArgumentName": "Authorization",
            "ArgumentValue": sent,
        },
    )
    assert caplog.messages == [
        "S3 refuses the request: its Authorization is no signature of AWS. Do not forward the viewer's Authorization "
        "to S3: delete the header at origin-request, or let an origin access control sign always."
    ]


@pytest.mark.parametrize(("key", "status"), [(None, 200), (("AKIAIOSFODNN7EXAMPLE", "secret"), 403)])
async def test_signed_by_a_function(aws: Endpoint, bucket: Bucket, key: tuple[str, str] | None, status: int) -> None:
    """S3 itself decides on a request that a function signed, not the bucket's policy for CloudFront."""
    bucket.put("index.html")
    headers, origin = bucket.signed(Credentials(*(key or aws.key))), replace(bucket.origin, access_control=None)
    assert (await bucket.fetch("/index.html", headers=headers, origin=origin)).status == status


async def test_presigned_url(bucket: Bucket, caplog) -> None:
    """S3 refuses a presigned URL that CloudFront signs, too."""
    bucket.put("index.html")
    bucket.allow()
    response = await bucket.fetch("/index.html?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=00")
    assert (response.status, b"Only one auth mechanism allowed" in response.body) == (400, True)
    assert "is a presigned URL's, and CloudFront's origin access control or a function signs, too" in caplog.text


@pytest.mark.parametrize("query", ["X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=00", "a=b&Signature=x"])
async def test_two_signatures(aws: Endpoint, bucket: Bucket, query: str) -> None:
    """S3 refuses a presigned URL of either version that a function or CloudFront signs, too."""
    bucket.put("index.html")
    bucket.allow()
    signed = bucket.signed(Credentials(*aws.key), target=f"/index.html?{query}")
    for headers, origin in ((signed, replace(bucket.origin, access_control=None)), ({}, bucket.origin)):
        response = await bucket.fetch(f"/index.html?{query}", headers=headers, origin=origin)
        assert (response.status, b"Only one auth mechanism allowed" in response.body) == (400, True)


@pytest.mark.parametrize(
    "sent",
    [
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0",
        "AWS4-HMAC-SHA512 x" * 999,
    ],
)
async def test_malformed_signature(bucket: Bucket, caplog, sent: str) -> None:
    """S3 refuses an Authorization that lacks parts of a signature. The terminal does not show it."""
    origin = replace(bucket.origin, access_control=None)
    answer = await bucket.fetch("/index.html", headers={"Authorization": sent}, origin=origin)
    assert (answer.status, b"<Code>AuthorizationHeaderMalformed</Code>" in answer.body) == (400, True)
    (line,) = caplog.messages
    assert "lacks parts of it" in line and sent not in line


@given(st.text(), st.text())
def test_any_authorization(sent: str, query: str) -> None:
    """Any Authorization and any query string get an answer, or S3 verifies them."""
    request = Request("GET", "/", query, CIMultiDict({"Authorization": sent}))
    answer = s3_authorization.refusal(request)
    assert answer is None or answer.status == 400
    assert s3_authorization.scope_region(request) in (None, *sent.split("/"))


async def test_region_of_no_signature(bucket: Bucket, caplog) -> None:
    """What only looks like the Region of a signature is neither in the answer nor in the terminal."""
    sent = "Basic Credential=a/20261126/<secret>/s3/aws4_request, x"
    origin = replace(bucket.origin, access_control=None)
    answer = await bucket.fetch("/index.html", headers={"Authorization": sent}, origin=origin)
    assert (answer.status, b"<secret>" in answer.body, "secret" in caplog.text) == (400, False, False)


async def test_plus_signed_by_a_function(bucket: Bucket, role: Callable[..., Credentials]) -> None:
    """For a request that a function signed, too, + in the path is a space, and %2B is a plus."""
    bucket.put("a b.html", b"space")
    bucket.put("a+b.html", b"plus")
    credentials = role({"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket.name}/*"})
    origin = replace(bucket.origin, access_control=None)
    for target, body in (("/a+b.html", b"space"), ("/a%2Bb.html", b"plus"), ("/a%20b.html", b"space")):
        response = await bucket.fetch(target, headers=bucket.signed(credentials, target=target), origin=origin)
        assert (target, response.body) == (target, body)


# ── Host ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("access_control", "status", "code"), [(ALWAYS, 403, b"SignatureDoesNotMatch"), (None, 404, b"NoSuchBucket")]
)
async def test_host_of_another_origin(bucket: Bucket, caplog, access_control, status: int, code: bytes) -> None:
    """A Host that is not the origin's domain name is refused, and the terminal says what to set."""
    bucket.put("index.html")
    bucket.allow()
    origin = replace(bucket.origin, access_control=access_control)
    response = await bucket.fetch("/index.html", headers={"Host": "origin.example.org"}, origin=origin)
    assert (response.status, code in response.body) == (status, True)
    assert caplog.messages == [
        f"S3 refuses the request: its Host is not the origin's domain name, {origin.domain_name}. A function that "
        "chooses an S3 origin must also set headers.host. An origin request policy for S3 must not forward Host."
    ]


# ── Keys of objects ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("key", "target"),
    [
        ("a b.html", "/a%20b.html"),
        ("a+b.html", "/a%2Bb.html"),
        ("a b.html", "/a+b.html"),
        ("café.html", "/caf%C3%A9.html"),
        ("café.html", "/caf%c3%a9.html"),
        ("日本.html", "/%E6%97%A5%E6%9C%AC.html"),
        ("a%20b.html", "/a%2520b.html"),
        ("dir//file", "/dir//file"),
        ("/lead", "//lead"),
        ("dir/file", "/dir%2Ffile"),
        ("../up", "/../up"),
        ("q?m#h.html", "/q%3Fm%23h.html"),
        ("(1)'!*~$&=@:,;.html", "/(1)'!*~$&=@:,;.html"),
        ("(1)'!*~.html", "/%281%29%27%21%2a%7e.html"),
        ("folder/", "/folder/"),
    ],
)
async def test_key(bucket: Bucket, key: str, target: str) -> None:
    """The object's key is the path, percent-decoded once and not normalized."""
    bucket.put(key, key.encode())
    bucket.allow(resource=f"/{key.replace('*', '?').replace('$', '?')}")
    response = await bucket.fetch(target)
    assert (response.status, response.body) == (200, key.encode())


async def test_origin_path(bucket: Bucket) -> None:
    """The key is the origin's path and the viewer's path together, for the policy, too."""
    bucket.put("v2/index.html", b"two")
    bucket.allow(resource="/v2/*")
    assert (await bucket.fetch("/index.html", origin=replace(bucket.origin, path="/v2"))).body == b"two"


@pytest.mark.parametrize("query", ["?x=a+b", "?x=%7E%2a&y", "?v=1&response-cache-control=no-cache", "?=&&"])
async def test_query(bucket: Bucket, query: str) -> None:
    """A query string that has no meaning to S3 does not break the signature."""
    bucket.put("index.html")
    bucket.allow()
    assert (await bucket.fetch(f"/index.html{query}")).status == 200


@pytest.mark.parametrize(
    "target", ["/?policy", "/index.html?acl", "/index.html?versionId=null", "/index.html?%61cl", "/"]
)
async def test_more_than_objects(bucket: Bucket, target: str) -> None:
    """s3:GetObject does not allow reading the bucket's policy, its list of objects, or the ACL of an object."""
    bucket.put("index.html")
    bucket.allow()
    assert (await bucket.fetch(target)).status == 403


async def test_listing(bucket: Bucket) -> None:
    """With s3:ListBucket, the root is the bucket's list of objects."""
    bucket.put("index.html")
    bucket.allow("s3:ListBucket", resource="")
    response = await bucket.fetch("/")
    assert (response.status, b"<Key>index.html</Key>" in response.body) == (200, True)


@pytest.mark.parametrize(
    ("asked", "status", "body"), [("bytes=1-2", 206, b"el"), ("bytes=0-1,3-4", 200, b"hello"), ("bytes=9-", 416, None)]
)
async def test_ranges(bucket: Bucket, asked: str, status: int, body: bytes | None) -> None:
    """S3 answers one range. For several, it sends the object."""
    bucket.put("index.html")
    bucket.allow()
    response = await bucket.fetch("/index.html", headers={"Range": asked})
    assert (response.status, body in (None, response.body)) == (status, True)


# ── Missing objects ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_missing_object(bucket: Bucket, caplog) -> None:
    """A missing object gets the usual 403. The terminal says that the object is missing."""
    bucket.allow()
    for method in ("GET", "HEAD"):
        response = await bucket.fetch("/caf%C3%A9.html", method)
        assert (response.status, response.body.decode()) == (403, DENIED)
    line = (
        f"There is no object 'caf\\xe9.html' in bucket {bucket.name}. S3 answers 403, not 404, "
        "because the bucket's policy does not allow CloudFront s3:ListBucket."
    )
    assert caplog.messages == [line, line]


async def test_missing_object_with_list_bucket(bucket: Bucket) -> None:
    """If CloudFront may list the bucket, a missing object gets a 404."""
    get = bucket.allow()
    bucket.put_policy(get, {**get, "Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{bucket.name}"})
    response = await bucket.fetch("/none.html")
    assert (response.status, b"<Code>NoSuchKey</Code>" in response.body) == (404, True)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_missing_object_of_a_function(bucket: Bucket, role: Callable[..., Credentials], caplog, method) -> None:
    """A missing object gets a 403 if the role of the function that signed may not list the bucket."""
    credentials = role({"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket.name}/*"})
    headers, origin = bucket.signed(credentials, method), replace(bucket.origin, access_control=None)
    response = await bucket.fetch("/index.html", method, headers=headers, origin=origin)
    assert (response.status, response.body.decode()) == (403, DENIED)
    assert caplog.messages == [
        f"There is no object 'index.html' in bucket {bucket.name}. S3 answers 403, not 404, because the policies of "
        "the role that signed do not allow s3:ListBucket."
    ]


async def test_missing_object_of_a_function_that_lists(bucket: Bucket, role: Callable[..., Credentials]) -> None:
    """A missing object gets a 404 if the role of the function that signed may list the bucket."""
    names = [f"arn:aws:s3:::{bucket.name}", f"arn:aws:s3:::{bucket.name}/*"]
    credentials = role({"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": names})
    origin = replace(bucket.origin, access_control=None)
    response = await bucket.fetch("/index.html", headers=bucket.signed(credentials), origin=origin)
    assert (response.status, b"<Code>NoSuchKey</Code>" in response.body) == (404, True)


async def test_missing_bucket(bucket: Bucket, role: Callable[..., Credentials], caplog) -> None:
    """A missing bucket gets S3's 404, also for a request that a function signed; the terminal says it is missing."""
    bucket.client.delete_bucket(Bucket=bucket.name)
    signed = bucket.signed(role({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}))
    for headers, origin in ((None, bucket.origin), (signed, replace(bucket.origin, access_control=None))):
        response = await bucket.fetch("/index.html", headers=headers, origin=origin)
        assert (response.status, b"<Code>NoSuchBucket</Code>" in response.body) == (404, True)
    assert (
        caplog.messages
        == [
            f"S3 bucket {bucket.name} is not in this stack, so the embedded AWS cannot answer as the real one does. "
            "Choose a bucket of the template, make this one (aws s3api create-bucket), or send such requests to the "
            "real AWS: --pass-through."
        ]
        * 2
    )


# ── Other requests ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_head_range_and_condition(bucket: Bucket) -> None:
    """S3 itself answers conditional requests and range requests."""
    bucket.put("index.html", b"0123456789")
    bucket.allow()
    head = await bucket.fetch("/index.html", "HEAD")
    assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", "10")
    part = await bucket.fetch("/index.html", headers={"Range": "bytes=2-3"})
    assert (part.status, part.body, part.headers["Content-Range"]) == (206, b"23", "bytes 2-3/10")
    assert (await bucket.fetch("/index.html", headers={"If-None-Match": head.headers["ETag"]})).status == 304


async def test_put_and_delete(bucket: Bucket) -> None:
    """PUT and DELETE need permissions of their own."""
    bucket.allow()
    assert (await bucket.fetch("/new", "PUT", b"\x00\xff")).status == 403
    bucket.allow("s3:GetObject", "s3:PutObject")
    assert (await bucket.fetch("/new", "PUT", b"\x00\xff", {"Content-Type": "image/png"})).status == 200
    stored = await bucket.fetch("/new")
    assert (stored.body, stored.headers["Content-Type"]) == (b"\x00\xff", "image/png")
    assert (await bucket.fetch("/new", "DELETE")).status == 403
    bucket.allow("s3:DeleteObject")
    assert (await bucket.fetch("/new", "DELETE")).status == 204


async def test_preflight(bucket: Bucket) -> None:
    """A CORS preflight is answered by the bucket's CORS rules, even if the policy does not allow it."""
    preflight = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    assert b"CORS is not enabled" in (await bucket.fetch("/index.html", "OPTIONS", headers=preflight)).body
    rule = {"AllowedOrigins": ["https://example.org"], "AllowedMethods": ["GET"]}
    bucket.client.put_bucket_cors(Bucket=bucket.name, CORSConfiguration={"CORSRules": [rule]})
    response = await bucket.fetch("/index.html", "OPTIONS", headers=preflight)
    assert (response.status, response.headers["Access-Control-Allow-Origin"]) == (200, "https://example.org")


# ── Regions ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "origin_access",
    [{"access_control": ALWAYS}, {"access_control": None, "access_identity": IDENTITY}],
    ids=["access control", "access identity"],
)
async def test_signed_for_another_region(bucket: Bucket, caplog, origin_access: dict[str, Any]) -> None:
    """A request signed for another Region than the bucket's is refused. Viewer and terminal get both Regions."""
    bucket.put("index.html")
    bucket.allow()
    origin = replace(bucket.origin, region="eu-west-1", **origin_access)
    response = await bucket.fetch("/index.html", origin=origin)
    assert (response.status, response.reason, response.body.decode()) == (400, "Bad Request", MALFORMED)
    assert caplog.messages == [SIGNED_FOR_ANOTHER.format(bucket.name)]


async def test_signed_by_a_function_for_another_region(aws: Endpoint, bucket: Bucket, caplog) -> None:
    """For a request that a function signed, the Region of its signature counts, not the origin's."""
    bucket.put("index.html")
    origin = replace(bucket.origin, access_control=None)
    answers = {
        region: await bucket.fetch("/index.html", headers=_signed(aws, bucket, region), origin=origin)
        for region in ("us-east-1", "eu-west-1")
    }
    assert (answers["us-east-1"].status, answers["us-east-1"].body) == (200, b"hello")
    assert (answers["eu-west-1"].status, answers["eu-west-1"].body.decode()) == (400, MALFORMED)
    assert caplog.messages == [SIGNED_FOR_ANOTHER.format(bucket.name)]


@pytest.mark.parametrize("access_control", [ALWAYS, None])
async def test_sent_to_another_region(bucket: Bucket, caplog, access_control: AccessControl | None) -> None:
    """The endpoint of another Region answers with a redirect to the bucket's Region."""
    bucket.put("index.html")
    bucket.allow()
    origin = replace(
        bucket.origin, domain_name=f"{bucket.name}.s3.eu-west-1.amazonaws.com", access_control=access_control
    )
    response = await bucket.fetch("/index.html", headers={"Host": origin.domain_name}, origin=origin)
    assert (response.status, response.reason, response.body.decode()) == (
        301,
        "Moved Permanently",
        '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>PermanentRedirect</Code><Message>The bucket you are '
        "attempting to access must be addressed using the specified endpoint.</Message>"
        f"<Endpoint>{bucket.name}.s3.us-east-1.amazonaws.com</Endpoint></Error>",
    )
    assert caplog.messages == [
        f"S3 bucket {bucket.name} is in us-east-1, but the origin's domain name, {origin.domain_name}, is for another "
        f"Region. Use {bucket.name}.s3.us-east-1.amazonaws.com."
    ]


async def test_bucket_of_another_region(bucket: Bucket, aws: Endpoint) -> None:
    """A bucket outside us-east-1 is served by the endpoint of its own Region."""
    name = f"{bucket.name}-sydney"
    client = aws.client("s3", "ap-southeast-2")
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-2"})
    domain_name = f"{name}.s3.ap-southeast-2.amazonaws.com"
    there = replace(
        bucket,
        name=name,
        client=client,
        origin=replace(bucket.origin, domain_name=domain_name, region="ap-southeast-2"),
    )
    there.put("index.html", b"g'day")
    there.allow()
    response = await there.fetch("/index.html")
    assert (response.status, response.body) == (200, b"g'day")
    # The global endpoint leads to the bucket's Region. CloudFront signs for it, unless a function says another.
    anywhere = replace(there, origin=replace(there.origin, domain_name=f"{name}.s3.amazonaws.com", region="us-east-1"))
    for access_control, headers, status in (
        (ALWAYS, {}, 200),
        (None, {}, 403),
        (None, _signed(aws, anywhere, "us-east-1"), 400),
    ):
        origin = replace(anywhere.origin, access_control=access_control)
        assert (await anywhere.fetch("/index.html", headers=headers, origin=origin)).status == status
    elsewhere = replace(anywhere.origin, region="eu-west-1")
    assert (await anywhere.fetch("/index.html", origin=elsewhere)).status == 400
    assert (await there.fetch("/index.html", origin=replace(there.origin, region="us-east-1"))).status == 400


def _signed(aws: Endpoint, bucket: Bucket, region: str) -> dict[str, str]:
    """The headers that a function with root keys would send."""
    signed = AWSRequest(
        "GET", f"https://{bucket.origin.domain_name}/index.html", headers={"Host": bucket.origin.domain_name}
    )
    S3SigV4Auth(Credentials(*aws.key), "s3", region).add_auth(signed)
    return dict(signed.headers.items())
