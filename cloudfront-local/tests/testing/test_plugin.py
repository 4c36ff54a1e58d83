"""The fixture `edge`, used in a project's tests."""

import os
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
def pytest_on(tmp_path):
    """Runs pytest on a file of tests. `path` are further folders of Python's path. Returns its status and output."""

    def run(suite, *path):
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
            env={"PYTHONPATH": os.pathsep.join(map(str, [*path, REPOSITORY])), "COLUMNS": "400"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return result.returncode, result.stdout

    return run


@pytest.fixture
def outcome(tmp_path, pytest_on):
    """Runs pytest on a test of a handler with this body and this expected result. Returns its status and output."""

    def run(body, expected="..."):
        suite = tmp_path / "test_handler.py"
        suite.write_text(SUITE.replace("HANDLER", body).replace("EXPECTED", expected))
        return pytest_on(suite)

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


EVENT = {
    "version": "1.0",
    "context": {"eventType": "viewer-request"},
    "viewer": {"ip": "203.0.113.178"},
    "request": {
        "method": "GET",
        "uri": "/blog/",
        "querystring": {"a": {"value": "%20"}},
        "headers": {},
        "cookies": {},
    },
}
FILE_SUITE = f"""
def test(edge):
    result = edge("index.js"OPTIONS)({EVENT})
    assert result == EXPECTED
"""


@pytest.fixture
def file_outcome(tmp_path, pytest_on):
    """Runs pytest on a test of a CloudFront Function with this code. Returns its status and output."""

    def run(code, expected="...", options="", path=()):
        (tmp_path / "index.js").write_text(code)
        suite = tmp_path / "test_file.py"
        suite.write_text(FILE_SUITE.replace("EXPECTED", expected).replace("OPTIONS", options))
        return pytest_on(suite, *path)

    return run


def test_file(file_outcome):
    """A CloudFront Function's file runs, and its result is returned."""
    code = "function handler(event) { event.request.uri += 'index.html'; return event.request; }"
    status, output = file_outcome(code, repr(EVENT["request"] | {"uri": "/blog/index.html"}))
    assert status == 0, output


def test_file_options(file_outcome):
    """A file may be of the runtime 1.0, or read a key value store; it sees the query string."""
    code = "import cf from 'cloudfront';\nasync function handler(event) {\n  const found = await cf.kvs().get('a');\n"
    code += "  return {statusCode: 200, body: found + event.request.rawQueryString()};\n}"
    status, output = file_outcome(code, "{'statusCode': 200, 'body': '1a=%20'}", ", store={'a': '1'}")
    assert status == 0, output
    status, output = file_outcome("const a = 1;", options=", runtime='cloudfront-js-1.0'")
    assert status == 1
    assert 'index.js:1:1: SyntaxError: Token "const" not supported in this version' in output


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("function handler(e) { e.request.method = 'POST'; return e.request; }", "function-method: method: found"),
        ("function handler(e) {\n  for (const a of []) {}\n  return e.request; }", "index.js:2:"),
        ("function handler(e) {\n  throw new Error('lost'); }", "index.js:2:"),
        ("function handler(e) { console.log('seen'); return null; }", "seen\n"),
        (
            "import cf from 'cloudfront';\n"
            "function handler(e) { cf.updateRequestOrigin({domainName: 1}); return e.request; }",
            "function-origin: ",
        ),
    ],
    ids=["a broken rule", "syntax", "an error", "the log", "an origin"],
)
def test_file_refused(file_outcome, code, said):
    """Whatever CloudFront would refuse fails the test, with its place or its rule, and the log is shown."""
    status, output = file_outcome(code)
    assert status == 1
    assert said in output
    assert "testing/plugin.py" not in output


def test_file_without_quickjs(file_outcome, tmp_path):
    """Without the extra, the test fails and says how to install it."""
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    (blocked / "quickjs.py").write_text("raise ModuleNotFoundError(name='quickjs')")
    status, output = file_outcome("function handler(e) { return e.request; }", path=(blocked,))
    assert status == 1
    assert "The Python package quickjs is missing." in output
    assert "python -m pip install 'cloudfront-local[aws]'" in output
