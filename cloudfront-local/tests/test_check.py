"""The command `cloudfront-local check EVENT RESULT`."""

import contextlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudfront_local.check import check as check_result
from cloudfront_local.check import read_event
from cloudfront_local.errors import LocalError

REPOSITORY = Path(__file__).resolve().parents[1]

REQUEST = {
    "clientIp": "203.0.113.178",
    "method": "GET",
    "uri": "/page.html",
    "querystring": "",
    "headers": {"host": [{"key": "Host", "value": "www.example.org"}]},
}
EVENT = {"Records": [{"cf": {"config": {"eventType": "viewer-request"}, "request": REQUEST}}]}
REFUSED = {**REQUEST, "method": "POST", "uri": "page.html"}


@pytest.fixture
def check(tmp_path):
    """Runs the command in a folder with these files, with this standard input."""

    def run(*arguments, stdin="", **files):
        for name, content in files.items():
            text = content if isinstance(content, str) else json.dumps(content)
            (tmp_path / f"{name}.json").write_text(text)
        result = subprocess.run(
            [sys.executable, "-m", "cloudfront_local", "check", *arguments],
            cwd=tmp_path,
            env={"PYTHONPATH": str(REPOSITORY)},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return result.returncode, result.stdout, result.stderr

    return run


def test_good(check):
    """A result that CloudFront accepts prints nothing, with status 0."""
    assert check("event.json", "result.json", event=EVENT, result=REQUEST) == (0, "", "")


def test_refused(check):
    """Each violation is one line that begins with its rule; the status is 1."""
    status, output, errors = check("event.json", "result.json", event=EVENT, result=REFUSED)
    assert (status, errors) == (1, "")
    assert [line.partition(": found")[0] for line in output.splitlines()] == ["read-only-field: method", "uri: uri"]


def test_standard_input(check):
    """Of the output of `sam local invoke`, the last line is the result."""
    noise = "START RequestId: 2f0b\n{'a': 'log line'}\nEND RequestId: 2f0b\n"
    assert check("event.json", "-", stdin=f"{noise}{json.dumps(REQUEST)}\n\n", event=EVENT) == (0, "", "")
    status, output, _ = check("event.json", "-", stdin=noise + json.dumps(REFUSED), event=EVENT)
    assert (status, len(output.splitlines())) == (1, 2)


def test_pretty_printed(check):
    """A result may have several lines if there is no other output."""
    assert check("event.json", "-", stdin=json.dumps(REQUEST, indent=2), event=EVENT) == (0, "", "")


def test_result_is_not_json(check):
    """A result that is not JSON breaks the rule `invalid-json`."""
    status, output, errors = check("event.json", "-", stdin="Error: no such function\n", event=EVENT)
    assert (status, errors, len(output.splitlines())) == (1, "", 1)
    assert output.startswith("invalid-json: result: ")


NOT_AN_EVENT = (
    "event.json is not a CloudFront event: it needs Records[0].cf with config.eventType, one of viewer-request, "
    "origin-request, origin-response, viewer-response, and request or response. Give the event that the function was "
    "called with.\n"
)


@pytest.mark.parametrize(
    ("event", "problem"),
    [
        ("{", "event.json is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1). "),
        ([], NOT_AN_EVENT),
        ({}, NOT_AN_EVENT),
        ({"Records": [{"cf": {"config": {"eventType": "viewer-question"}, "request": REQUEST}}]}, NOT_AN_EVENT),
        ({"Records": [{"cf": {"config": {}}}]}, NOT_AN_EVENT),
        ({"Records": [{"cf": {"config": [], "request": REQUEST}}]}, NOT_AN_EVENT),
        ({"Records": [{"cf": {"config": {}, "request": 1}}]}, NOT_AN_EVENT),
    ],
    ids=["not JSON", "an array", "empty", "unknown type", "no request", "config is an array", "request is a number"],
)
def test_not_an_event(check, event, problem):
    """A file that is not a CloudFront event is an error of one line that says what to give."""
    status, output, errors = check("event.json", "-", stdin=json.dumps(REQUEST), event=event)
    assert (status, output, len(errors.splitlines())) == (1, "", 1)
    assert errors.startswith(problem)


def test_unreadable(check):
    """A missing file and an empty result are errors of one line."""
    status, output, errors = check("none.json", "-")
    assert (status, output, len(errors.splitlines())) == (1, "", 1)
    assert errors.startswith("none.json cannot be read: ")
    assert check("event.json", "-", event=EVENT) == (
        1,
        "",
        "There is no result to check: the function's output is empty. See its errors above.\n",
    )


RESPONSE = {"status": "200", "statusDescription": "OK", "headers": {}}
ORIGIN = {
    "authMethod": "none",
    "customHeaders": {},
    "domainName": "bucket.s3.eu-west-1.amazonaws.com",
    "path": "",
    "region": "eu-west-1",
}
AT_ORIGIN = {**REQUEST, "origin": {"s3": ORIGIN}}


@pytest.mark.parametrize(
    ("parts", "event_type"),
    [
        ({"request": REQUEST}, "viewer-request"),
        ({"request": AT_ORIGIN}, "origin-request"),
        ({"request": REQUEST, "response": RESPONSE}, "viewer-response"),
        ({"request": AT_ORIGIN, "response": RESPONSE}, "origin-response"),
        ({"response": RESPONSE}, "viewer-response"),
    ],
)
def test_no_event_type(check, parts, event_type):
    """An event without eventType, as `sam local generate-event` makes, is taken for the type that it looks like."""
    event = {"Records": [{"cf": {"config": {"distributionId": "EXAMPLE"}, **parts}}]}
    result = parts.get("response", parts.get("request"))
    assert check("event.json", "result.json", event=event, result=result) == (
        0,
        "",
        f"event.json: config.eventType is missing, so the event is taken for a {event_type} event. CloudFront always "
        "sends it. Add it to Records[0].cf.config if the function runs at another event.\n",
    )


def test_nested_too_deeply(check):
    """JSON that is nested too deeply is no event, and breaks the rule `invalid-json` as a result."""
    for depth in (300, 900, 100_000):
        nested = "[" * depth + "]" * depth
        status, output, errors = check("event.json", "-", stdin="{}", event=nested)
        assert (status, output, errors) == (1, "", NOT_AN_EVENT)
        status, output, errors = check("event.json", "-", stdin=nested, event=EVENT)
        assert (status, errors, len(output.splitlines())) == (1, "", 1)
    assert output.startswith("invalid-json: result: ")


def test_too_large(check):
    """Event and result have at most 8 MB each: more is an error of one line."""
    large = " " * (8 * 1024 * 1024 + 1)
    error = "is larger than 8388608 bytes. Events and results are at most a few megabytes.\n"
    assert check("event.json", "-", event=large) == (1, "", f"event.json {error}")
    assert check("event.json", "-", stdin=large, event=EVENT) == (1, "", f"- {error}")


def test_standard_input_for_both(check):
    """Standard input can be the event or the result, but not both."""
    problem = "Standard input cannot be both the event and the result. Give the path of a file for one of them.\n"
    assert check("-", "-", stdin=json.dumps(EVENT)) == (1, "", problem)


def test_result_is_not_text(check, tmp_path):
    """A file that is not UTF-8 is an error of one line."""
    (tmp_path / "result.json").write_bytes(b"\xff")
    status, output, errors = check("event.json", "result.json", event=EVENT)
    assert (status, output, len(errors.splitlines())) == (1, "", 1)
    assert errors.startswith("result.json cannot be read: ")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["Records", "cf", "config", "request"]), inner),
)


