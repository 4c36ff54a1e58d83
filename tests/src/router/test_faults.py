"""Lookup API, token endpoint and Secrets Manager that refuse, fail, are slow, or give wrong answers."""

import json
import re

import pytest

PROBLEM = {"Content-Type": "application/problem+json"}
ARN = "arn:aws:secretsmanager:ap-southeast-2:123456789012:secret:router-AbCdEf"


def told(answer, line) -> tuple[int, str]:
    """The status of an answer in place of the file and its cause in the log. Checks the rest of the answer."""
    headers = {name: item["value"] for name, (item,) in answer["headers"].items()}
    assert headers["cache-control"] == "no-store"
    assert headers.get("retry-after") == ("5" if answer["status"] == "503" else None)
    assert json.loads(answer["body"])["status"] == line["status"] == int(answer["status"])
    assert (line["decision"], line["request_id"], line["uri"]) == ("rejected", "request-id", "/files/lighthouse")
    return line["status"], line["cause"]


@pytest.fixture
def lookup_api(misbehaving_server, settings):
    """A lookup API whose answers the test chooses."""
    settings["lookup-url"] = f"{misbehaving_server.url}/files/"
    return misbehaving_server


@pytest.fixture
def token_endpoint(misbehaving_server, settings):
    """A token endpoint whose answers the test chooses."""
    settings["token-url"] = f"{misbehaving_server.url}/oauth2/token"
    return misbehaving_server


