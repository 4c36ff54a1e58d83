"""The events under events/ and the running stack: where they come from, and `python -m local invoke`."""

import json
import logging
import sys
from pathlib import Path
from typing import Any

import pytest

from local.__main__ import main
from local.recording.recorder import result_of
from local.recording.stable import stable
from tests.events.record import EVENTS, VISITS, record

NO_CREDENTIALS = str(EVENTS / "authorizer" / "no-credentials.json")


async def test_recorded(running_stack, tmp_path: Path) -> None:
    """The stack of today records the same. `make events` records what has changed on purpose."""
    logging.disable()  # the 403 and 404 that are asked for
    try:
        await record(running_stack.description, tmp_path)
    finally:
        logging.disable(logging.NOTSET)
    for visit in VISITS:
        for path in (tmp_path / f"{visit.name}.json", result_of(tmp_path / f"{visit.name}.json")):
            assert path.read_text() == (EVENTS / path.relative_to(tmp_path)).read_text(), path.relative_to(tmp_path)


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
    assert (status, stable(json.loads(output))) == (0, json.loads(result_of(path).read_text()))


def test_pipe(running_stack) -> None:
    """The logical id will do as well; the log goes to standard error, the result to where `check` reads it."""
    invoked = running_stack.project.run(
        sys.executable, "-m", "local", "invoke", "AuthorizerFunction", "-e", NO_CREDENTIALS
    )
    assert invoked.returncode == 0, invoked.stderr
    assert json.loads(invoked.stderr)["cause"] == "no credentials"
    checked = running_stack.project.run(
        sys.executable, "-m", "local", "check", NO_CREDENTIALS, "-", stdin=invoked.stdout
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_unknown_function(invoke) -> None:
    """A function that no behavior runs: which ones do."""
    status, output, errors = invoke("Books", "-e", NO_CREDENTIALS)
    assert (status, output) == (1, "")
    assert errors.startswith(
        "Books runs on no behavior of the distribution. These do: AuthorizerFunction (authorizer), "
    )


def test_failing_function(invoke) -> None:
    """The event of another function: what it raises, with the lines that show where."""
    status, output, errors = invoke("signer", "-e", NO_CREDENTIALS)
    assert (status, output) == (1, "")
    assert "/signer/handler.py" in errors
    assert errors.splitlines()[-1].endswith(
        "ValueError: a viewer-request event where a origin-request event was expected: check the association (error)"
    )


def test_refused_result(running_stack, invoke) -> None:
    """A result that CloudFront would refuse is printed all the same, with the rule."""
    source = running_stack.project.folder / "src" / "redirect" / "handler.py"
    original = source.read_text()
    source.write_text(original.replace('{"Location": location,', '{"Location": location, "X-Cache": "Hit",'))
    try:
        status, output, errors = invoke("redirect", "-e", str(EVENTS / "redirect" / "from-index.json"))
    finally:
        source.write_text(original)
    assert (status, json.loads(output)["status"]) == (1, "302")
    assert errors.startswith("CloudFront refuses this result: disallowed-header: headers.x-cache: ")


def test_no_stack(project) -> None:
    """Without a running stack there is nothing to invoke."""
    command = (sys.executable, "-m", "local", "invoke", "authorizer", "-e", NO_CREDENTIALS)
    result = project.run(*command)
    assert (result.returncode, result.stderr) == (
        1,
        "No stack runs on this machine from this folder. Start it with `make local`.\n",
    )


def test_no_event(invoke) -> None:
    """A file that is none of CloudFront's events."""
    path = str(result_of(Path(NO_CREDENTIALS)))
    assert invoke("authorizer", "-e", path) == (
        1,
        "",
        f"{path} is not a CloudFront event. Give the event that the function was called with.\n",
    )


def test_make_without_arguments(project) -> None:
    """`make invoke` alone says what it needs."""
    result = project.run("make", "invoke")
    assert result.returncode == 2
    assert result.stderr.startswith("Say which function, and which event's file, such as: make invoke FUNCTION=Auth")


def test_no_engine(running_stack) -> None:
    """`make invoke` where no container engine is: what to start, and what needs none."""
    command = ("make", "invoke", "FUNCTION=AuthorizerFunction", f"EVENT={NO_CREDENTIALS}")
    result = running_stack.project.run(*command, DOCKER_HOST="unix:///nowhere/docker.sock")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(
        "No container engine can be reached. Start Docker, or set DOCKER_HOST to the engine"
    )
