"""The lookup API, called like API Gateway does, with a DynamoDB that answers over HTTP."""

import json
import os
import uuid
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from locator.files import client
from locator.handler import handler

LOCATIONS = [
    {"bucket": "files-us", "region": "us-east-1", "key": "reports/2026 Q3.pdf"},
    {"bucket": "files-eu", "region": "eu-west-1", "key": "berichte/2026 Q3.pdf"},
]


@pytest.fixture(autouse=True)
def sandbox(monkeypatch):
    """A new sandbox, with this test's variables and without a client."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("FILES_TABLE", f"files-{uuid.uuid4()}")
    client.cache_clear()
    yield
    client.cache_clear()


@pytest.fixture(scope="module")
def moto():
    """moto's server, for the module."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def register(moto, monkeypatch):
    """Puts an item into the files table. The table is empty before."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto)
    table = boto3.resource("dynamodb").create_table(
        TableName=os.environ["FILES_TABLE"],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return lambda **item: table.put_item(Item=item)


def rest_event(file_id: str) -> dict[str, Any]:
    """The needed parts of an event in payload format 1.0."""
    return {
        "resource": "/files/{id}",
        "path": f"/files/{file_id}",
        "httpMethod": "GET",
        "headers": {"Host": "api.example"},
        "multiValueHeaders": {"Host": ["api.example"]},
        "queryStringParameters": None,
        "pathParameters": {"id": file_id},
        "requestContext": {"resourcePath": "/files/{id}", "httpMethod": "GET", "stage": "live"},
        "body": None,
        "isBase64Encoded": False,
    }


def http_event(file_id: str) -> dict[str, Any]:
    """The needed parts of an event in payload format 2.0."""
    return {
        "version": "2.0",
        "routeKey": "GET /files/{id}",
        "rawPath": f"/files/{file_id}",
        "rawQueryString": "",
        "headers": {"host": "api.example"},
        "pathParameters": {"id": file_id},
        "requestContext": {"http": {"method": "GET", "path": f"/files/{file_id}"}},
        "isBase64Encoded": False,
    }


def problem(status: int, title: str, detail: str, headers: dict[str, str]) -> dict[str, Any]:
    return {
        "statusCode": status,
        "headers": {"content-type": "application/problem+json", **headers},
        "body": json.dumps({"title": title, "status": status, "detail": detail}),
    }


MALFORMED = problem(
    409,
    "Conflict",
    "The item of this file in the files table is malformed. The log names it.",
    {"cache-control": "no-store"},
)
UNKNOWN = problem(404, "Not Found", "There is no such file.", {"cache-control": "max-age=5"})
FAULT = problem(
    500, "Internal Server Error", "The lookup API failed. Its log has the cause.", {"cache-control": "no-store"}
)


@pytest.mark.parametrize("event", [rest_event, http_event])
def test_a_file(register, event):
    """A file's locations are returned in order, with a minute of caching, in both payload formats."""
    register(id="report", locations=LOCATIONS, content_type="application/pdf")
    document = {"id": "report", "locations": LOCATIONS, "content_type": "application/pdf"}
    assert handler(event("report"), None) == {
        "statusCode": 200,
        "headers": {"content-type": "application/json", "cache-control": "max-age=60"},
        "body": json.dumps(document),
    }


@pytest.mark.parametrize("file_id", ["a", "Z-9_", "0" * 64, "-", "__proto__"])
def test_ids(register, file_id):
    """An id has 1 to 64 letters, digits, hyphens and underscores. The content type may be missing."""
    register(id=file_id, locations=LOCATIONS[:1])
    result = handler(http_event(file_id), None)
    assert (result["statusCode"], json.loads(result["body"])) == (200, {"id": file_id, "locations": LOCATIONS[:1]})


def test_answers_hold_what_the_contract_names(register):
    """The answer leaves out other attributes of the item."""
    register(id="report", locations=[{**LOCATIONS[0], "uploaded_by": "ada"}], note="secret")
    result = handler(http_event("report"), None)
    assert json.loads(result["body"]) == {"id": "report", "locations": LOCATIONS[:1]}