@pytest.fixture
def secrets_manager(misbehaving_server, settings, monkeypatch):
    """A Secrets Manager whose answers the test chooses."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", misbehaving_server.url)
    del settings["client-secret"]
    settings["client-secret-arn"] = ARN
    return misbehaving_server


FAULTS = {
    "half an answer": lambda server: server.send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"),
    "no answer": lambda server: server.send(b""),
    "reset": lambda server: server.reset(),
    "silence": lambda server: server.hang(),
    "endless": lambda server: server.drip(b"HTTP/1.1 200 OK\r\n\r\n{"),
    "another protocol": lambda server: server.send(b"220 ready\r\n"),
    "too long": lambda server: server.reply(200, b"[" * 1_100_000),
}


@pytest.mark.parametrize("server", ["lookup API", "token endpoint"])
@pytest.mark.parametrize("fault", FAULTS)
def test_no_proper_answer(request, call, origin_request, server: str, fault: str):
    """A truncated, missing or endless answer is a 503 in time, and the log names the server."""
    misbehaving = request.getfixturevalue(server.lower().replace(" ", "_"))
    FAULTS[fault](misbehaving)
    status, cause = told(*call(origin_request(), seconds=1.2))
    assert status == 503
    assert re.fullmatch(f"{server}: 127.0.0.1:{misbehaving.port}: .+", cause)


@pytest.mark.parametrize(("server", "setting"), [("lookup API", "lookup-url"), ("token endpoint", "token-url")])
def test_nobody_listens(settings, refused_port, call, origin_request, server: str, setting: str):
    """If a server cannot be reached, the answer is a 503."""
    settings[setting] = f"http://127.0.0.1:{refused_port}/"
    status, cause = told(*call(origin_request()))
    assert status == 503
    assert re.fullmatch(f"{server}: 127.0.0.1:{refused_port}: .+ refused", cause)


@pytest.mark.parametrize("server", ["lookup API", "token endpoint"])
@pytest.mark.parametrize("answer", [429, 500, 503, 504])
def test_down(request, call, origin_request, server: str, answer: int):
    """A server that answers with an error is called three times. Then the answer is a 503."""
    misbehaving = request.getfixturevalue(server.lower().replace(" ", "_"))
    misbehaving.reply(answer)
    assert told(*call(origin_request())) == (503, f"{server}: HTTP {answer}")
    assert len(misbehaving.requests) == 3


def test_down_for_a_moment(lookup_api, call, origin_request):
    """If a retry succeeds, the request succeeds."""
    found = {"locations": [{"bucket": "files", "region": "eu-west-1", "key": "k"}]}
    lookup_api.reply(503).send(b"").reply(200, json.dumps(found))
    assert call(origin_request())[1]["bucket"] == "files"
    assert len({request.headers["authorization"] for request in lookup_api.requests}) == 1


def test_no_time_to_begin_with(api, call, origin_request):
    """If the time is just enough for an answer, no server is called."""
    status, cause = told(*call(origin_request(), seconds=0.4))
    assert status == 503
    assert cause == "lookup API: no time left to ask"
    assert api.asked == []


REFUSALS = [
    (400, {"error": "invalid_client"}, "HTTP 400 invalid_client"),
    (400, {"error": "invalid_scope", "error_description": "top-secret"}, "HTTP 400 invalid_scope"),
    (401, {"error": "top-secret is wrong"}, "HTTP 401"),
    (400, {"error": "hunter2"}, "HTTP 400"),
    (400, {"error": ["invalid_client"]}, "HTTP 400"),
    (403, ["error"], "HTTP 403"),
    (400, "nonsense", "HTTP 400"),
]


@pytest.mark.parametrize(("status", "body", "cause"), REFUSALS)
def test_token_refused(token_endpoint, call, origin_request, status: int, body: object, cause: str):
    """If the endpoint refuses a token, the answer is 503. The log has its error code, but no text of the endpoint."""
    token_endpoint.reply(status, json.dumps(body))
    assert told(*call(origin_request())) == (503, f"token refused: token endpoint: {cause}")


@pytest.mark.parametrize("status", [200, 201, 204, 302, 404])
@pytest.mark.parametrize("body", ["", "<html>", "[]", "{}", '{"access_token": 1}'])
def test_no_token(token_endpoint, call, origin_request, status: int, body: str):
    """An answer without a token is a 503."""
    token_endpoint.reply(status, body)
    what = "its answer holds no usable access token" if status == 200 else f"HTTP {status}"
    assert told(*call(origin_request())) == (503, f"token endpoint: {what}")


@pytest.mark.parametrize("token", ["", "a b", "a\r\nHost: b", "\u00e9", "a\x7f"])
def test_no_token_to_send(token_endpoint, call, origin_request, token: str):
    """A token that cannot be in a header is a 503."""
    token_endpoint.reply(200, json.dumps({"access_token": token}))
    assert told(*call(origin_request())) == (503, "token endpoint: its answer holds no usable access token")


@pytest.mark.parametrize("status", [401, 403])
def test_token_not_taken(api, lookup_api, call, origin_request, status: int):
    """If the API refuses the token, the answer is 503. After a 401 it tries one new token, after a 403 none."""
    lookup_api.reply(status)
    assert told(*call(origin_request())) == (503, f"token refused: lookup API: HTTP {status}")
    assert api.asked == ["token", "token"][: 2 if status == 401 else 1]


@pytest.mark.parametrize("status", [201, 204, 206, 301, 302, 304, 409, 418])
def test_other_statuses(lookup_api, call, origin_request, status: int):
    """Another status of the API is a 502. A redirect is not followed."""
    lookup_api.reply(status, "{}", {"Location": "https://example.org/"})
    cause = f"lookup API: HTTP {status} without application/problem+json"
    assert told(*call(origin_request())) == (502, cause)
    assert len(lookup_api.requests) == 1


def test_id_that_the_api_finds_malformed(lookup_api, call, origin_request):
    """If the API answers 400, the viewer gets 400."""
    lookup_api.reply(400, "{}", PROBLEM)
    answer, line = call(origin_request())
    assert (answer["status"], line["cause"]) == ("400", "lookup API: HTTP 400")


def test_file_that_is_gone(lookup_api, call, origin_request):
    """If the API answers 410, the viewer gets 404."""
    lookup_api.reply(410, "{}", PROBLEM)
    answer, line = call(origin_request())
    assert (answer["status"], line["cause"]) == ("404", "unknown file")


OTHERS = [
    ("application/json", '{"message": "Not Found"}'),
    ("text/html; charset=utf-8", "<html>"),
    ("text/plain; of=application/problem+json", "{}"),
    (None, ""),
]


@pytest.mark.parametrize("status", [400, 404, 410])
@pytest.mark.parametrize(("content_type", "body"), OTHERS)
def test_answer_of_somebody_else(lookup_api, call, origin_request, status: int, content_type: str | None, body: str):
    """A gateway's error is a 502, not an unknown file, and the log has the reason."""
    lookup_api.reply(status, body, {"Content-Type": content_type} if content_type else {})
    cause = f"lookup API: HTTP {status} without application/problem+json"
    assert told(*call(origin_request())) == (502, cause)


