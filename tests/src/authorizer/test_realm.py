"""The authorizer's realm, a setting of its build."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import realm

PROGRAM = """
import json, sys
sys.path[:] = [sys.argv[1], *sys.path]
from authorizer.handler import handler
class Context:
    def get_remaining_time_in_millis(self): return 5000
print(json.dumps(handler(json.load(sys.stdin), Context())))
"""


def build(directory: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    source = Path(realm.__file__).parent
    command = ["make", "--silent", "-C", str(source), "build-AuthorizerFunction", f"ARTIFACTS_DIR={directory}"]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True)


def challenge(directory: Path, event: object) -> str:
    """The answer of the built function to a request without credentials."""
    program = [sys.executable, "-I", "-B", "-c", PROGRAM, str(directory)]
    run = subprocess.run(program, input=json.dumps(event), capture_output=True, text=True, check=True)
    answer = json.loads(run.stdout.splitlines()[-1])
    return str(answer["headers"]["www-authenticate"][0]["value"])


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ("", "d111111abcdef8.cloudfront.net"),
        ("Members only", "Members only"),
        ("it's {staging} $(date) #1", "it's {staging} $(date) #1"),
    ],
)
def test_realm(tmp_path, viewer_request, chosen, expected):
    """The 401 names the realm that the function was built with, or else the distribution's domain name."""
    assert build(tmp_path, AUTHORIZER_REALM=chosen).returncode == 0
    assert challenge(tmp_path, viewer_request()) == f'Basic realm="{expected}", charset="UTF-8"'
    for byte_code in tmp_path.glob("authorizer/__pycache__/realm.*"):  # none without the Runtime's Python
        assert chosen.encode() in byte_code.read_bytes()


@pytest.mark.parametrize("chosen", ['"quoted"', "back\\slash", "Mitglieder für immer", "two\nlines", "x" * 101])
def test_no_realm(tmp_path, chosen):
    """An invalid realm fails the build with a message that says which characters are allowed."""
    failed = build(tmp_path, AUTHORIZER_REALM=chosen)
    assert failed.returncode == 2
    assert failed.stderr.startswith(
        f"AUTHORIZER_REALM={chosen!r} cannot be a realm. Use at most 100 printable ASCII characters, and no "
        'quotation mark (") or backslash.\n'
    )
