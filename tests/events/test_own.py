"""Events that a person records: the tests take them as they are."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cloudfront_local.serving.recording.recorder import result_of

REPOSITORY = Path(__file__).parents[2]
NEEDED = ("events", "src", "stack", "tests")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What the tests of events need of this repository."""
    for name in NEEDED:
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy2(REPOSITORY / "pyproject.toml", tmp_path)
    return tmp_path


def run(copy: Path) -> "subprocess.CompletedProcess[str]":
    """The tests of all events, and those of the function that the events are of."""
    tests = ("tests/events/test_recorded.py", "tests/src/redirect/test_events.py", "tests/src/test_missing_parts.py")
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests)
    return subprocess.run(command, cwd=copy, capture_output=True, text=True)


@pytest.mark.long
def test_own_events(copy: Path) -> None:
    """An event that was renamed is tested like the others. One that was not is left alone, whatever became of it."""
    redirect = copy / "events" / "redirect"
    event, result = ((redirect / f"from-index{suffix}").read_text() for suffix in (".json", ".result.json"))
    own = json.loads(event)
    own["Records"][0]["cf"]["request"]["querystring"] = "own=1"
    answered = json.loads(result)
    answered["headers"]["location"][0]["value"] = (
        answered["headers"]["location"][0]["value"].partition("?")[0] + "?own=1"
    )
    for name, text in {"own": json.dumps(answered), "302-1": "{}", "refused-1": '{"status": "99"}'}.items():
        (redirect / f"{name}.json").write_text(json.dumps(own))
        result_of(redirect / f"{name}.json").write_text(text)
    (redirect / "failed-1.json").write_text(json.dumps(own))

    passed = run(copy)
    assert passed.returncode == 0, passed.stdout
    result_of(redirect / "own.json").write_text(json.dumps({**answered, "status": "301"}))
    failed = run(copy)
    assert failed.returncode == 1
    assert "FAILED tests/src/redirect/test_events.py::test_recorded[own]" in failed.stdout
    assert "1 failed" in failed.stdout
