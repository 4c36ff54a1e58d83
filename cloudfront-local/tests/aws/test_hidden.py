"""A hidden process keeps its environment from the user's other processes."""

import os
import subprocess
import sys

import pytest

from cloudfront_local.aws.embedded import hidden

PROCESS = f"""
import sys
exec(open({hidden.__file__!r}).read())
if sys.argv[1] == "hide":
    hide()
print(ctypes.CDLL(None).prctl(3), flush=True)  # PR_GET_DUMPABLE
sys.stdin.read()
"""
READ = "import sys; print(b'SECRET=' in open(f'/proc/{sys.argv[1]}/environ', 'rb').read())"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows the environment of a process")
@pytest.mark.parametrize(("argument", "dumpable", "seen"), [("hide", "0", "PermissionError"), ("show", "1", "True")])
def test_environment(argument: str, dumpable: str, seen: str) -> None:
    """Another process cannot read the environment of a process that hides, unless it is root's."""
    command = [sys.executable, "-c", PROCESS, argument]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env={"SECRET": "secret"}, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"{dumpable}\n"
        reading = [sys.executable, "-c", READ, str(process.pid)]
        read = subprocess.run(reading, capture_output=True, text=True, check=False)
    assert (seen if os.geteuid() else "True") in read.stdout + read.stderr
