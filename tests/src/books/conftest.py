"""The books API, called like a function URL, with a DynamoDB that answers over HTTP."""

import base64
import io
import json
import os
import socket
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from books.handler import handler

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class QuietRequestHandler(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        pass


class DynamoDb:
    """moto's DynamoDB, with calls that a test can make fail.

    It answers one request at a time: moto checks a condition and writes in two steps, DynamoDB in one.
    """

    def __init__(self) -> None:
        self._moto: Wsgi = DomainDispatcherApplication(create_backend_app)
        self._server = make_server("127.0.0.1", 0, self._answer, request_handler=QuietRequestHandler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.refusal: tuple[int, str] | None = None
        self.silent = False
        self.answers_to_lose = 0

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        if self.silent:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            return _refuse(start_response, 500, "Unheard")
        if self.refusal:
            return _refuse(start_response, *self.refusal)
        answer = self._moto({**environ, "wsgi.input": io.BytesIO(body)}, start_response)
        if self.answers_to_lose:
            self.answers_to_lose -= 1
            return _refuse(start_response, 500, "InternalServerError")
        return answer

    def serve(self) -> Iterator["DynamoDb"]:
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield self
        self._server.shutdown()
        thread.join()
        self._server.server_close()


def _refuse(start_response: Callable[..., Any], status: int, code: str) -> Iterable[bytes]:
    body = json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": code}).encode()
    headers = [("Content-Type", "application/x-amz-json-1.0"), ("Content-Length", str(len(body)))]
    start_response(f"{status} Refused", headers)
    return [body]


@pytest.fixture(scope="session")
def dynamodb_server() -> Iterator[DynamoDb]:
    yield from DynamoDb().serve()


@pytest.fixture
def dynamodb(dynamodb_server: DynamoDb, monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoDb]:
    """DynamoDB with an empty table that BOOKS_TABLE names."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ENDPOINT_URL", dynamodb_server.url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    table = f"books-{uuid.uuid4()}"
    monkeypatch.setenv("BOOKS_TABLE", table)
    boto3.client("dynamodb").create_table(
        TableName=table,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    yield dynamodb_server
    dynamodb_server.refusal, dynamodb_server.silent, dynamodb_server.answers_to_lose = None, False, 0


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    json: Any = field(init=False, default=None)

    def __post_init__(self) -> None:
        if self.body and self.headers["content-type"].endswith("json"):
            object.__setattr__(self, "json", json.loads(self.body))


class Books:
    """A client of the API. `user` is the user who signed in."""

    def __init__(self, user: str | None = "ada") -> None:
        self.user = user

    def __call__(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        content_type: str = "application/json",
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Sends a request and returns the answer as a client sees it. `body` is sent as JSON, or unchanged if bytes."""
        result = handler(self.event(method, path, body, content_type, headers or {}), None)
        assert json.loads(json.dumps(result)) == result
        content = result["body"].encode()
        if result["isBase64Encoded"]:
            content = base64.b64decode(content)
        return Answer(result["statusCode"], result["headers"], content)

    def event(self, method: str, path: str, body: object, content_type: str, headers: dict[str, str]) -> dict[str, Any]:
        raw_path, _, query = path.partition("?")
        named = {} if self.user is None else {"x-authenticated-user": self.user}
        event = {
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": raw_path,
            "rawQueryString": query,
            "headers": {"host": "example.lambda-url.us-east-1.on.aws", **named, **headers},
            "requestContext": {"http": {"method": method, "path": raw_path, "protocol": "HTTP/1.1"}},
            "isBase64Encoded": isinstance(body, bytes),
        }
        if body is not None:
            event["headers"] |= {"content-type": content_type}
            event["body"] = base64.b64encode(body).decode() if isinstance(body, bytes) else json.dumps(body)
        return event

    def create(self, **fields: object) -> Any:
        """Creates a book. Returns it as the API does."""
        answer = self("POST", "/books", {"title": "Flatland", "author": "Edwin A. Abbott", **fields})
        assert answer.status == 201, answer
        return answer.json


@pytest.fixture
def books(dynamodb: DynamoDb) -> Books:  # noqa: ARG001 - the API needs it
    return Books()


@pytest.fixture
def books_of(dynamodb: DynamoDb) -> type[Books]:  # noqa: ARG001 - the API needs it
    """Clients by user: `books_of("grace")`."""
    return Books