@given(text=JSON.map(json.dumps) | st.text())
def test_any_text(tmp_path_factory, text):
    """Any text is either an event or an error for the user; any result has a list of violations, or is empty."""
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(text, encoding="utf-8", errors="replace")
    with contextlib.suppress(LocalError):
        read_event(str(path))
    with contextlib.suppress(LocalError):
        check_result(EVENT, text)


FUNCTION_EVENT = {
    "version": "1.0",
    "context": {"eventType": "viewer-request"},
    "viewer": {"ip": "203.0.113.178"},
    "request": {"method": "GET", "uri": "/blog/", "querystring": {}, "headers": {}, "cookies": {}},
}


def test_cloudfront_function(check):
    """The event of a CloudFront Function is held against the rules of CloudFront Functions."""
    request = FUNCTION_EVENT["request"]
    assert check("event.json", "result.json", event=FUNCTION_EVENT, result=request) == (0, "", "")
    refused = {**request, "method": "POST", "headers": {"x-a": "1"}}
    status, output, errors = check("event.json", "result.json", event=FUNCTION_EVENT, result=refused)
    assert (status, errors) == (1, "")
    assert [line.partition(": found")[0] for line in output.splitlines()] == [
        "function-method: method",
        "function-entry: headers.x-a",
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"context": {"eventType": "origin-request"}},
        {"context": []},
        {"context": {"eventType": "viewer-response"}},
        {"request": None},
        {"request": {"uri": "/"}},
    ],
    ids=["Lambda@Edge's event type", "context is an array", "no response", "no request", "no method"],
)
def test_not_an_event_of_cloudfront_functions(check, change):
    """A broken event of a CloudFront Function is an error of one line that says what it needs."""
    status, output, errors = check("event.json", "-", stdin="{}", event=FUNCTION_EVENT | change)
    assert (status, output) == (1, "")
    assert errors == (
        "event.json is not a CloudFront event: it needs context.eventType, one of viewer-request, viewer-response, "
        "with request (and response). Give the event that the function was called with.\n"
    )


def test_result_of_a_cloudfront_function_is_not_json(check):
    status, output, errors = check("event.json", "-", stdin="undefined\n", event=FUNCTION_EVENT)
    assert (status, output) == (1, "")
    assert errors == "The result is not JSON. Give the object that the function returns, as JSON.\n"
