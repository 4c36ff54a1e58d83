import os
import pty
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]

PROGRAM = """
from stack.progress import waiting
with waiting("Waiting [for AWS] ...") as say:
    say("Waiting [for AWS] ...")
    say("Nearly there ...")
print("Done.")
"""


def test_terminal():
    """At a terminal there is one line with the time. It is gone at the end."""
    parent, child = pty.openpty()
    environment = {
        **os.environ,
        "PYTHONPATH": f"{REPOSITORY}:{REPOSITORY}/cloudfront-local",
        "TERM": "xterm",
        "COLUMNS": "80",
    }
    command = [sys.executable, "-c", PROGRAM]
    run = subprocess.run(command, env=environment, stderr=child, stdout=subprocess.PIPE, text=True)
    os.close(child)
    shown = os.read(parent, 65536).decode()
    os.close(parent)
    assert (run.returncode, run.stdout) == (0, "Done.\n")
    assert "Nearly there ... \x1b[33m0:00:00\x1b[0m" in shown
    assert shown.endswith("\x1b[2K")


def test_elsewhere():
    """Without a terminal, each new text is a line."""
    environment = {**os.environ, "PYTHONPATH": f"{REPOSITORY}:{REPOSITORY}/cloudfront-local"}
    run = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True)
    assert run.stderr == "Waiting [for AWS] ...\nNearly there ...\n"
