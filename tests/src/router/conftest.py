"""The router in a sandbox of its own, with a token endpoint and a lookup API."""

import json
import threading
import time
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer

import router.handler
from cloudfront_local.testing.plugin import Context, Edge
from router.files import Files
from router.rejection import Rejection
from router.settings import Settings

# Characters that mean something in a form, in Basic credentials and in JSON.
SECRET = 'top-secret:+/%2B&="é'
# What marks an error as the lookup API's own.
PROBLEM = {"Content-Type": "application/problem+json"}
LIGHTHOUSE = {"bucket": "files-eu-west-1", "region": "eu-west-1", "key": "lighthouse.svg"}


class Api:
    """A token endpoint and a lookup API, on a free port of 127.0.0.1."""

    def __init__(self) -> None:
        self.secret = SECRET
        self.lifetime: object = 3600  # `expires_in`
        self.token_type: object = "Bearer"
        self.token_failure = 0  # the status of the token endpoint's every answer
        self.asked: list[str] = []  # "token" or the path, in order
        self.files: dict[str, tuple[int, object, dict[str, str]]] = {}
        self._good: set[str] = set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                outer.asked.append("token")
                form = self.rfile.read(int(self.headers["content-length"])).decode()
                self.answer(*outer._token(self.headers, form))

            def do_GET(self) -> None:
                outer.asked.append(self.path)
                self.answer(*outer._lookup(self.headers["authorization"], self.path))

            def answer(self, status: int, body: object, headers: Mapping[str, str]) -> None:
                content = json.dumps(body).encode()
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(content))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def put(self, file_id: str, *locations: object, **headers: str) -> None:
        """Sets the locations of a file, and headers of the answer, such as `cache_control="max-age=60"`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.files[file_id] = 200, {"id": file_id, "locations": list(locations)}, named

    def revoke(self) -> None:
        """Makes all tokens invalid, whatever their lifetime."""
        self._good.clear()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _token(self, headers: Any, form: str) -> tuple[int, object, dict[str, str]]:
        if self.token_failure:
            return self.token_failure, None, {}
        scheme, _, credentials = headers["authorization"].partition(" ")
        client, _, secret = b64decode(credentials).decode().partition(":")
        asked = (scheme, client, unquote(secret), headers["content-type"], parse_qs(form))
        fields = {"grant_type": ["client_credentials"], "scope": ["files/read"]}
        if asked != ("Basic", "router", self.secret, "application/x-www-form-urlencoded", fields):
            return 400, {"error": "invalid_client", "error_description": f"not {self.secret}"}, {}
        token = uuid4().hex
        self._good.add(token)
        return 200, {"access_token": token, "token_type": self.token_type, "expires_in": self.lifetime}, {}

    def _lookup(self, authorization: str, path: str) -> tuple[int, object, dict[str, str]]:
        if authorization.removeprefix("Bearer ") not in self._good:
            return 401, {"message": "Unauthorized"}, {}
        return self.files.get(path.removeprefix("/files/"), (404, {"title": "Not Found"}, PROBLEM))


@pytest.fixture
def api() -> Iterator[Api]:
    """A token endpoint and a lookup API that knows the file lighthouse."""
    api = Api()
    api.put("lighthouse", LIGHTHOUSE)
    yield api
    api.close()


@pytest.fixture
def settings(api: Api) -> dict[str, str]:
    """The router's settings, without their prefix."""
    return {
        "lookup-url": f"{api.url}/files/",
        "token-url": f"{api.url}/oauth2/token",
        "client-id": "router",
        "client-secret": SECRET,
        "scope": "files/read",
        "access": "oai",
    }