@pytest.mark.parametrize("content_type", ["application/problem+json", "Application/Problem+JSON ; charset=utf-8"])
def test_answer_of_the_api(lookup_api, call, origin_request, content_type: str):
    """A 404 with a problem is the API's own, so the file is unknown."""
    lookup_api.reply(404, "{}", {"Content-Type": content_type})
    answer, line = call(origin_request())
    assert (answer["status"], line["cause"]) == ("404", "unknown file")


def location(**changed: object) -> dict[str, object]:
    return {"bucket": "files", "region": "eu-west-1", "key": "k", **changed}


BAD_ANSWERS = {
    "": "its answer is not JSON",
    "<html>": "its answer is not JSON",
    b"\xff\xfe\xfd": "its answer is not JSON",
    "[" * 100_000: "its answer is not JSON",
    "null": "its answer lists no locations",
    "[]": "its answer lists no locations",
    '{"locations": {}}': "its answer lists no locations",
    '{"locations": []}': "its answer lists no locations",
    '{"locations": [null]}': "a location is not a JSON object",
    '{"locations": [' + "[" * 900 + "]" * 900 + "]}": "a location is not a JSON object",
}
BAD_LOCATIONS = [
    (location(bucket="Files"), "'Files' is not a bucket's name"),
    (location(bucket="ab"), "'ab' is not a bucket's name"),
    (location(bucket="a" * 64), f"'{'a' * 64}' is not a bucket's name"),
    (location(bucket="a" * 10_000), f"'{'a' * 100}' is not a bucket's name"),
    (location(bucket="-ab"), "'-ab' is not a bucket's name"),
    (location(bucket="ab."), "'ab.' is not a bucket's name"),
    (location(bucket="a.-b"), "'a.-b' is not a bucket's name"),
    (location(bucket="a..b"), "'a..b' is not a bucket's name"),
    (location(bucket="192.0.2.1"), "'192.0.2.1' is not a bucket's name"),
    (location(bucket="xn--a"), "'xn--a' is not a bucket's name"),
    (location(bucket="a-s3alias"), "'a-s3alias' is not a bucket's name"),
    (location(bucket="example.org/"), "'example.org/' is not a bucket's name"),
    (location(bucket="a\r\nb"), r"'a\r\nb' is not a bucket's name"),
    (location(bucket=None), "NoneType is not a bucket's name"),
    (location(bucket=["files"]), "list is not a bucket's name"),
    (location(region="Ireland"), "'Ireland' is not a Region"),
    (location(region="eu-west-1.example.org"), "'eu-west-1.example.org' is not a Region"),
    (location(region="website-eu-west-1"), "'website-eu-west-1' is not a Region"),
    (location(region="eu-west-1\n"), r"'eu-west-1\n' is not a Region"),
    (location(region=None), "NoneType is not a Region"),
    (location(region=1), "int is not a Region"),
    (location(domain="files.example.org"), "'files.example.org' is not the domain of an S3 bucket"),
    (
        location(domain="files.s3.eu-west-1.amazonaws.com.example.org"),
        "'files.s3.eu-west-1.amazonaws.com.example.org' is not the domain of an S3 bucket",
    ),
    (
        location(domain="files.s3.eu-west-1.amazonaws.com:8080"),
        "'files.s3.eu-west-1.amazonaws.com:8080' is not the domain of an S3 bucket",
    ),
    (
        location(domain="files.s3-website.eu-west-1.amazonaws.com"),
        "'files.s3-website.eu-west-1.amazonaws.com' is not the domain of an S3 bucket",
    ),
    (
        location(domain="files.s3-accesspoint.eu-west-1.amazonaws.com"),
        "'files.s3-accesspoint.eu-west-1.amazonaws.com' is not the domain of an S3 bucket",
    ),
    (location(domain="s3.eu-west-1.amazonaws.com"), "'s3.eu-west-1.amazonaws.com' is not the domain of an S3 bucket"),
    (location(domain=[["x"]]), "list is not the domain of an S3 bucket"),
    (
        location(domain="other.s3.eu-west-1.amazonaws.com"),
        "'other.s3.eu-west-1.amazonaws.com' contradicts the bucket or Region of the same location",
    ),
    (
        location(domain="files.s3.eu-west-2.amazonaws.com"),
        "'files.s3.eu-west-2.amazonaws.com' contradicts the bucket or Region of the same location",
    ),
    (location(key=None), "a location has no key"),
    (location(key=""), "a location has no key"),
    (location(key=["k"]), "a location has no key"),
    (location(key="a\nb"), "a key contains a control character"),
    (location(key="a\x7f"), "a key contains a control character"),
    (location(key="a\x85"), "a key contains a control character"),
    (location(key="\x00"), "a key contains a control character"),
    (location(key="a/../b"), "a key contains the path segment . or .."),
    (location(key=".."), "a key contains the path segment . or .."),
    (location(key="./a"), "a key contains the path segment . or .."),
    (location(key="ü" * 513), "a key is longer than S3's 1024 bytes"),
    (location(key="\ud800"), "a key is not valid Unicode"),
]
BAD_ANSWERS |= {json.dumps({"locations": [location(), bad]}): cause for bad, cause in BAD_LOCATIONS}


