"""The door of the embedded AWS, over real sockets: who is refused, and who still works."""

import asyncio
import http.client
import io
import json
import logging
import stat
import zipfile
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.auth import S3SigV4QueryAuth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from cloudfront_local.aws import environment_file, ministack
from cloudfront_local.aws.embedded.door import PASS
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.errors import LocalError

CREATE_FUNCTION = "/2015-03-31/functions"
GET_IDENTITY = "Action=GetCallerIdentity&Version=2011-06-15"
ECHO = """
import boto3, os

def handler(event, context):
    return [boto3.client("sts").get_caller_identity()["Arn"], *os.environ.values()]
"""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def send(
    endpoint: Endpoint, method: str, path: str, headers: dict[str, str], body: str | bytes = ""
) -> tuple[int, str]:
    """The status and the body of an answer to a request with these headers alone, and a length."""
    connection = http.client.HTTPConnection(endpoint.url.removeprefix("http://"), timeout=30)
    connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
    content = body.encode() if isinstance(body, str) else body
    for name, value in {**headers, "Content-Length": str(len(content))}.items():
        connection.putheader(name, value)
    connection.endheaders(content)
    answer = connection.getresponse()
    text = answer.read().decode(errors="replace")
    connection.close()
    return answer.status, text


def signed(endpoint: Endpoint, key: tuple[str, str], body: str = GET_IDENTITY) -> dict[str, str]:
    """The headers of a signed request for the caller's identity."""
    request = AWSRequest("POST", f"{endpoint.url}/", data=body, headers=dict(FORM))
    SigV4Auth(Credentials(*key), "sts", "us-east-1").add_auth(request)
    return dict(request.headers.items())


# ── Refused ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Origin": "https://example.org"}, "a web page sent it"),
        ({"Origin": "null"}, "a web page sent it"),
        ({"Sec-Fetch-Site": "cross-site"}, "a web page sent it"),
        ({"Sec-Fetch-Site": "same-site"}, "a web page sent it"),
        ({"Host": "rebound.example.org"}, "its Host is neither"),
        ({"Host": "s3.amazonaws.com.example.org"}, "its Host is neither"),
        ({"Authorization": "Bearer x"}, "is not Signature Version 4"),
        ({"Authorization": "aws4-hmac-sha256 Credential=test/20260101/us-east-1/sts/aws4_request"}, "is not Signature"),
        ({"Authorization": "AWS test:c2lnbmF0dXJl"}, "is not Signature"),
        ({"Authorization": "Basic eDp5"}, "is not Signature"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "OPTIONS"])
def test_refused(endpoint: Endpoint, method: str, headers: dict[str, str], reason: str) -> None:
    """The door answers a web page, a foreign host, and an authorization that is not AWS's, with 403 and the reason."""
    status, body = send(endpoint, method, CREATE_FUNCTION, headers)
    assert (status, reason in body) == (403, True), body


OPENED = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "cross-site"}
SIGN_IN_PAGES = ["/oauth2/authorize?client_id=none&response_type=code", "/logout?client_id=none&logout_uri=x"]


@pytest.mark.parametrize("path", SIGN_IN_PAGES)
def test_sign_in_pages(endpoint: Endpoint, path: str) -> None:
    """A browser may open Cognito's hosted sign-in pages from any site: Cognito answers, here that it has no client."""
    status, body = send(endpoint, "GET", path, OPENED)
    assert (status, "invalid_client" in body) == (400, True), body


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {**OPENED, "Sec-Fetch-Dest": "iframe"}),
        ("GET", {**OPENED, "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}),
        ("GET", {**OPENED, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}),
        ("GET", {**OPENED, "Origin": "https://example.org"}),
        ("POST", {**OPENED, "Origin": "https://example.org"}),
        ("POST", OPENED),
    ],
)
@pytest.mark.parametrize("path", SIGN_IN_PAGES)
def test_sign_in_pages_for_scripts_and_frames(
    endpoint: Endpoint, path: str, method: str, headers: dict[str, str]
) -> None:
    """A frame, a script, an image and a form of a web page reach no sign-in page."""
    status, body = send(endpoint, method, path, headers)
    assert (status, "a web page sent it" in body) == (403, True), body


