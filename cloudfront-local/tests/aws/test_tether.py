import subprocess
import sys
from pathlib import Path

import pytest

from cloudfront_local.aws import tether

# This command and a process that it starts hold the FIFO open.
HOLDER = ["sh", "-c", 'exec 3>"$1"; echo here >&3; sleep 1000 & sleep 1000', "sh"]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "directory").mkdir()
    return tmp_path / "directory"


def start(directory: Path, *command: str) -> subprocess.Popen[str]:
    program = [sys.executable, "-IS", tether.__file__, str(directory), *command]
    return subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_command_ends(directory):
    """If the command ends, the tether prints its last ten lines, ends with its status, and removes the directory."""
    process = start(directory, "sh", "-c", "seq 12; echo error >&2; exit 3")
    assert process.stdout is not None
    assert process.stdout.read() == "4\n5\n6\n7\n8\n9\n10\n11\n12\nerror\n"
    assert process.wait(30) == 3
    assert not directory.exists()
    process.communicate()


def test_command_leaves_a_process_behind(directory, fifo):
    """Processes that the command started and left behind are killed."""
    process = start(directory, "sh", "-c", 'exec 3>"$1"; echo here >&3; sleep 1000 & exit 0', "sh", fifo.path)
    assert (fifo.read(), fifo.read()) == (b"here\n", b"")
    assert process.wait(30) == 0
    process.communicate()


def test_pipe_closes(directory, fifo):
    """When the parent closes the pipe, the command and its processes are killed, and the directory is removed."""
    process = start(directory, *HOLDER, fifo.path)
    assert fifo.read() == b"here\n"
    process.communicate(timeout=30)
    assert fifo.read() == b""
    assert not directory.exists()


def test_terminated(directory, fifo):
    """SIGTERM to the tether itself (`pkill python`) has the same effect."""
    process = start(directory, *HOLDER, fifo.path)
    assert fifo.read() == b"here\n"
    process.terminate()
    assert fifo.read() == b""
    process.communicate(timeout=30)
    assert not directory.exists()


def test_parent_is_killed(directory, fifo, eventually):
    """When the parent is killed, the command and its processes are killed, and the directory is removed."""
    parent = """
import subprocess, sys, time
subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
time.sleep(1000)
"""
    program = [sys.executable, "-c", parent, sys.executable, "-IS", tether.__file__, str(directory), *HOLDER, fifo.path]
    with subprocess.Popen(program) as process:
        assert fifo.read() == b"here\n"
        process.kill()
    assert fifo.read() == b""
    eventually(lambda: not directory.exists())
