"""The authorizer as `sam build` leaves it: the same program as its source."""

import subprocess
import sys
from pathlib import Path

import strip

SOURCE = Path(strip.__file__).parent
PROGRAM = """
import sys, traceback
sys.path[:0] = sys.argv[1:]
from edge import aws, log, query
from authorizer.handler import handler
from authorizer.passwords import hash_password, verify_password
print(verify_password("open", hash_password("open")), aws.endpoint(query.STS, "eu-west-1"))
try:
    handler({"Records": [{"cf": {"config": {"eventType": "viewer-response", "requestId": ""}}}]}, None)
except ValueError as error:
    print(error, [(each.name, each.lineno) for each in traceback.extract_tb(error.__traceback__)])
"""


def test_runs_as_its_source(tmp_path: Path):
    """What was built answers as the source does, and its tracebacks hold the same lines."""
    command = ["make", "--silent", "-C", SOURCE, "build-AuthorizerFunction", f"ARTIFACTS_DIR={tmp_path}"]
    subprocess.run(command, check=True)
    outputs = [
        subprocess.run([sys.executable, "-I", "-B", "-c", PROGRAM, path], capture_output=True, text=True, check=True)
        for path in (tmp_path, SOURCE)
    ]
    assert outputs[0].stdout == outputs[1].stdout
    assert outputs[0].stdout.startswith(
        "True https://sts.eu-west-1.amazonaws.com\nthe event's type is viewer-response where"
    )
