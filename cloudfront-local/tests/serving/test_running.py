"""The running stack is described in a file for the other commands."""

import json
import os
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloudfront_local.aws.project import state_folder
from cloudfront_local.errors import LocalError
from cloudfront_local.serving import running
from cloudfront_local.serving.running import RunningStack


@pytest.fixture
def stack(tmp_path: Path) -> RunningStack:
    return RunningStack(
        pid=os.getpid(),
        url="http://127.0.0.1:8080",
        endpoint_url="http://127.0.0.1:4566",
        stack_name="shop",
        region="us-east-1",
        edge_region="eu-west-1",
        distributions={"Distribution": "EDFDVBD6EXAMPLE"},
        template=str(tmp_path / "template.yaml"),
        build_dir=str(tmp_path / ".aws-sam/build"),
    )


def described_as(folder: Path, text: str) -> None:
    (state_folder(folder) / "running.json").write_text(text)


def test_running(tmp_path: Path, stack: RunningStack) -> None:
    """A stack is found while it runs, and neither before nor after."""
    assert running.read(tmp_path) is None
    with running.claimed(tmp_path):
        assert running.read(tmp_path) is None
        with running.described(stack):
            assert running.read(tmp_path) == stack
        assert running.read(tmp_path) is None


@pytest.mark.parametrize("pid", [os.getpid(), 1, 2**22 + 1], ids=["this process", "init", "none"])
def test_killed(tmp_path: Path, stack: RunningStack, pid: int) -> None:
    """The file of a stack that was killed counts for nothing, even if another process has its number."""
    with running.claimed(tmp_path):
        pass
    described_as(tmp_path, json.dumps(asdict(replace(stack, pid=pid))))
    assert running.read(tmp_path) is None
    with running.claimed(tmp_path):
        pass


def test_second_stack(tmp_path: Path, stack: RunningStack) -> None:
    """A second stack from the same folder is refused with the address of the first."""
    with running.claimed(tmp_path), running.described(stack):
        problem = rf"already runs from this folder at http://127.0.0.1:8080 \(process {stack.pid}\)"
        with pytest.raises(LocalError, match=problem), running.claimed(tmp_path):
            pass


@pytest.mark.parametrize("change", [{"window_url": "http://127.0.0.1:8081"}, {"pid": "1"}, {"url": None}])
def test_another_version(tmp_path: Path, stack: RunningStack, change: dict[str, object]) -> None:
    """The file of another version of the tool is an error that says what to do."""
    with running.claimed(tmp_path):
        described_as(tmp_path, json.dumps(asdict(stack) | change))
        with pytest.raises(LocalError, match=r"not written by this version .* End the stack .* and start it again"):
            running.read(tmp_path)


@given(text=st.text(st.characters(codec="utf-8")) | st.just("[" * 100_000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file(tmp_path: Path, text: str) -> None:
    """Any other file is the same error."""
    with running.claimed(tmp_path):
        described_as(tmp_path, text)
        with pytest.raises(LocalError):
            running.read(tmp_path)