@pytest.mark.parametrize("path", ["/oauth2/authorize/", "/oauth2/authorize/x", "/%2f/logout", "/oauth2/token", "/"])
def test_other_pages(endpoint: Endpoint, path: str) -> None:
    """All else stays closed to a browser that comes from a web page, whatever it opens."""
    assert send(endpoint, "GET", path, OPENED)[0] == 403


def test_sign_in_form(endpoint: Endpoint) -> None:
    """The sign-in page sends its form. No page of another site can: it could sign a person in as somebody else."""
    form = {**FORM, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    own = {**form, "Origin": endpoint.url, "Sec-Fetch-Site": "same-origin"}
    status, body = send(endpoint, "POST", "/login", own, "client_id=none")
    assert (status, "invalid_client" in body) == (400, True), body
    for headers in (
        {**own, "Origin": "https://example.org"},
        {**own, "Origin": "null"},
        {**own, "Sec-Fetch-Site": "cross-site"},
        {**own, "Sec-Fetch-Site": "same-site"},  # another port of this machine
        {**own, "Host": "rebound.example.org", "Origin": "http://rebound.example.org"},
        {name: value for name, value in own.items() if name != "Origin"} | {"Sec-Fetch-Site": "cross-site"},
    ):
        assert send(endpoint, "POST", "/login", headers, "client_id=none")[0] == 403


@pytest.mark.parametrize("key", ["test", "123456789012", "AKIAIOSFODNN7EXAMPLE", "root"])
def test_other_keys(endpoint: Endpoint, key: str) -> None:
    """ministack takes some keys for root, whatever their signature. The door refuses each key but the root key."""
    status, body = send(endpoint, "POST", "/", signed(endpoint, (key, "test")), GET_IDENTITY)
    assert (status, "neither the root key" in body) == (403, True)


def test_wrong_secret(endpoint: Endpoint) -> None:
    """The root key's id with another secret is refused."""
    status, body = send(endpoint, "POST", "/", signed(endpoint, (endpoint.key.id, "wrong")), GET_IDENTITY)
    assert (status, "its signature is wrong" in body) == (403, True)


def test_another_body(endpoint: Endpoint) -> None:
    """A signature holds for the body that was signed, and for no other."""
    headers = signed(endpoint, endpoint.key)
    assert send(endpoint, "POST", "/", headers, GET_IDENTITY)[0] == 200
    assert send(endpoint, "POST", "/", headers, GET_IDENTITY + "&X=1")[0] == 403


@pytest.mark.parametrize("minutes", [-20, 20])
def test_another_time(endpoint: Endpoint, minutes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A signature holds for a quarter of an hour."""
    then = datetime.now(UTC) + timedelta(minutes=minutes)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda **_: then.replace(tzinfo=None))
    status, body = send(endpoint, "POST", "/", signed(endpoint, endpoint.key), GET_IDENTITY)
    assert (status, "has expired, or is not valid yet" in body) == (403, True)


@pytest.mark.parametrize(
    "path",
    [
        "/_ministack/reset",
        "//_ministack/reset",
        "/%5fministack/reset",
        "/_ministack/%72eset",
        "/_ministack/config",
        "/_ministack/lambda-code/function",
        "/_ministack/rds/iam-auth",
        "/_localstack/health",
    ],
)
def test_administration(endpoint: Endpoint, path: str) -> None:
    """ministack's administration is closed, in each spelling of its paths, also for a request that is signed."""
    for headers in ({}, signed(endpoint, endpoint.key)):
        status, body = send(endpoint, "POST", path, headers)
        assert (status, "administration is closed" in body) == (403, True)
    assert send(endpoint, "GET", "/_ministack/health", {})[0] == 200


def test_a_forwarded_request_reaches_no_administration(endpoint: Endpoint) -> None:
    """The tool passes on a viewer's headers and path: the path still cannot name ministack's administration."""
    forward = endpoint.headers("forward")
    assert send(endpoint, "POST", "/_ministack/reset", {**forward, "Host": "b.s3.amazonaws.com"})[0] == 403
    answer = send(endpoint, "GET", "/none", {**forward, "Host": "b.s3.amazonaws.com", "Origin": "https://example.org"})
    assert "cloudfront-local refuses" not in answer[1]
    assert send(endpoint, "GET", "/none", {PASS: "guessed", "Origin": "https://example.org"})[0] == 403


def test_unsigned(endpoint: Endpoint) -> None:
    """ministack itself refuses the APIs of AWS without a signature: what three form posts of a page would do."""
    lambda_client = endpoint.client("lambda")
    for path, body in (
        ("/", "Action=CreateRole&RoleName=evil&AssumeRolePolicyDocument={}&Version=2010-05-08"),
        (CREATE_FUNCTION, json.dumps({"FunctionName": "evil", "Runtime": "python3.13", "Handler": "x.y"})),
        ("/2015-03-31/functions/evil/invocations", "{}"),
    ):
        assert send(endpoint, "POST", path, FORM, body)[0] in (403, 404)
    assert "evil" not in [each["FunctionName"] for each in lambda_client.list_functions()["Functions"]]
    assert "evil" not in [each["RoleName"] for each in endpoint.client("iam").list_roles()["Roles"]]


async def test_each_refusal_is_one_line(caplog: pytest.LogCaptureFixture, eventually) -> None:
    """The log has a line for each refusal: method, path and reason, and no query string.

    It has none for the icon that browsers ask for beside a sign-in page.
    """
    icon = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    with caplog.at_level(logging.WARNING, "aws"):
        async with ministack.running() as aws:
            refused = await asyncio.to_thread(send, aws.endpoint, "GET", "/favicon.ico", icon)
            assert refused[0] == 403
            await asyncio.to_thread(send, aws.endpoint, "POST", "/x?secret=1", {"Origin": "https://example.org"})
            await asyncio.to_thread(eventually, lambda: caplog.messages)
    assert caplog.messages == ["The embedded AWS refused POST /x: a web page sent it (it has the header Origin)."]


# ── Served ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_clients(endpoint: Endpoint) -> None:
    """boto3's clients work as root: each protocol, odd paths, and bodies that are signed in chunks."""
    assert endpoint.client("sts").get_caller_identity()["Arn"].endswith(":root")
    assert "TableNames" in endpoint.client("dynamodb").list_tables()
    assert "Functions" in endpoint.client("lambda").list_functions()
    assert "DistributionList" in endpoint.client("cloudfront").list_distributions()
    assert "Roles" in endpoint.client("iam").list_roles()
    s3 = endpoint.client("s3")
    s3.create_bucket(Bucket="door")
    for name in ("plain", "with space+and/ä~!*'()", "100%25"):
        s3.put_object(Bucket="door", Key=name, Body=b"x" * 100_000)
        assert len(s3.get_object(Bucket="door", Key=name)["Body"].read()) == 100_000
    s3.upload_fileobj(io.BytesIO(b"y" * 9_000_000), "door", "parts")
    assert s3.list_objects_v2(Bucket="door", Prefix="with space+")["KeyCount"] == 1


def test_presigned(endpoint: Endpoint) -> None:
    """A presigned URL of the root key works until its end, and for its own object alone."""
    endpoint.client("s3").create_bucket(Bucket="presigned")
    endpoint.client("s3").put_object(Bucket="presigned", Key="a", Body=b"hello")
    request = AWSRequest("GET", f"{endpoint.url}/presigned/a")
    S3SigV4QueryAuth(Credentials(*endpoint.key), "s3", "us-east-1", expires=60).add_auth(request)
    target = request.url.removeprefix(endpoint.url)
    assert send(endpoint, "GET", target, {}) == (200, "hello")
    assert send(endpoint, "GET", target.replace("/presigned/a", "/presigned/b"), {})[0] == 403
    assert send(endpoint, "GET", target, {"Sec-Fetch-Site": "cross-site"})[0] == 403
    assert send(endpoint, "GET", target + "&X-Amz-Credential=test/20260101/us-east-1/s3/aws4_request", {})[0] == 403


def test_temporary_keys(endpoint: Endpoint) -> None:
    """A role's temporary keys work within its policy; a wrong secret or a key that nobody issued does not."""
    iam, sts = endpoint.client("iam"), endpoint.client("sts")
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName="door", AssumeRolePolicyDocument=policy)["Role"]["Arn"]
    found = sts.assume_role(RoleArn=role, RoleSessionName="edge")["Credentials"]

    def client(key: str, secret: str):
        session = boto3.Session(key, secret, found["SessionToken"], region_name="us-east-1")
        return session.client("sts", endpoint_url=endpoint.url, config=Config(retries={"total_max_attempts": 1}))

    assert ":assumed-role/door/" in client(found["AccessKeyId"], found["SecretAccessKey"]).get_caller_identity()["Arn"]
    for key, secret in ((found["AccessKeyId"], "wrong"), ("ASIAIOSFODNN7EXAMPLE", found["SecretAccessKey"])):
        with pytest.raises(ClientError):
            client(key, secret).get_caller_identity()


def test_token_endpoint(endpoint: Endpoint) -> None:
    """A token endpoint gets the client's Authorization header: Basic, as OAuth asks."""
    cognito = endpoint.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="door")["UserPool"]["Id"]
    cognito.create_resource_server(
        UserPoolId=pool, Identifier="files", Name="files", Scopes=[{"ScopeName": "read", "ScopeDescription": "read"}]
    )
    made = cognito.create_user_pool_client(
        UserPoolId=pool,
        ClientName="router",
        GenerateSecret=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=["files/read"],
        AllowedOAuthFlowsUserPoolClient=True,
    )["UserPoolClient"]
    basic = b64encode(f"{made['ClientId']}:{made['ClientSecret']}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}", **FORM}
    status, body = send(endpoint, "POST", "/oauth2/token", headers, "grant_type=client_credentials&scope=files/read")
    assert (status, "access_token" in body) == (200, True)