@pytest.mark.parametrize(("body", "cause"), BAD_ANSWERS.items(), ids=map(str, range(len(BAD_ANSWERS))))
def test_answer_that_cannot_be_followed(lookup_api, call, origin_request, body: str | bytes, cause: str):
    """An answer with anything but S3 objects is a 502, and the log names the fault."""
    lookup_api.reply(200, body)
    assert told(*call(origin_request())) == (502, f"lookup API: {cause}")


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        ((400, "ResourceNotFoundException"), "ResourceNotFoundException (HTTP 400)"),
        ((400, "AccessDeniedException"), "AccessDeniedException (HTTP 400)"),
        ((500, "InternalServiceError"), "InternalServiceError (HTTP 500)"),
    ],
)
def test_secrets_manager_refuses(secrets_manager, call, origin_request, error: tuple[int, str], cause: str):
    """If the secret cannot be read, the answer is 503 and the log has AWS's error."""
    secrets_manager.reply(error[0], json.dumps({"__type": error[1]}))
    assert told(*call(origin_request())) == (503, f"secretsmanager GetSecretValue: {cause}")


@pytest.mark.parametrize("secret", [{}, {"SecretBinary": "dG9wLXNlY3JldA=="}, {"SecretString": None}])
def test_secret_without_text(secrets_manager, call, origin_request, secret: dict[str, object]):
    """A secret without text is a 503."""
    secrets_manager.reply(200, json.dumps(secret))
    assert told(*call(origin_request())) == (503, "the client's secret in Secrets Manager has no SecretString")


def test_the_secret_is_asked_for_as_it_is_named(secrets_manager, call, origin_request):
    """The request names the secret by its whole ARN and is signed for the ARN's Region."""
    secrets_manager.reply(200, json.dumps({"SecretString": "other"}))
    assert told(*call(origin_request())) == (503, "token refused: token endpoint: HTTP 400 invalid_client")
    (request,) = secrets_manager.requests
    assert request.json == {"SecretId": ARN}
    assert "/ap-southeast-2/secretsmanager/aws4_request" in request.headers["authorization"]
