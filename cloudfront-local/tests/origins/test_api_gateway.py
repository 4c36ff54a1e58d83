"""REST and HTTP APIs of the embedded AWS by their own names: stages, routes, Host, and signatures of functions."""

import json
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from cloudfront_local.aws import apis
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import CustomOrigin
from cloudfront_local.distribution.pages import OriginFailed
from cloudfront_local.origins.api_gateway import ApiGateway
from cloudfront_local.origins.transport import Transport

TRUST = {"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}}


@pytest.fixture(scope="module")
def rest(aws: Endpoint) -> Iterator[str]:
    """A REST API with the stage prod. /open is open, /private takes signed requests only."""
    client = aws.client("apigateway")
    api = client.create_rest_api(name=uuid.uuid4().hex)["id"]
    root = client.get_resources(restApiId=api)["items"][0]["id"]
    for name, authorization in (("open", "NONE"), ("private", "AWS_IAM")):
        where = {"restApiId": api, "httpMethod": "GET"}
        where["resourceId"] = client.create_resource(restApiId=api, parentId=root, pathPart=name)["id"]
        client.put_method(**where, authorizationType=authorization)
        client.put_integration(**where, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
        client.put_method_response(**where, statusCode="200")
        templates = {"application/json": json.dumps({"name": name})}
        client.put_integration_response(**where, statusCode="200", responseTemplates=templates)
    client.create_deployment(restApiId=api, stageName="prod")
    yield api
    client.delete_rest_api(restApiId=api)


@pytest.fixture(scope="module")
def http_api(aws: Endpoint) -> Iterator[str]:
    """An HTTP API with the stage v1. Its only route, GET /private, takes signed requests only."""
    client = aws.client("apigatewayv2")
    api = client.create_api(Name=uuid.uuid4().hex, ProtocolType="HTTP")["ApiId"]
    client.create_route(ApiId=api, RouteKey="GET /private", AuthorizationType="AWS_IAM")
    client.create_stage(ApiId=api, StageName="v1")
    yield api
    client.delete_api(ApiId=api)


@dataclass
class Client:
    """Sends requests to an API of a stack."""

    apis: ApiGateway

    async def fetch(
        self, api: str, uri: str, headers: dict[str, str] | None = None, region: str = "us-east-1", **parts: Any
    ) -> Response:
        origin = CustomOrigin(domain_name=f"{api}.execute-api.{region}.amazonaws.com", **parts)
        sent = CIMultiDict({"Host": origin.domain_name, **(headers or {})})
        path, _, query = uri.partition("?")
        return await self.apis.fetch(Request("GET", path, query, sent), origin)


@pytest.fixture
async def client(aws: Endpoint) -> AsyncIterator[Client]:
    transport = Transport(aws.url, aws.headers("forward"))
    yield Client(ApiGateway(transport, apis.apis(aws)))
    await transport.close()


def role(aws: Endpoint, resource: str) -> Credentials:
    """The credentials of a role that may invoke a resource of API Gateway."""
    iam, name = aws.client("iam"), f"signer-{uuid.uuid4().hex[:8]}"
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
    statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": resource}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_role_policy(RoleName=name, PolicyName="invoke", PolicyDocument=policy)
    found = aws.client("sts").assume_role(RoleArn=made["Arn"], RoleSessionName="edge")["Credentials"]
    return Credentials(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])


def signed(
    credentials: Credentials, url: str, service: str = "execute-api", region: str = "us-east-1"
) -> dict[str, str]:
    request = AWSRequest("GET", url, headers={"Host": url.split("/")[2]})
    SigV4Auth(credentials, service, region).add_auth(request)
    return dict(request.headers.items())


def messages(response: Response) -> tuple[int, Any]:
    return response.status, json.loads(response.body)


async def test_open(client: Client, rest: str) -> None:
    response = await client.fetch(rest, "/prod/open?a=1")
    assert (response.status, json.loads(response.body)) == (200, {"name": "open"})
    headers = {"Authorization": "Bearer of-the-viewer"}
    assert (await client.fetch(rest, "/prod/open", headers)).status == 200


async def test_no_route(client: Client, rest: str, http_api: str, caplog) -> None:
    """A REST API answers 403 for a path or a method without a route, an HTTP API 404. The terminal says so."""
    assert messages(await client.fetch(rest, "/prod/none")) == (403, {"message": "Missing Authentication Token"})
    assert messages(await client.fetch(http_api, "/v1/none")) == (404, {"message": "Not Found"})
    assert caplog.messages == [
        f"API {rest} has no route GET '/prod/none', or the route takes signed requests only (AWS_IAM).",
        f"API {http_api} has no route GET '/v1/none'.",
    ]


async def test_no_stage(client: Client, rest: str, http_api: str, caplog) -> None:
    """Without the OriginPath, the first part of the viewer's path would be the stage."""
    assert messages(await client.fetch(rest, "/open")) == (403, {"message": "Forbidden"})
    assert messages(await client.fetch(http_api, "/")) == (404, {"message": "Not Found"})
    assert caplog.messages[0] == (
        f"API {rest} has no stage 'open'; its stages: prod. The first part of the path that the origin gets is the "
        "stage: set the OriginPath of the origin to it, such as /prod."
    )
    assert caplog.messages[1].startswith(f"API {http_api} has no stage ''; its stages: v1.")


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1", "atlantis-1"])
async def test_no_api(client: Client, rest: str, caplog, region: str) -> None:
    """An unknown API, and the wrong Region of a known one, get 403."""
    api = "abcde12345" if region == "us-east-1" else rest
    assert messages(await client.fetch(api, "/prod/open", region=region)) == (403, {"message": "Forbidden"})
    (line,) = caplog.messages
    assert line.startswith(f"API {api} is not in this stack, in {region}. Choose an API of the template")


async def test_host_of_the_viewer(client: Client, rest: str, caplog) -> None:
    response = await client.fetch(rest, "/prod/open", {"Host": "www.example.com"})
    assert (*messages(response), response.headers["x-amzn-ErrorType"]) == (
        403,
        {"message": "Forbidden"},
        "ForbiddenException",
    )
    assert "use the origin request policy AllViewerExceptHostHeader" in caplog.text


@pytest.mark.parametrize("parts", [{"protocol": "http", "port": 80}, {"port": 8443}])
async def test_https_only(client: Client, rest: str, caplog, parts: dict[str, Any]) -> None:
    with pytest.raises(OriginFailed) as failed:
        await client.fetch(rest, "/prod/open", **parts)
    assert failed.value.status == 504
    assert "API Gateway takes HTTPS only" in caplog.text


# ── Signatures ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", ["/prod/private", "/prod/private?a=b%20c&a"])
async def test_signed(client: Client, aws: Endpoint, rest: str, path: str) -> None:
    """A function signs for a private method with its role, which must allow it."""
    arn = f"arn:aws:execute-api:us-east-1:123456789012:{rest}/prod/GET/private"
    url = f"https://{rest}.execute-api.us-east-1.amazonaws.com{path}"
    response = await client.fetch(rest, path, signed(role(aws, arn), url))
    assert (response.status, json.loads(response.body)) == (200, {"name": "private"})


async def test_not_signed(client: Client, rest: str, caplog) -> None:
    assert messages(await client.fetch(rest, "/prod/private")) == (403, {"message": "Missing Authentication Token"})
    assert "or the route takes signed requests only (AWS_IAM)" in caplog.text


async def test_http_api_not_signed(client: Client, aws: Endpoint, http_api: str, caplog) -> None:
    """An HTTP API answers Forbidden to a request without a signature, or with one for another service."""
    url = f"https://{http_api}.execute-api.us-east-1.amazonaws.com/v1/private"
    for headers in ({}, signed(role(aws, "*"), url, service="lambda")):
        assert messages(await client.fetch(http_api, "/v1/private", headers)) == (403, {"message": "Forbidden"})
    line = f"API {http_api} answers Forbidden: the route's authorizer or its function refuses the request."
    assert caplog.messages == [line, line]


@pytest.mark.parametrize(
    ("resource", "signing", "message"),
    [
        ("open", {}, "is not authorized to perform: execute-api:Invoke"),
        ("private", {"service": "lambda"}, "Credential should be scoped to correct service: 'execute-api'"),
        ("private", {"region": "eu-west-1"}, "Credential should be scoped to a valid region"),
    ],
)
async def test_refused(
    client: Client, aws: Endpoint, rest: str, caplog, resource: str, signing: dict[str, str], message: str
) -> None:
    """A role without permission, and a signature for another service or Region, get 403. The terminal says why."""
    arn = f"arn:aws:execute-api:us-east-1:123456789012:{rest}/prod/GET/{resource}"
    url = f"https://{rest}.execute-api.us-east-1.amazonaws.com/prod/private"
    response = await client.fetch(rest, "/prod/private", signed(role(aws, arn), url, **signing))
    assert response.status == 403
    assert message in json.loads(response.body)["message"]
    assert message in caplog.text


async def test_bent_signature(client: Client, aws: Endpoint, rest: str, caplog) -> None:
    """A signature for another path gets 403, and the terminal shows no header of the request."""
    credentials = role(aws, "*")
    url = f"https://{rest}.execute-api.us-east-1.amazonaws.com/prod/open"
    response = await client.fetch(rest, "/prod/private", signed(credentials, url))
    assert response.status == 403
    assert "The request signature we calculated does not match" in caplog.text
    assert credentials.token not in caplog.text


# ── Names ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("domain", "answer"),
    [
        ("abc123.execute-api.eu-west-1.amazonaws.com", True),
        ("abc123.execute-api.eu-west-1.amazonaws.com.example.org", False),
        ("abc123.execute-api.localhost", False),
        ("execute-api.eu-west-1.amazonaws.com", False),
    ],
)
def test_serves(domain: str, answer: bool) -> None:
    gateway = ApiGateway(Transport(None), lambda _: pytest.fail("nothing is looked up"))
    assert gateway.serves(CustomOrigin(domain_name=domain)) is answer


@given(st.text())
def test_any_name(domain: str) -> None:
    gateway = ApiGateway(Transport(None), lambda _: pytest.fail("nothing is looked up"))
    assert gateway.serves(replace(CustomOrigin(domain_name="x"), domain_name=domain)) in (True, False)


@pytest.mark.parametrize("region", ["-", "--", "1", "a" * 300])
async def test_odd_regions(client: Client, region: str) -> None:
    """A Region that cannot be gets an answer, or a failure that is CloudFront's."""
    try:
        assert (await client.fetch("abc", "/", region=region)).status == 403
    except OriginFailed as failed:
        assert failed.status == 502


@pytest.mark.parametrize("uri", ["/", "//", "/prod", "/prod/", "/prod//open", "/%2e%2e/open", "/prod/%FF%00", "/%"])
async def test_odd_paths(client: Client, rest: str, http_api: str, uri: str) -> None:
    assert (await client.fetch(rest, uri)).status in (200, 400, 403)
    assert (await client.fetch(http_api, uri)).status in (400, 404)
