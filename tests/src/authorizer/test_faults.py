"""AWS that says no, is throttled, down or slow: a 503 that says to come back, never a 401 and never a pass."""

import re

import pytest

SERVICES = {"GetCallerIdentity": "sts", "GetRolePolicy": "iam", "GetItem": "dynamodb"}


def cause(answer, line) -> str:
    """The cause in the log of a 503."""
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
    """Whatever AWS refuses is a 503, and the log names the call and AWS's code."""
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
    """Half a response, none or one without end is a 503, in time, and the log says which call it was and why."""
    script.well(*SERVICES.keys() - {operation})
    misbehave, reason = FAULTS[fault]
    misbehave(misbehaving_server, operation)
    logged = cause(*call(viewer_request("alice:secret"), seconds=2.3))
    assert re.fullmatch(f"{SERVICES[operation]} {operation}: {reason}", logged)


def test_nobody_listens(as_function, refused_port, call, viewer_request):
    """An AWS that cannot be reached is a 503."""
    keys = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "key"}
    as_function({"AWS_ENDPOINT_URL": f"http://127.0.0.1:{refused_port}", "AWS_REGION": "us-east-1", **keys})
    logged = cause(*call(viewer_request("alice:secret")))
    assert re.fullmatch("sts GetCallerIdentity: NoAnswer: .+ refused", logged)


def test_no_time_to_begin_with(script, call, viewer_request):
    """With less time than hashing and answering take, AWS is not asked at all."""
    logged = cause(*call(viewer_request("alice:secret"), seconds=1.4))
    assert re.fullmatch("sts GetCallerIdentity: NoAnswer: .+ in time", logged)
    assert script.operations() == []


def test_a_fault_is_not_remembered(script, call, viewer_request):
    """The next request after a 503 of DynamoDB's is answered as soon as DynamoDB is well."""
    script.well("GetCallerIdentity", "GetRolePolicy")
    script.error("ValidationException")
    script.user()
    assert cause(*call(viewer_request("alice:secret"))) == "dynamodb GetItem: ValidationException (HTTP 400)"
    answer, line = call(viewer_request("alice:secret"))
    assert (line["status"], "status" in answer) == (200, False)


def test_throttled_for_a_moment(script, call, viewer_request):
    """What a retry helps against, the viewer does not notice."""
    script.well("GetCallerIdentity", "GetRolePolicy")
    script.error("ThrottlingException")
    script.user()
    assert call(viewer_request("alice:secret"))[1]["status"] == 200
