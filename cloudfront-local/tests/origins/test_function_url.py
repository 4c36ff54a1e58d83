"""Function URLs against the embedded Lambda: permissions, the answers to refused callers, and the terminal."""

import asyncio
import hashlib
import io
import json
import uuid
import zipfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from multidict import CIMultiDict

from cloudfront_local.aws import callers
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import AccessControl, CustomOrigin
from cloudfront_local.distribution.pages import OriginFailed
from cloudfront_local.origins.function_url import FunctionUrls
from cloudfront_local.origins.transport import Transport

DISTRIBUTION = "arn:aws:cloudfront::123456789012:distribution/EDFDVBD6EXAMPLE"
URL, FUNCTION = "lambda:InvokeFunctionUrl", "lambda:InvokeFunction"
FORBIDDEN = (
    "Forbidden. For troubleshooting Function URL authorization issues, see: "
    "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
)
MISMATCH = "The request signature we calculated does not match the signature you provided."
SOURCE = """
import base64, json
def handler(event, context):
    print("called")  # the embedded AWS waits until the function prints a line
    body = base64.b64decode(event.get("body") or "").decode()  # base64: without a content type, a body counts as binary
    return {"statusCode": 200, "body": json.dumps({"query": event["rawQueryString"], "body": body})}
"""
TRUST = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}},
}


@dataclass
class Echo:
    """A function of the embedded AWS that answers with its request."""

    aws: Endpoint
    name: str
    arn: str
    domain: str

    def role(self, *statements: dict[str, Any]) -> tuple[str, Credentials]:
        """Makes a role with these statements. Returns the role and its credentials."""
        iam, name = self.aws.client("iam"), f"signer-{uuid.uuid4().hex[:8]}"
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        if statements:
            policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
            iam.put_role_policy(RoleName=name, PolicyName="signer", PolicyDocument=policy)
        found = self.aws.client("sts").assume_role(RoleArn=arn, RoleSessionName="edge")["Credentials"]
        return arn, Credentials(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])

    def grant(self, action: str, **condition: Any) -> dict[str, Any]:
        """A statement that allows this action on the function."""
        return {"Effect": "Allow", "Action": action, "Resource": self.arn, **condition}


def signed_headers(
    method: str,
    host: str,
    query: str,
    body: bytes | str,
    *,
    service: str,
    region: str,
    credentials: Credentials,
    now: datetime,
    send_hash: bool,
) -> dict[str, str]:
    """The headers that botocore adds when it signs a request for /x. A str as the body is used as the body's hash."""
    headers = {"X-Amz-Date": now.strftime("%Y%m%dT%H%M%SZ")}
    if credentials.token:
        headers["X-Amz-Security-Token"] = credentials.token
    if send_hash:
        headers["X-Amz-Content-SHA256"] = body if isinstance(body, str) else hashlib.sha256(body).hexdigest()
    sent = AWSRequest(method, f"https://{host}/x" + (f"?{query}" if query else ""), headers=headers, data=body)
    sent.context["timestamp"] = headers["X-Amz-Date"]
    auth = SigV4Auth(credentials, service, region)
    signature = auth.signature(auth.string_to_sign(sent, auth.canonical_request(sent)), sent)
    auth._inject_signature_to_request(sent, signature)
    return dict(sent.headers.items())


def deployed(aws: Endpoint, auth_type: str) -> Echo:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("index.py", SOURCE)
    client, name = aws.client("lambda"), f"echo-{uuid.uuid4().hex[:8]}"
    role = aws.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    runtime = {"Runtime": "python3.13", "Role": role, "Handler": "index.handler"}
    arn = client.create_function(FunctionName=name, Code={"ZipFile": archive.getvalue()}, **runtime)["FunctionArn"]
    url = client.create_function_url_config(FunctionName=name, AuthType=auth_type)["FunctionUrl"]
    return Echo(aws, name, arn, url.split("/")[2])


