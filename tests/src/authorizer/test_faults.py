"""If AWS refuses, throttles, fails or is slow, the answer is a 503, never a 401 and never the request."""

import re

import pytest

SERVICES = {"GetCallerIdentity": "sts", "GetRolePolicy": "iam", "GetItem": "dynamodb"}


def cause(answer, line) -> str:
    """The cause of a 503 in the log."""
    assert answer["status"] == "503"
    assert answer["headers"]["retry-after"] == [{"key": "Retry-After", "value": "5"}]
    assert (line["decision"], line["status"], line["username"]) == ("unavailable", 503, "")
    return line["cause"]


@pytest.mark.parametrize("operation", SERVICES)
@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("AccessDeniedException", 400),
        ("ThrottlingException", 400),
        ("ProvisionedThroughputExceededException", 400),
        ("ExpiredTokenException", 403),
        ("InternalServerError", 500),
    ],
)
def test_errors_of_aws(script, call, viewer_request, operation: str, code: str, status: int):
    """An error of AWS is a 503, and the log names the call and AWS's error code."""
    script.well(*SERVICES.keys() - {operation})
    script.error(code, status, to=operation)
    logged = cause(*call(viewer_request("alice:secret")))
    assert logged == f"{SERVICES[operation]} {operation}: {code} (HTTP {status})"


FAULTS = {
    "half a response": (
        lambda s, to: s.send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", to=to),
        "NoAnswer: .+ the answer ends in the middle",
    ),
    "no response": (
        lambda s, to: s.send(b"", to=to),
        "NoAnswer: .+ the server closed the connection without an answer",
    ),
    "reset": (lambda s, to: s.reset(to=to), "NoAnswer: .+ reset by peer"),
    "silence": (lambda s, to: s.hang(to=to), "NoAnswer: .+ timed out"),
    "endless": (lambda s, to: s.drip(b"HTTP/1.1 200 OK\r\n\r\n{", to=to), "NoAnswer: .+ timed out"),
    "another language": (lambda s, to: s.reply(200, "<html", to=to), r"MalformedAnswer \(HTTP 200\): .+"),
}


@pytest.mark.parametrize("operation", SERVICES)
@pytest.mark.parametrize("fault", FAULTS)
def test_no_proper_answer(script, misbehaving_server, call, viewer_request, operation: str, fault: str):
    """A truncated, missing or endless response is a 503 in time. The log names the call and the reason."""
    script.well(*SERVICES.keys() - {operation})
    misbehave, reason = FAULTS[fault]
    misbehave(misbehaving_server, operation)
    logged = cause(*call(viewer_request("alice:secret"), seconds=2.3))
    assert re.fullmatch(f"{SERVICES[operation]} {operation}: {reason}", logged)


def test_nobody_listens(as_function, refused_port, call, viewer_request):
    """If AWS cannot be reached, the answer is a 503."""
    keys = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "key"}
    as_function({"AWS_ENDPOINT_URL": f"http://127.0.0.1:{refused_port}", "AWS_REGION": "us-east-1", **keys})
    logged = cause(*call(viewer_request("alice:secret")))
    assert re.fullmatch("sts GetCallerIdentity: NoAnswer: .+ refused", logged)


def test_no_time_to_begin_with(script, call, viewer_request):
    """If the time is too short for hashing and answering, the function does not call AWS."""
    logged = cause(*call(viewer_request("alice:secret"), seconds=1.4))
    assert re.fullmatch("sts GetCallerIdentity: NoAnswer: .+ in time", logged)
    assert script.operations() == []


def test_a_fault_is_not_remembered(script, call, viewer_request):
    """As soon as DynamoDB works again, the next request succeeds."""
    script.well("GetCallerIdentity", "GetRolePolicy")
    script.error("ValidationException")
    script.user()
    assert cause(*call(viewer_request("alice:secret"))) == "dynamodb GetItem: ValidationException (HTTP 400)"
    answer, line = call(viewer_request("alice:secret"))
    assert (line["status"], "status" in answer) == (200, False)


def test_throttled_for_a_moment(script, call, viewer_request):
    """If a retry succeeds, the request succeeds."""
    script.well("GetCallerIdentity", "GetRolePolicy")
    script.error("ThrottlingException")
    script.user()
    assert call(viewer_request("alice:secret"))[1]["status"] == 200