@pytest.fixture
def origin_request(settings: dict[str, str]) -> Callable[..., dict[str, Any]]:
    """Makes an origin request for a path. `headers` are added to those of every request."""

    def origin_request(
        uri: str = "/files/lighthouse",
        *,
        method: str = "GET",
        querystring: str = "",
        headers: Mapping[str, str] | None = None,
        origin: str = "s3",
        **changed: Any,
    ) -> dict[str, Any]:
        given = {"Host": "default.s3.us-east-1.amazonaws.com", "Via": "2.0 cloudfront", **(headers or {})}
        custom_headers = {f"x-router-{name}": value for name, value in settings.items()}
        origins = {
            "s3": {
                "authMethod": "origin-access-identity",
                "customHeaders": items(custom_headers),
                "domainName": "default.s3.us-east-1.amazonaws.com",
                "path": "/folder",
                "readTimeout": 20,
                "region": "us-east-1",
                **changed,
            },
            "custom": {
                "customHeaders": items(custom_headers),
                "domainName": "www.example.org",
                "keepaliveTimeout": 5,
                "path": "/folder",
                "port": 443,
                "protocol": "https",
                "readTimeout": 20,
                "sslProtocols": ["TLSv1.2"],
                **changed,
            },
        }
        request = {
            "clientIp": "203.0.113.178",
            "method": method,
            "uri": uri,
            "querystring": querystring,
            "headers": items(given),
            "origin": {origin: origins[origin]},
        }
        config = {
            "distributionDomainName": "d111111abcdef8.cloudfront.net",
            "distributionId": "EDFDVBD6EXAMPLE",
            "eventType": "origin-request",
            "requestId": "request-id",
        }
        return {"Records": [{"cf": {"config": config, "request": request}}]}

    return origin_request


def items(headers: Mapping[str, str]) -> dict[str, list[dict[str, str]]]:
    return {name.lower(): [{"key": name, "value": value}] for name, value in headers.items()}


@pytest.fixture(autouse=True)
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process in London's Region that has answered nothing yet. AWS is out of reach."""
    for name in ("AWS_ENDPOINT_URL_SECRETS_MANAGER", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"):
        monkeypatch.delenv(name, raising=False)
    environment = {
        "AWS_REGION": "eu-west-2",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "key",
        "AWS_SESSION_TOKEN": "session",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    router.handler.files.cache_clear()
    yield
    router.handler.files.cache_clear()


@pytest.fixture
def call(edge: Edge, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[Any, Any]]:
    """Calls the handler. Returns the result, which keeps CloudFront's rules, and the last log line.

    No line holds a secret or a token.
    """

    def call(event: dict[str, Any], seconds: float = 5) -> tuple[Any, Any]:
        answer = edge(router.handler.handler)(event, Context(seconds))
        lines = capsys.readouterr().out.splitlines()
        assert not any("top-secret" in line or "Bearer" in line for line in lines)
        return answer, json.loads(lines[-1])

    return call


class Clock:
    """A clock that stands still until the test moves it."""

    now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def locate(clock: Clock, settings: dict[str, str]) -> Callable[..., str]:
    """Asks one process, with the test's clock, for a file's bucket. Returns the bucket or the error's text."""
    files = Files(clock)

    def locate(file_id: str = "lighthouse", seconds: float = 5, **changed: str) -> str:
        given = {**settings, **{name.replace("_", "-"): value for name, value in changed.items()}}
        given = {name: value for name, value in given.items() if value}
        try:
            return files.locate(Settings(given), file_id, time.monotonic() + seconds).bucket
        except Rejection as rejection:
            return f"{rejection.status} {rejection}"

    return locate


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    """The URL of moto's AWS."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


class Secret:
    """A secret in Secrets Manager, in Sydney."""

    def __init__(self, url: str) -> None:
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        self._client = boto3.client("secretsmanager", endpoint_url=url, region_name="ap-southeast-2", **keys)
        self.arn: str = self._client.create_secret(Name=f"router-{uuid4().hex}", SecretString=SECRET)["ARN"]

    def rotate(self, secret: str) -> None:
        self._client.put_secret_value(SecretId=self.arn, SecretString=secret)


@pytest.fixture
def secret(moto: str, monkeypatch: pytest.MonkeyPatch) -> Secret:
    """A Secrets Manager of moto's for the client's secret. The router calls it."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto)
    return Secret(moto)