@pytest.mark.parametrize("event", [rest_event, http_event])
def test_an_unknown_file(register, event):
    """An unknown file is a 404 that is cached for a short time."""
    register(id="report", locations=LOCATIONS)
    assert handler(event("Report"), None) == UNKNOWN


def test_a_file_that_lives_nowhere(register):
    """A file without a location is a 404."""
    register(id="report", locations=[])
    assert handler(http_event("report"), None) == UNKNOWN


@pytest.mark.parametrize(
    "file_id",
    ["", "a" * 65, "a b", "a/b", "..", "a.pdf", "a%20b", "é", "٣", "a\n", "a\x00", "a+b", "'"],
)
@pytest.mark.parametrize("event", [rest_event, http_event])
def test_malformed_ids(event, file_id):
    """A malformed id is a 400 without a call of DynamoDB."""
    detail = "A file's id matches [A-Za-z0-9_-]{1,64}."
    assert handler(event(file_id), None) == problem(400, "Bad Request", detail, {"cache-control": "no-store"})


@pytest.mark.parametrize("parameters", [None, {}, {"file": "report"}])
def test_a_route_without_an_id(parameters):
    """An event without an id is a 400."""
    assert handler({**http_event("report"), "pathParameters": parameters}, None)["statusCode"] == 400


@pytest.mark.parametrize(
    "item",
    [
        {"locations": "files-us"},
        {"locations": ["files-us"]},
        {"locations": [{"bucket": "files-us", "region": "us-east-1"}]},
        {"locations": [{**LOCATIONS[0], "key": 7}]},
        {"locations": LOCATIONS, "content_type": 7},
    ],
)
def test_malformed_records(register, caplog, item):
    """A malformed item is a 409, with a traceback in the log."""
    register(id="report", **item)
    assert handler(http_event("report"), None) == MALFORMED
    assert "Traceback" in caplog.text


def test_a_missing_variable(monkeypatch, caplog):
    """Without FILES_TABLE, the answer is 500 and the log names the variable."""
    monkeypatch.delenv("FILES_TABLE")
    assert handler(http_event("report"), None) == FAULT
    assert "FILES_TABLE" in caplog.text


UNAVAILABLE = problem(
    503,
    "Service Unavailable",
    "The files table does not answer. Try again.",
    {"cache-control": "no-store", "retry-after": "1"},
)


@pytest.mark.parametrize(
    ("status", "code", "attempts"),
    [
        (400, "ThrottlingException", 2),
        (500, "InternalServerError", 2),
        (400, "AccessDeniedException", 1),
        (400, "ResourceNotFoundException", 1),
    ],
)
def test_dynamodb_refuses(misbehaving_server, monkeypatch, caplog, status, code, attempts):
    """An error of DynamoDB is a 503 with Retry-After, after a retry where one may help. The log has the cause."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", misbehaving_server.url)
    misbehaving_server.reply(status, json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}"}))
    assert handler(http_event("report"), None) == UNAVAILABLE
    assert [request.operation for request in misbehaving_server.requests] == ["GetItem"] * attempts
    assert code in caplog.text


def test_dynamodb_is_out_of_reach(refused_port, monkeypatch, caplog):
    """If nobody listens, the answer is 503 with Retry-After and the log has the cause."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{refused_port}")
    assert handler(http_event("report"), None) == UNAVAILABLE
    assert "Could not connect" in caplog.text


def test_dynamodb_talks_nonsense(misbehaving_server, monkeypatch):
    """An answer of DynamoDB that is not JSON is a 503."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", misbehaving_server.url)
    misbehaving_server.reply(502, "<html>Bad gateway</html>")
    assert handler(http_event("report"), None) == UNAVAILABLE


def test_a_second_attempt_succeeds(misbehaving_server, monkeypatch):
    """If the first answer is lost, the retry succeeds."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", misbehaving_server.url)
    misbehaving_server.send(b"").reply(200, "{}", {"Content-Type": "application/x-amz-json-1.0"})
    assert handler(http_event("report"), None) == UNKNOWN


def test_the_client_is_made_once(register):
    """Later calls use the client of the first one."""
    register(id="report", locations=LOCATIONS)
    for _ in range(3):
        assert handler(http_event("report"), None)["statusCode"] == 200
    assert client.cache_info().misses == 1