@pytest.fixture(scope="module")
def echo(aws: Endpoint) -> Iterator[Echo]:
    """A function behind a URL of auth type AWS_IAM."""
    echo = deployed(aws, "AWS_IAM")
    yield echo
    aws.client("lambda").delete_function(FunctionName=echo.name)


@dataclass
class Caller:
    """Sends requests to the function URL like an edge function with this role."""

    echo: Echo
    transport: Transport
    role: str
    credentials: Credentials
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def request(self, method: str = "GET", query: str = "", body: bytes = b"", **scope: Any) -> Request:
        """A signed request; `scope` replaces the service, Region, credentials or time of the signature."""
        parts = {
            "service": "lambda",
            "region": "us-east-1",
            "credentials": self.credentials,
            "now": self.now,
            "send_hash": True,
            **scope,
        }
        added = signed_headers(method, self.echo.domain, query, body, **parts)
        return Request(method, "/x", query, CIMultiDict({"Host": self.echo.domain, **added}), body)

    async def fetch(self, request: Request, signing: str = "", echo: Echo | None = None) -> Response:
        """The answer of the origin, which has an origin access control if `signing` is given."""
        account = callers.account(self.echo.aws, {self.credentials.access_key: self.role}.get)
        urls = FunctionUrls(
            self.transport, account, DISTRIBUTION, Credentials(*self.echo.aws.key), clock=lambda: self.now
        )
        control = AccessControl("lambda", signing) if signing else None
        origin = CustomOrigin(domain_name=(echo or self.echo).domain, access_control=control)
        return await urls.fetch(request, origin)


@pytest.fixture
async def transport(aws: Endpoint) -> AsyncIterator[Transport]:
    transport = Transport(aws.url, aws.headers("forward"))
    yield transport
    await transport.close()


