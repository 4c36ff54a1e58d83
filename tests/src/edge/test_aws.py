"""Calls to AWS: requests, results and retries."""

import json
import time
import traceback

import boto3
import pytest
import requests
from moto.server import ThreadedMotoServer

from edge.aws import AwsError, call, endpoint
from edge.percent import percent_decode
from edge.protocols import DYNAMODB, SECRETS_MANAGER
from edge.query import IAM, STS

IDENTITY = """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult>
    <Arn>arn:aws:sts::123456789012:assumed-role/authorizer/us-east-1.authorizer</Arn>
    <UserId>AROA:us-east-1.authorizer</UserId>
    <Account>123456789012</Account>
  </GetCallerIdentityResult>
  <ResponseMetadata><RequestId>7b58</RequestId></ResponseMetadata>
</GetCallerIdentityResponse>"""
QUERY_ERROR = """<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
  <Error><Type>Sender</Type><Code>{}</Code><Message>{}</Message></Error><RequestId>1</RequestId></ErrorResponse>"""


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    """The environment variables of a function, with keys that must never appear in an error."""
    for name in ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_STS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ASIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush-secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "hush-token")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")


@pytest.fixture
def server(misbehaving_server, monkeypatch):
    """The misbehaving server, as the endpoint of every service."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", misbehaving_server.url)
    return misbehaving_server


class Pauses(list):
    """Records the pauses instead of sleeping."""

    def __call__(self, seconds):
        self.append(seconds)


def soon():
    """A deadline that no test reaches."""
    return time.monotonic() + 20


def get_item(**options):
    """A read of one item."""
    parameters = {"TableName": "users", "Key": {"username": {"S": "zoë"}}}
    return call(DYNAMODB, "GetItem", parameters, **{"deadline": soon(), "sleep": Pauses(), **options})


def failure(**options):
    """The error of a read. No secret is in its traceback."""
    with pytest.raises(AwsError) as error:
        get_item(**options)
    assert "hush" not in "".join(traceback.format_exception(error.value))
    assert str(error.value).isprintable()
    return error.value


def test_json_request(server):
    """In the JSON protocol, a header names the operation, and parameters and result are JSON."""
    server.reply(200, '{"Item": {"username": {"S": "zoë"}}}')
    assert get_item() == {"Item": {"username": {"S": "zoë"}}}
    [request] = server.requests
    authorization = request.headers.pop("authorization")
    assert authorization.startswith("AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE/")
    signed = "content-type;host;x-amz-date;x-amz-security-token;x-amz-target"
    assert f"/eu-west-1/dynamodb/aws4_request, SignedHeaders={signed}, Signature=" in authorization
    assert len(request.headers.pop("x-amz-date")) == 16
    assert (request.method, request.target, request.json) == (
        "POST",
        "/",
        {"TableName": "users", "Key": {"username": {"S": "zoë"}}},
    )
    assert request.headers == {
        "host": f"127.0.0.1:{server.port}",
        "accept-encoding": "identity",
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "DynamoDB_20120810.GetItem",
        "x-amz-security-token": "hush-token",
        "content-length": str(len(request.body)),
    }


def test_query_request(server):
    """In the Query protocol, the request is a form, and the result is the texts of the XML's leaves."""
    server.reply(200, IDENTITY)
    assert call(STS, "GetCallerIdentity", {"Name": "c&d=é+"}, deadline=soon()) == {
        "Arn": "arn:aws:sts::123456789012:assumed-role/authorizer/us-east-1.authorizer",
        "UserId": "AROA:us-east-1.authorizer",
        "Account": "123456789012",
        "RequestId": "7b58",
    }
    [request] = server.requests
    assert request.headers["content-type"] == "application/x-www-form-urlencoded; charset=utf-8"
    assert request.body == b"Action=GetCallerIdentity&Version=2011-06-15&Name=c%26d%3D%C3%A9%2B"
    assert "/eu-west-1/sts/aws4_request" in request.headers["authorization"]


