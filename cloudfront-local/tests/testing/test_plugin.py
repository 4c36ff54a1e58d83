"""The fixture `edge`, used in a project's tests."""

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

SUITE = """
import copy

REQUEST = {
    "clientIp": "203.0.113.178",
    "method": "GET",
    "uri": "/page.html",
    "querystring": "",
    "headers": {"host": [{"key": "Host", "value": "www.example.org"}]},
}
EVENT = {"Records": [{"cf": {"config": {"eventType": "viewer-request"}, "request": REQUEST}}]}


def handler(event, context):
    request = event["Records"][0]["cf"]["request"]
    HANDLER


def test(edge):
    before = copy.deepcopy(EVENT)
    result = edge(handler)(EVENT)
    assert EVENT == before, "the test's own event is changed"
    assert result == EXPECTED
"""


@pytest.fixture
def outcome(tmp_path):
    """Runs pytest on a test of a handler with this body and this expected result. Returns its status and output."""

    def run(body, expected="..."):
        suite = tmp_path / "test_handler.py"
        suite.write_text(SUITE.replace("HANDLER", body).replace("EXPECTED", expected))
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "--no-header",
            "-p",
            "cloudfront_local.testing.plugin",
            "-p",
            "no:cacheprovider",
        ]
        result = subprocess.run(
            [*command, "--rootdir", tmp_path, suite],
            cwd=tmp_path,
            env={"PYTHONPATH": str(REPOSITORY), "COLUMNS": "400"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return result.returncode, result.stdout

    return run


def test_good(outcome):
    """The handler gets a context, and its result is returned after JSON, as CloudFront gets it."""
    body = 'return {"status": "200", "body": str(context.get_remaining_time_in_millis()), "headers": {}}'
    status, output = outcome(body, '{"status": "200", "body": "5000", "headers": {}}')
    assert status == 0, output


def test_refused(outcome):
    """A broken rule fails the test; the message names the rule and shows none of the plugin's code."""
    status, output = outcome('return {"status": "200", "headers": {"x-cache": [{"value": "Hit"}]}}')
    assert status == 1
    assert "Failed: CloudFront refuses this result:" in output
    assert "disallowed-header: headers.x-cache: " in output
    assert "testing/plugin.py" not in output


def test_changed_in_place(outcome):
    """A read-only field is refused even if the handler changes the event in place and returns the same object."""
    status, output = outcome('request["method"] = "POST"; return request')
    assert status == 1
    assert "read-only-field: method: " in output


def test_not_json(outcome):
    """A result that is not JSON fails the test."""
    status, output = outcome('return {**request, "querystring": {"a=1"}}')
    assert status == 1
    assert "not-serializable: result: " in output


def test_raised(outcome):
    """An exception of the handler reaches the test."""
    status, output = outcome('raise LookupError("no such user")')
    assert status == 1
    assert "LookupError: no such user" in output
