"""The authorizer in a sandbox of its own, with moto's AWS or an AWS that misbehaves."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import scrypt
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer

import authorizer.handler
from cloudfront_local.testing.plugin import Context, Edge

CONFIG = {
    "distributionDomainName": "d111111abcdef8.cloudfront.net",
    "distributionId": "EDFDVBD6EXAMPLE",
    "eventType": "viewer-request",
    "requestId": "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==",
}


@pytest.fixture
def viewer_request() -> Callable[..., dict[str, Any]]:
    """Makes a viewer request with credentials ("alice:secret") or any Authorization values, and other headers."""

    def viewer_request(user_pass: str | None = None, *, authorization: list[str] | None = None, **others: str):
        values = authorization or []
        if user_pass is not None:
            values = [f"Basic {b64encode(user_pass.encode()).decode()}"]
        headers = {"host": [{"key": "Host", "value": "www.example.org"}]}
        headers |= {name.lower(): [{"key": name, "value": value}] for name, value in others.items()}
        if values:
            headers["authorization"] = [{"key": "Authorization", "value": value} for value in values]
        request = {"clientIp": "203.0.113.178", "method": "GET", "uri": "/page.html", "querystring": "a=1%20b"}
        return {"Records": [{"cf": {"config": dict(CONFIG), "request": {**request, "headers": headers}}}]}

    return viewer_request


@pytest.fixture
def call(edge: Edge, capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., tuple[Any, Any]]]:
    """Calls the handler in a sandbox that has answered nothing yet.

    Returns the result, which keeps CloudFront's rules, and the one line that was logged, which holds no secret.
    """

    def call(event: dict[str, Any], seconds: float = 5) -> tuple[Any, Any]:
        answer = edge(authorizer.handler.handler)(event, Context(seconds))
        (line,) = capsys.readouterr().out.splitlines()
        assert "secret" not in line
        assert b64encode(b"alice:").decode()[:6] not in line
        return answer, json.loads(line)

    authorizer.handler.verifier.cache_clear()
    yield call
    authorizer.handler.verifier.cache_clear()


@pytest.fixture(scope="session")
def phc() -> Callable[[str], str]:
    """Creates a stored password with the cheapest parameters, without the code under test."""

    def phc(password: str) -> str:
        salt = b"salt of 16 bytes"
        digest = scrypt(password.encode(), salt=salt, n=2, r=1, p=1, dklen=32)
        return "$scrypt$ln=1,r=1,p=1$" + "$".join(b64encode(part).decode().rstrip("=") for part in (salt, digest))

    return phc


class Role:
    """The function's role in moto's AWS, and the users tables that its policy may name."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._name = f"authorizer-{uuid4().hex}"
        self._arn = self._client("iam").create_role(RoleName=self._name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]

    def table(self, users: dict[str, dict[str, Any]], region: str = "us-east-1") -> str:
        """The ARN of a new users table. Each user has these attributes and a name."""
        name = f"users-{uuid4().hex}"
        dynamodb = self._client("dynamodb", region)
        table = dynamodb.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "username", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "username", "KeyType": "HASH"}],
        )
        for username, attributes in users.items():
            dynamodb.put_item(TableName=name, Item={"username": {"S": username}, **attributes})
        return str(table["TableDescription"]["TableArn"])

    def policy(self, statements: Any, name: str = "configuration") -> None:
        """Give the role an inline policy."""
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        self._client("iam").put_role_policy(RoleName=self._name, PolicyName=name, PolicyDocument=document)

    def environment(self, region: str = "us-east-1") -> dict[str, str]:
        """The environment variables that Lambda sets for a function with this role."""
        keys = self._client("sts").assume_role(RoleArn=self._arn, RoleSessionName="test")["Credentials"]
        return {
            "AWS_ENDPOINT_URL": self._url,
            "AWS_REGION": region,
            "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
            "AWS_SESSION_TOKEN": keys["SessionToken"],
        }

    def _client(self, service: str, region: str = "us-east-1") -> Any:
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return boto3.client(service, endpoint_url=self._url, region_name=region, **keys)


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    """The URL of moto's AWS."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def role(moto: str) -> Role:
    """A role with no policy yet."""
    return Role(moto)


@pytest.fixture
def as_function(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str]], None]:
    """Sets the environment variables of the function, and no other AWS settings."""

    def as_function(environment: dict[str, str]) -> None:
        for name in (
            "AWS_PROFILE",
            "AWS_SESSION_TOKEN",
            "AWS_ENDPOINT_URL_DYNAMODB",
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
        ):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)

    return as_function


@pytest.fixture
def deploy(role: Role, as_function: Callable[[dict[str, str]], None]) -> Callable[[dict[str, dict[str, Any]]], None]:
    """Creates a table with these users and their attributes, and gives the function a role that may read it."""

    def deploy(users: dict[str, dict[str, Any]]) -> None:
        role.policy(
            [{"Sid": "UsersTable", "Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": role.table(users)}]
        )
        as_function(role.environment())

    return deploy


class Script:
    """An AWS whose answers the test chooses. `MisbehavingServer` describes the order of the answers."""

    def __init__(self, server: Any, phc: Callable[[str], str]) -> None:
        self._server = server
        self._phc = phc

    def well(self, *operations: str) -> None:
        """These operations succeed, for the role authorizer, its policy and the user alice with the password secret."""
        for operation in operations:
            {"GetCallerIdentity": self.identity, "GetRolePolicy": self.policy, "GetItem": self.user}[operation]()

    def identity(self) -> None:
        """STS says that the caller has the role authorizer."""
        arn = "arn:aws:sts::123456789012:assumed-role/authorizer/session"
        self._server.reply(200, f"<R><Result><Arn>{arn}</Arn></Result></R>", to="GetCallerIdentity")

    def policy(self, table: str = "users") -> None:
        """IAM says that the role may read a table."""
        arn = f"arn:aws:dynamodb:us-east-1:123456789012:table/{table}"
        document = quote(json.dumps({"Statement": [{"Sid": "UsersTable", "Resource": arn}]}))
        self._server.reply(200, f"<R><PolicyDocument>{document}</PolicyDocument></R>", to="GetRolePolicy")

    def replicas(self, arns: list[str]) -> None:
        """IAM says that the role may read the replicas of a table."""
        document = quote(json.dumps({"Statement": [{"Sid": "UsersTable", "Resource": arns}]}))
        self._server.reply(200, f"<R><PolicyDocument>{document}</PolicyDocument></R>", to="GetRolePolicy")

    def requests(self, operation: str) -> list[Any]:
        """The requests for an operation so far, in order."""
        return [request for request in self._server.requests if request.operation == operation]

    def user(self, name: str = "alice", accepting: str = "secret") -> None:
        """DynamoDB answers with this user and this password."""
        item = {"username": {"S": name}, "password": {"S": self._phc(accepting)}}
        self._server.reply(200, json.dumps({"Item": item}), to="GetItem")

    def error(self, code: str, status: int = 400, to: str = "GetItem") -> None:
        """An error in the operation's protocol."""
        if to == "GetItem":
            self._server.reply(status, json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}"}), to=to)
        else:
            self._server.reply(status, f"<ErrorResponse><Error><Code>{code}</Code></Error></ErrorResponse>", to=to)

    def operations(self) -> list[str]:
        """The operations called so far, in order."""
        return [request.operation for request in self._server.requests]

    def tables(self) -> list[str]:
        """The tables read so far, in order."""
        return [request.json["TableName"] for request in self._server.requests if request.operation == "GetItem"]


@pytest.fixture
def script(misbehaving_server: Any, as_function: Callable[[dict[str, str]], None], phc: Callable[[str], str]) -> Script:
    """An AWS with chosen answers. The server behind it is `misbehaving_server`."""
    keys = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "key", "AWS_SESSION_TOKEN": "token"}
    as_function({"AWS_ENDPOINT_URL": misbehaving_server.url, "AWS_REGION": "us-east-1", **keys})
    return Script(misbehaving_server, phc)