@pytest.mark.parametrize(
    ("document", "leaves"),
    [
        ("<a/>", {"a": ""}),
        ("<a><b>1</b> <b>2</b></a>", {"b": "1"}),
        ("<a>no<b>&lt;x&gt;&#233;<![CDATA[&]]></b>no</a>", {"b": "<x>é&"}),
    ],
)
def test_leaves_of_xml(server, document, leaves):
    """Of several elements with one name the first counts. Text between elements is ignored."""
    server.reply(200, document)
    assert call(STS, "GetCallerIdentity", {}, deadline=soon()) == leaves


@pytest.mark.parametrize(
    ("service", "region", "scope"),
    [
        (STS, None, "/eu-west-1/sts/"),
        (STS, "ap-southeast-2", "/ap-southeast-2/sts/"),
        (IAM, None, "/us-east-1/iam/"),
        (IAM, "ap-southeast-2", "/us-east-1/iam/"),
    ],
)
def test_region_of_the_signature(server, service, region, scope):
    """The signature is for the given Region, or the function's own. IAM has one Region."""
    server.reply(200, "<a/>")
    call(service, "Get", {}, region=region, deadline=soon())
    assert scope in server.requests[0].headers["authorization"]


class TestEndpoint:
    """Where a service is. AWS SDKs and Tools Reference Guide, "Service-specific endpoints"."""

    @pytest.mark.parametrize(
        ("service", "url"),
        [
            (DYNAMODB, "https://dynamodb.eu-west-1.amazonaws.com"),
            (SECRETS_MANAGER, "https://secretsmanager.eu-west-1.amazonaws.com"),
            (STS, "https://sts.eu-west-1.amazonaws.com"),
            (IAM, "https://iam.amazonaws.com"),
        ],
    )
    def test_of_aws(self, monkeypatch, service, url):
        """Endpoints are regional, except IAM's. An empty variable counts as unset."""
        monkeypatch.setenv("AWS_ENDPOINT_URL", "")
        assert endpoint(service, "eu-west-1") == url

    def test_for_all_services(self, monkeypatch):
        """AWS_ENDPOINT_URL is for all services without a variable of their own."""
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://all")
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://sts")
        monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://secrets")
        urls = [endpoint(service, "eu-west-1") for service in (DYNAMODB, IAM, STS, SECRETS_MANAGER)]
        assert urls == ["http://all", "http://all", "http://sts", "http://secrets"]

    @pytest.mark.parametrize("value", ["true", "True", "TRUE"])
    def test_ignored(self, monkeypatch, value):
        """AWS_IGNORE_CONFIGURED_ENDPOINT_URLS turns both off."""
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://all")
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://sts")
        monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", value)
        assert endpoint(STS, "eu-west-1") == "https://sts.eu-west-1.amazonaws.com"

    @pytest.mark.parametrize("service", [DYNAMODB, SECRETS_MANAGER, STS, IAM])
    @pytest.mark.parametrize("variable", ["own", "all", "ignored"])
    def test_as_boto3_has_it(self, monkeypatch, service, variable):
        """boto3 uses the same endpoint for each service and variable."""
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://all.example")
        if variable == "own":
            monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service.endpoint_id}", "http://own.example")
        if variable == "ignored":
            monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
        client = boto3.client(service.name, region_name="eu-west-1")
        assert endpoint(service, "eu-west-1") == client.meta.endpoint_url
        client.close()

    def test_with_a_path(self, misbehaving_server, monkeypatch):
        """A path in the endpoint's URL is sent and signed."""
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"{misbehaving_server.url}/aws/")
        misbehaving_server.reply(200, "{}")
        get_item()
        assert misbehaving_server.requests[0].target == "/aws/"