@pytest.fixture
async def caller(echo: Echo, transport: Transport) -> Caller:
    """A caller whose role has both permissions, like the template's roles."""
    statements = (
        echo.grant(URL, Condition={"StringEquals": {"lambda:FunctionUrlAuthType": "AWS_IAM"}}),
        echo.grant(FUNCTION, Condition={"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}),
    )
    return Caller(echo, transport, *await asyncio.to_thread(echo.role, *statements))


def refusal(response: Response) -> tuple[int, str, str]:
    """The status, AWS's error code and the message that a refused caller gets."""
    message = json.loads(response.body)["Message"]
    return response.status, response.headers["x-amzn-ErrorType"], message


def reasons(caplog, echo: Echo) -> list[str]:
    """The reasons in the terminal for refusals by this function URL."""
    start = f"Function URL {echo.domain} refuses the request: "
    assert all(message.startswith(start) for message in caplog.messages)
    return [message.removeprefix(start) for message in caplog.messages]


# ── Signed by an edge function ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("method", "query", "body"), [("GET", "a=1&a=%20", b""), ("POST", "", b'{"a": "\xc3\xa4"}'), ("DELETE", "", b"")]
)
async def test_signed(caller, caplog, method: str, query: str, body: bytes) -> None:
    """A signed request reaches the function, and the terminal shows no remark."""
    response = await caller.fetch(caller.request(method, query, body))
    assert (response.status, json.loads(response.body)) == (200, {"query": query, "body": body.decode()})
    assert caplog.messages == []


async def test_not_in_this_stack(caller, caplog) -> None:
    """A function URL that no function of the stack has is named in the terminal, signed or not."""
    elsewhere = replace(caller.echo, domain=f"{'a' * 32}.lambda-url.us-east-1.on.aws")
    for request in (caller.request(), Request("GET", "/x", headers=CIMultiDict({"Host": elsewhere.domain}))):
        request.headers["Host"] = elsewhere.domain
        response = await caller.fetch(request, echo=elsewhere)
        assert 400 <= response.status < 500
    assert (
        caplog.messages
        == [
            f"Function URL {elsewhere.domain} is not in this stack: no function here has it, so the embedded AWS "
            "cannot answer as the real one does. Choose the URL of a function of the template, or send such requests "
            "to the real AWS: --pass-through."
        ]
        * 2
    )


async def test_unsigned(caller, caplog) -> None:
    """A request without a signature, or with a password in Authorization, is refused."""
    for headers in ({}, {"Authorization": "Basic ZGVtbzpkZW1v"}):
        request = Request("GET", "/x", headers=CIMultiDict({"Host": caller.echo.domain, **headers}))
        assert refusal(await caller.fetch(request)) == (403, "AccessDeniedException", FORBIDDEN)
    assert reasons(caplog, caller.echo) == ["the request is not signed"] * 2


@pytest.mark.parametrize(
    ("scope", "message", "reason"),
    [
        (
            {"service": "execute-api"},
            "Credential should be scoped to correct service: 'lambda'. ",
            "signed for the service execute-api, not lambda",
        ),
        (
            {"region": "eu-west-1"},
            "Credential should be scoped to a valid region, not 'eu-west-1'. ",
            "signed for eu-west-1; the function is in us-east-1",
        ),
    ],
)
async def test_scope(caller, caplog, scope: dict[str, str], message: str, reason: str) -> None:
    """A signature for another service or Region is refused. The embedded AWS alone would accept it."""
    response = await caller.fetch(caller.request(**scope))
    assert refusal(response) == (403, "InvalidSignatureException", message)
    assert reasons(caplog, caller.echo) == [reason]


@pytest.mark.parametrize(("seconds", "word"), [(-301, "expired"), (301, "not yet current")])
async def test_clock(caller, caplog, seconds: int, word: str) -> None:
    """A signature is refused more than five minutes before or after its time."""
    signed_at = caller.now + timedelta(seconds=seconds)
    stamp = f"{signed_at:%Y%m%dT%H%M%SZ}"
    response = await caller.fetch(caller.request(now=signed_at))
    assert refusal(response) == (403, "InvalidSignatureException", f"Signature {word}: {stamp}")
    assert reasons(caplog, caller.echo) == [
        f"signed at {stamp}, more than 5 minutes before or after the current time: check the clock"
    ]


@pytest.mark.parametrize(
    ("stamp", "reason"),
    [
        ("", "x-amz-date is missing or malformed"),
        ("yesterday", "x-amz-date is missing or malformed"),
        ("20000101T000000Z", "x-amz-date and the credential scope have different dates"),
    ],
)
async def test_date(caller, caplog, stamp: str, reason: str) -> None:
    """x-amz-date must be present, well-formed, and have the date of the credential scope."""
    request = caller.request()
    request.headers["x-amz-date"] = stamp
    assert refusal(await caller.fetch(request))[:2] == (403, "InvalidSignatureException")
    assert reasons(caplog, caller.echo) == [reason]


async def test_body_hash(caller, caplog) -> None:
    """A hash of another body is refused, and so is UNSIGNED-PAYLOAD, which Lambda does not accept."""
    changed = replace(caller.request("POST", body=b"as signed"), body=b"as sent")
    unsigned = caller.request("POST", body="UNSIGNED-PAYLOAD")
    for request in (changed, replace(unsigned, body=b"as sent")):
        assert refusal(await caller.fetch(request)) == (403, "InvalidSignatureException", MISMATCH)
    assert reasons(caplog, caller.echo) == ["x-amz-content-sha256 is not the body's hash"] * 2


async def test_signature(caller, caplog) -> None:
    """The embedded AWS refuses a request that changed after signing or has a wrong key, and the terminal quotes it."""
    stranger = Credentials(caller.credentials.access_key, "another", caller.credentials.token)
    for request in (
        replace(caller.request(), querystring="added=1"),
        replace(caller.request("POST", body=b"as signed", send_hash=False), body=b"as sent"),
        caller.request(credentials=stranger),
    ):
        caplog.clear()
        response = await caller.fetch(request)
        assert response.status == 403
        (reason,) = reasons(caplog, caller.echo)
        assert reason == "the embedded AWS says " + response.body.decode()


@pytest.mark.parametrize(("given", "lacking"), [(URL, FUNCTION), (FUNCTION, URL)])
async def test_both_permissions(echo, transport, caplog, given: str, lacking: str) -> None:
    """A role that has only one of the two actions is refused, and the terminal names the role and the other action."""
    caller = Caller(echo, transport, *await asyncio.to_thread(echo.role, echo.grant(given)))
    assert refusal(await caller.fetch(caller.request())) == (403, "AccessDeniedException", FORBIDDEN)
    name = caller.role.rpartition("/")[2]
    assert reasons(caplog, echo) == [
        f"the role {name} lacks {lacking} on {echo.arn}: no statement allows {lacking} on {echo.arn} to the role"
    ]


async def test_no_permission(echo, transport, caplog) -> None:
    """A role without a policy is refused."""
    caller = Caller(echo, transport, *await asyncio.to_thread(echo.role))
    assert refusal(await caller.fetch(caller.request())) == (403, "AccessDeniedException", FORBIDDEN)
    name = caller.role.rpartition("/")[2]
    assert reasons(caplog, echo) == [f"the role {name} lacks {URL} on {echo.arn}: there is no policy"]


async def test_host(caller, caplog) -> None:
    """A request with another Host than the function URL's domain name is refused."""
    request = caller.request()
    request.headers["Host"] = "d111111abcdef8.cloudfront.net"
    assert refusal(await caller.fetch(request)) == (403, "AccessDeniedException", FORBIDDEN)
    assert reasons(caplog, caller.echo) == ["Host is not the function URL's domain name"]


async def test_public(caller, aws, caplog) -> None:
    """A function URL of auth type NONE accepts requests without a signature."""
    public = await asyncio.to_thread(deployed, aws, "NONE")
    permission = {"StatementId": "everyone", "Action": URL, "Principal": "*", "FunctionUrlAuthType": "NONE"}
    client = aws.client("lambda")
    await asyncio.to_thread(lambda: client.add_permission(FunctionName=public.name, **permission))
    request = Request("GET", "/x", headers=CIMultiDict({"Host": public.domain}))
    assert (await caller.fetch(request, echo=public)).status == 200
    await asyncio.to_thread(lambda: client.delete_function(FunctionName=public.name))
    assert caplog.messages == []


# ── Signed by CloudFront, for an origin access control ────────────────────────────────────────────────────────────────


@pytest.fixture
async def trust(echo: Echo) -> AsyncIterator[Any]:
    """Adds a statement to the function's policy that allows CloudFront this action for a distribution."""
    client, added = echo.aws.client("lambda"), []

    async def add(action: str, source: str = DISTRIBUTION) -> None:
        added.append(action.replace(":", "-"))
        permission = {"StatementId": added[-1], "Action": action, "Principal": "cloudfront.amazonaws.com"}
        await asyncio.to_thread(lambda: client.add_permission(FunctionName=echo.name, SourceArn=source, **permission))

    yield add
    for statement in added:
        await asyncio.to_thread(lambda s=statement: client.remove_permission(FunctionName=echo.name, StatementId=s))


def viewers(echo: Echo, body: bytes = b"", **headers: str) -> Request:
    """A viewer's request, without the signature of an edge function."""
    sent = CIMultiDict({"Host": echo.domain, **{name.replace("_", "-"): value for name, value in headers.items()}})
    return Request("POST" if body else "GET", "/x", "a=1", sent, body)


async def test_access_control(caller, trust, caplog) -> None:
    """CloudFront's signature replaces the viewer's Authorization. The function's policy must allow the distribution."""
    await trust(URL)
    await trust(FUNCTION)
    body = b"hello"
    digest = hashlib.sha256(body).hexdigest()
    for request, signing in (
        (viewers(caller.echo), "always"),
        (viewers(caller.echo, Authorization="Basic ZGVtbzpkZW1v"), "always"),
        (viewers(caller.echo, body, x_amz_content_sha256=digest), "always"),
        (viewers(caller.echo), "no-override"),
    ):
        response = await caller.fetch(request, signing)
        assert (response.status, json.loads(response.body)["body"]) == (200, request.body.decode())
    assert caplog.messages == []


async def test_access_control_that_does_not_sign(caller, trust, caplog) -> None:
    """CloudFront does not sign with never, nor with no-override if the request has an Authorization."""
    await trust(URL)
    await trust(FUNCTION)
    basic = viewers(caller.echo, Authorization="Basic ZGVtbzpkZW1v")
    for request, signing in ((viewers(caller.echo), "never"), (basic, "no-override")):
        assert refusal(await caller.fetch(request, signing)) == (403, "AccessDeniedException", FORBIDDEN)
    assert reasons(caplog, caller.echo) == ["the request is not signed"] * 2
    assert (await caller.fetch(caller.request(), "no-override")).status == 200


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "x-amz-content-sha256 is missing"),
        ({"x_amz_content_sha256": "UNSIGNED-PAYLOAD"}, "x-amz-content-sha256 is not the body's hash"),
    ],
)
async def test_access_control_and_bodies(caller, trust, caplog, headers: dict[str, str], reason: str) -> None:
    """A body needs x-amz-content-sha256 from the viewer or a function: CloudFront does not hash bodies."""
    await trust(URL)
    await trust(FUNCTION)
    response = await caller.fetch(viewers(caller.echo, b"hello", **headers), "always")
    assert refusal(response) == (403, "InvalidSignatureException", MISMATCH)
    assert reasons(caplog, caller.echo) == [reason]


