"""The events under events/ and the running stack: `cloudfront-local invoke` and `make invoke`."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from cloudfront_local.cli import main
from cloudfront_local.serving.recording.recorder import result_of
from cloudfront_local.serving.recording.stable import stable
from stack.demo.user import LOGIN
from tests.end_to_end.conftest import edited
from tests.events.record import EVENTS, VISITS

EVENT = str(EVENTS / f"{VISITS[0].name}.json")
FUNCTION = VISITS[0].function
# That no function of the template expects.
OTHER_TYPE = str(EVENTS / "types" / "viewer-response.json")
REFUSED = """

def handler(event, context):
    return {"status": "200", "headers": {"x-cache": [{"value": "Hit"}]}}
"""


@pytest.fixture
def invoke(running_stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the command in the stack's folder. Returns its status and what it wrote to standard output and error."""
    monkeypatch.chdir(running_stack.project.folder)

    def invoke(*arguments: str) -> tuple[int, str, str]:
        return main(["invoke", *arguments]), *capsys.readouterr()

    return invoke


@pytest.mark.parametrize("name", [visit.name for visit in VISITS])
def test_invoke(invoke, name: str) -> None:
    """Each event has its recorded result, with the stack's own values in place of the examples for as long."""
    path = EVENTS / f"{name}.json"
    status, output, _ = invoke(path.parent.name, "-e", str(path))
    assert (status, stable(json.loads(output), LOGIN)) == (0, json.loads(result_of(path).read_text()))


def test_pipe(running_stack) -> None:
    """The result goes to standard output alone, where `check` reads it; the logical id will do as well."""
    logical_id = f"{FUNCTION.title().replace('_', '')}Function"
    local = (sys.executable, "-m", "cloudfront_local")
    invoked = running_stack.project.run(*local, "invoke", logical_id, "-e", EVENT)
    assert invoked.returncode == 0, invoked.stderr
    checked = running_stack.project.run(*local, "check", EVENT, "-", stdin=invoked.stdout)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_unknown_function(invoke) -> None:
    """A function that no behavior runs: which ones do."""
    status, output, errors = invoke("Nobody", "-e", EVENT)
    assert (status, output) == (1, "")
    assert errors.startswith("The stack has no edge function Nobody. Its edge functions: ")
    assert f"Function ({FUNCTION})" in errors


def test_failing_function(invoke) -> None:
    """What a function raises, with the lines that show where."""
    status, output, errors = invoke(FUNCTION, "-e", OTHER_TYPE)
    assert (status, output) == (1, "")
    assert f"/{FUNCTION}/handler.py" in errors
    assert "ValueError: the event's type is viewer-response, but this function is for " in errors.splitlines()[-1]


@pytest.mark.long
def test_refused_result(running_stack, invoke) -> None:
    """A result that CloudFront would refuse is printed all the same, with the rule."""
    source = running_stack.project.folder / "src" / FUNCTION / "handler.py"
    with edited(source, source.read_text() + REFUSED):
        status, output, errors = invoke(FUNCTION, "-e", EVENT)
    assert (status, json.loads(output)["status"]) == (1, "200")
    assert errors.startswith("CloudFront refuses this result: disallowed-header: headers.x-cache: ")


def test_no_stack(project) -> None:
    """Without a running stack there is nothing to invoke."""
    result = project.run(sys.executable, "-m", "cloudfront_local", "invoke", FUNCTION, "-e", EVENT)
    assert (result.returncode, result.stderr) == (
        1,
        "No stack runs on this machine from this folder. Start it with `cloudfront-local`.\n",
    )


def test_no_event(invoke) -> None:
    """A file that is none of CloudFront's events."""
    path = str(result_of(Path(EVENT)))
    assert invoke(FUNCTION, "-e", path) == (
        1,
        "",
        f"{path} is not a CloudFront event: it needs Records[0].cf with config.eventType, one of viewer-request, "
        "origin-request, origin-response, viewer-response, and request or response. Give the event that the function "
        "was called with.\n",
    )


def test_make_without_arguments(project) -> None:
    """`make invoke` alone says what it needs."""
    result = project.run("make", "invoke")
    assert result.returncode == 2
    assert result.stderr.startswith("Say which function, and which event's file, such as: make invoke FUNCTION=")


def test_no_engine(running_stack) -> None:
    """`make invoke` where no container engine is: what to start, and what needs none."""
    command = ("make", "invoke", f"FUNCTION={FUNCTION}", f"EVENT={EVENT}")
    result = running_stack.project.run(*command, DOCKER_HOST="unix:///nowhere/docker.sock")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(
        "No container engine can be reached. Start Docker, or set DOCKER_HOST to the engine"
    )