class TestRetries:
    """Up to three attempts, with random pauses, within the deadline."""

    @pytest.mark.parametrize(
        ("status", "body"),
        [
            (400, '{"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}'),
            (400, '{"__type": "com.amazon.coral.availability#ThrottlingException"}'),
            (400, '{"__type": "com.amazonaws.dynamodb.v20120810#RequestLimitExceeded"}'),
            (429, ""),
            (500, '{"__type": "InternalServerError"}'),
            (502, "<html>bad gateway</html>"),
            (503, ""),
            (504, ""),
        ],
    )
    def test_of_throttling_and_server_errors(self, server, status, body):
        """Throttling and server errors are retried over the same connection."""
        server.reply(status, body).reply(status, body).reply(200, '{"Item": {}}')
        pauses = Pauses()
        assert get_item(sleep=pauses, jitter=lambda: 0.5) == {"Item": {}}
        assert pauses == [0.025, 0.05]
        assert [request.connection for request in server.requests] == [1, 1, 1]

    @pytest.mark.parametrize("code", ["Throttling", "RequestThrottled"])
    def test_of_throttling_in_xml(self, server, code):
        """Throttling in the XML of IAM and STS is retried."""
        server.reply(400, QUERY_ERROR.format(code, "Rate exceeded")).reply(200, IDENTITY)
        assert call(STS, "GetCallerIdentity", {}, deadline=soon(), sleep=Pauses())["Account"] == "123456789012"

    @pytest.mark.parametrize("abort", ["send", "reset", "half"])
    def test_of_no_answer(self, server, abort):
        """A connection that ends early is retried."""
        if abort == "reset":
            server.reset()
        else:
            server.send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{" if abort == "half" else b"")
        server.reply(200, "{}")
        assert get_item() == {}
        assert [request.connection for request in server.requests] == [1, 2]

    def test_end_after_three_attempts(self, server):
        """The third failure is raised."""
        server.reply(503)
        pauses = Pauses()
        error = failure(sleep=pauses)
        assert (error.status, len(pauses), len(server.requests)) == (503, 2, 3)

    @pytest.mark.parametrize(
        ("status", "code"),
        [
            (400, "ExpiredTokenException"),
            (400, "UnrecognizedClientException"),
            (400, "ResourceNotFoundException"),
            (400, "ValidationException"),
            (400, "AccessDeniedException"),
            (403, "InvalidSignatureException"),
            (404, "NoSuchEntity"),
            (301, ""),
        ],
    )
    def test_none_of_other_errors(self, server, status, code):
        """Other errors are not retried."""
        server.reply(status, json.dumps({"__type": code}))
        pauses = Pauses()
        error = failure(sleep=pauses)
        assert (error.status, error.code, error.transient) == (status, code or "NoCode", False)
        assert (pauses, len(server.requests)) == ([], 1)

    def test_none_past_the_deadline(self, server):
        """There is no retry if its pause would exceed the deadline."""
        server.reply(503)
        pauses = Pauses()
        error = failure(sleep=pauses, jitter=lambda: 1000, deadline=time.monotonic() + 5)
        assert (error.status, pauses, len(server.requests)) == (503, [], 1)

    def test_pauses_are_random_and_bounded(self, server):
        """Pauses are random ("full jitter"), up to 50 ms, then up to 100 ms."""
        server.reply(503)
        firsts, seconds = set(), set()
        for _ in range(20):
            pauses = Pauses()
            failure(sleep=pauses)
            first, second = pauses
            firsts.add(first)
            seconds.add(second)
        assert 0 <= min(firsts) <= max(firsts) <= 0.05
        assert 0 <= min(seconds) <= max(seconds) <= 0.1
        assert len(firsts) == len(seconds) == 20

    def test_read_credentials_again(self, server, monkeypatch):
        """A retry uses credentials that changed meanwhile."""
        server.reply(503).reply(200, "{}")
        get_item(sleep=lambda _: monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ASIANEW"))
        keys = [request.headers["authorization"].split("=")[1].split("/")[0] for request in server.requests]
        assert keys == ["ASIAEXAMPLE", "ASIANEW"]

    def test_sleep_for_real(self, server):
        """Without a test's clock, the pause is a real one."""
        server.reply(503).reply(200, "{}")
        assert call(DYNAMODB, "GetItem", {}, deadline=soon()) == {}


class TestErrors:
    """Every failure is one exception, whose text is safe to log."""

    def parts(self, error):
        return error.service, error.operation, error.code, error.status, error.detail, str(error)

    def test_of_json(self, server):
        """The error has the code without its namespace, and not the message, which may quote the request."""
        server.reply(400, '{"__type": "com.amazonaws.dynamodb.v20120810#ValidationException", "message": "hush-token"}')
        assert self.parts(failure()) == (
            "dynamodb",
            "GetItem",
            "ValidationException",
            400,
            "",
            "dynamodb GetItem: ValidationException (HTTP 400)",
        )

    def test_of_query(self, server):
        """The same holds for errors in XML."""
        server.reply(404, QUERY_ERROR.format("NoSuchEntity", "The role policy with name x cannot be found."))
        with pytest.raises(AwsError) as error:
            call(IAM, "GetRolePolicy", {"RoleName": "r", "PolicyName": "x"}, deadline=soon())
        assert self.parts(error.value) == (
            "iam",
            "GetRolePolicy",
            "NoSuchEntity",
            404,
            "",
            "iam GetRolePolicy: NoSuchEntity (HTTP 404)",
        )

    @pytest.mark.parametrize("key", ["message", "Message"])
    def test_of_denied_access(self, server, key):
        """If access is denied, the error has AWS's message on one line."""
        server.reply(
            400, json.dumps({"__type": "x#AccessDeniedException", key: "User: arn\nis not\x1b authorized" * 50})
        )
        error = failure()
        assert error.code == "AccessDeniedException"
        assert str(error).startswith("dynamodb GetItem: AccessDeniedException (HTTP 400): User: arn is not")
        assert len(error.detail) <= 400

    @pytest.mark.parametrize(
        ("body", "headers", "code"),
        [
            ("", {}, "NoCode"),
            ("<html>", {}, "NoCode"),
            ("[]", {}, "NoCode"),
            ("{}", {"x-amzn-errortype": "ResourceNotFoundException:http://internal/"}, "ResourceNotFoundException"),
            ('{"__type": 7}', {}, "NoCode"),
            ('{"__type": "a\\n\\u001bb"}', {}, "NoCode"),
            ("[" * 100_000, {}, "NoCode"),
        ],
    )
    def test_without_the_usual_code(self, server, body, headers, code):
        """An error with any body raises AwsError."""
        server.reply(400, body, headers)
        assert failure().code == code

    def test_of_xml_without_code(self, server):
        """The body of an error may be something else than XML."""
        server.reply(403, "Forbidden")
        with pytest.raises(AwsError, match=r"^sts GetCallerIdentity: NoCode \(HTTP 403\)$"):
            call(STS, "GetCallerIdentity", {}, deadline=soon())

    @pytest.mark.parametrize("body", ["", "{", "[]", "null", '"hush"', "\xff", "[" * 100_000])
    def test_of_malformed_json(self, server, body):
        """A 200 whose body is not a JSON object is not retried."""
        server.reply(200, body.encode("latin-1"))
        error = failure()
        assert (error.code, error.status, len(server.requests)) == ("MalformedAnswer", 200, 1)

    @pytest.mark.parametrize("body", ["", "<a>", "{}", "<a></b>", "\x00", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&c;</a>"])
    def test_of_malformed_xml(self, server, body):
        """A 200 whose body is not XML is not retried."""
        server.reply(200, body)
        with pytest.raises(AwsError) as error:
            call(STS, "GetCallerIdentity", {}, deadline=soon())
        assert (error.value.code, error.value.status) == ("MalformedAnswer", 200)

    def test_of_no_connection(self, monkeypatch, refused_port):
        """If nobody listens, the text names the address."""
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{refused_port}")
        assert self.parts(failure()) == (
            "dynamodb",
            "GetItem",
            "NoAnswer",
            None,
            f"127.0.0.1:{refused_port}: Connection refused",
            f"dynamodb GetItem: NoAnswer: 127.0.0.1:{refused_port}: Connection refused",
        )

    def test_of_a_silent_server(self, server):
        """A server that does not answer before the deadline raises AwsError."""
        server.hang()
        error = failure(deadline=time.monotonic() + 0.2)
        assert (error.code, error.detail) == ("NoAnswer", f"127.0.0.1:{server.port}: timed out")

    def test_of_a_passed_deadline(self, server):
        """After the deadline, no request is sent."""
        server.reply(200, "{}")
        assert failure(deadline=time.monotonic() - 1).code == "NoAnswer"
        assert server.requests == []

    @pytest.mark.parametrize("missing", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"])
    def test_of_a_bare_environment(self, server, monkeypatch, missing):
        """A missing variable of Lambda is named."""
        monkeypatch.delenv(missing)
        error = failure()
        assert (error.code, error.detail, server.requests) == ("NotConfigured", f"{missing} is not set", [])

    def test_of_an_endpoint_that_is_no_url(self, monkeypatch):
        """An invalid URL is not shown, because it may contain a password."""
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://user:hush@host/")
        assert failure().detail == "not an http:// or https:// URL"


@pytest.fixture(scope="module")
def moto():
    """An AWS over HTTP. It checks signatures when a test asks it to."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def account(moto, monkeypatch):
    """An administrator's key in the environment, and boto3 clients that create the data to read."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto)
    monkeypatch.delenv("AWS_SESSION_TOKEN")
    requests.post(f"{moto}/moto-api/reset", timeout=5)
    clients = {name: boto3.client(name, region_name="eu-west-1") for name in ("iam", "dynamodb", "secretsmanager")}
    clients["iam"].create_user(UserName="u")
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    clients["iam"].put_user_policy(UserName="u", PolicyName="all", PolicyDocument=json.dumps(policy))
    key = clients["iam"].create_access_key(UserName="u")["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    yield clients
    requests.post(f"{moto}/moto-api/reset-auth", data="inf", timeout=5)
    for client in clients.values():
        client.close()


def test_against_moto(moto, account):
    """Our client reads what boto3 wrote, for each protocol and service. moto checks the signatures."""
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "Zoë+ %&", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
    }
    account["iam"].create_role(RoleName="r", AssumeRolePolicyDocument="{}")
    account["iam"].put_role_policy(RoleName="r", PolicyName="configuration", PolicyDocument=json.dumps(policy))
    account["dynamodb"].create_table(
        TableName="users",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "username", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "username", "KeyType": "HASH"}],
    )
    account["dynamodb"].put_item(TableName="users", Item={"username": {"S": "zoë"}, "password": {"S": "$scrypt$"}})
    account["secretsmanager"].create_secret(Name="s", SecretString="hush")
    requests.post(f"{moto}/moto-api/reset-auth", data="0", timeout=5)

    assert call(STS, "GetCallerIdentity", {}, deadline=soon())["Arn"] == "arn:aws:iam::123456789012:user/u"
    found = call(IAM, "GetRolePolicy", {"RoleName": "r", "PolicyName": "configuration"}, deadline=soon())
    assert json.loads(percent_decode(found["PolicyDocument"])) == policy
    assert get_item() == {"Item": {"username": {"S": "zoë"}, "password": {"S": "$scrypt$"}}}
    assert call(SECRETS_MANAGER, "GetSecretValue", {"SecretId": "s"}, deadline=soon())["SecretString"] == "hush"
    with pytest.raises(AwsError, match=r"^iam GetRolePolicy: NoSuchEntity \(HTTP 404\)$"):
        call(IAM, "GetRolePolicy", {"RoleName": "r", "PolicyName": "other"}, deadline=soon())


@pytest.mark.usefixtures("account")
def test_wrong_secret_against_moto(moto, monkeypatch):
    """The same moto refuses a signature with another secret."""
    requests.post(f"{moto}/moto-api/reset-auth", data="0", timeout=5)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush-wrong")
    with pytest.raises(AwsError, match=r"^sts GetCallerIdentity: SignatureDoesNotMatch \(HTTP 403\)$"):
        call(STS, "GetCallerIdentity", {}, deadline=soon())