def test_function_url_without_authorization(endpoint: Endpoint) -> None:
    """A function URL with the AuthType NONE takes requests with any Authorization, and its function calls AWS."""
    iam, functions = endpoint.client("iam"), endpoint.client("lambda")
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName="url", AssumeRolePolicyDocument=policy)["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", ECHO)
    functions.create_function(
        FunctionName="door-url",
        Runtime="python3.13",
        Role=role,
        Handler="index.handler",
        Code={"ZipFile": code.getvalue()},
    )
    url = functions.create_function_url_config(FunctionName="door-url", AuthType="NONE")["FunctionUrl"]
    functions.add_permission(
        FunctionName="door-url",
        StatementId="all",
        Action="lambda:InvokeFunctionUrl",
        Principal="*",
        FunctionUrlAuthType="NONE",
    )
    host = url.removeprefix("https://").removesuffix("/").partition(":")[0]
    status, body = send(endpoint, "GET", "/", {"Host": host, "Authorization": "Bearer x"})
    assert (status, ":assumed-role/url/" in body, endpoint.key.id in body) == (200, True, False), body
    assert endpoint.key.secret not in body


# ── The key's file ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_environment_file(endpoint: Endpoint, tmp_path) -> None:
    """The user alone may read the file. The other commands read the endpoint from the file; it is gone afterwards."""
    with environment_file.written(tmp_path, endpoint):
        path = tmp_path / environment_file.NAME
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert environment_file.read(tmp_path) == endpoint
        assert endpoint.key.secret not in repr(endpoint)
    assert not path.exists()
    with pytest.raises(LocalError, match="does not hold the address and the key"):
        environment_file.read(tmp_path)