@pytest.mark.parametrize(("given", "lacking"), [((), URL), ((URL,), FUNCTION), ((FUNCTION,), URL)])
async def test_access_control_without_trust(caller, trust, caplog, given: tuple[str, ...], lacking: str) -> None:
    """The function's own policy must allow CloudFront both actions."""
    for action in given:
        await trust(action)
    response = await caller.fetch(viewers(caller.echo), "always")
    assert refusal(response) == (403, "AccessDeniedException", FORBIDDEN)
    (reason,) = reasons(caplog, caller.echo)
    assert reason.startswith(f"the function's policy does not allow CloudFront {lacking}: ")


async def test_another_distribution(caller, trust, caplog) -> None:
    """A function's policy that allows another distribution does not allow this one."""
    for action in (URL, FUNCTION):
        await trust(action, DISTRIBUTION + "2")
    response = await caller.fetch(viewers(caller.echo), "always")
    assert refusal(response) == (403, "AccessDeniedException", FORBIDDEN)
    (reason,) = reasons(caplog, caller.echo)
    assert f" {DISTRIBUTION}2 is not met: " in reason


@pytest.mark.parametrize(("is_frozen", "status"), [(True, 504), (False, 502)])
async def test_the_embedded_aws_is_gone(caplog, misbehaving_server, refused_port: int, is_frozen: bool, status: int):
    """While the embedded AWS is frozen, the viewer gets 504 after the origin's response timeout; after its end, 502."""
    misbehaving_server.hang()
    aws = Endpoint(misbehaving_server.url if is_frozen else f"http://127.0.0.1:{refused_port}")
    urls = FunctionUrls(
        Transport(aws.url, aws.headers("forward")), callers.account(aws, {}.get), DISTRIBUTION, Credentials(*aws.key)
    )
    origin = CustomOrigin(domain_name="abc.lambda-url.us-east-1.on.aws", read_timeout=1)
    for _ in range(2):
        with pytest.raises(OriginFailed) as failed:
            await urls.fetch(Request("GET", "/x"), origin)
        assert failed.value.status == status
    assert caplog.text.count("The embedded AWS") == 2
    misbehaving_server.close()


async def test_a_failed_look_up_is_not_kept(aws: Endpoint) -> None:
    """After a failed look-up, the next request asks again."""
    role = f"edge-{uuid.uuid4().hex[:8]}"
    account = callers.account(aws, {}.get)
    with pytest.raises(ClientError, match="NoSuchEntity"):
        await account.policies(f"arn:aws:iam::123456789012:role/{role}")
    aws.client("iam").create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(TRUST))
    assert await account.policies(f"arn:aws:iam::123456789012:role/{role}") == []
