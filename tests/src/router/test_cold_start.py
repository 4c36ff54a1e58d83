"""The work that a sandbox does while it initializes, so that no request has to do it with a share of a processor."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SRC = Path(__file__).parents[3] / "src"
# Prints the modules that the first request imports, and the request's outcome.
FIRST_REQUEST = """
import json, sys
import router.handler

class Context:
    def get_remaining_time_in_millis(self):
        return 5000

event = json.load(sys.stdin)
before = set(sys.modules)
answer = router.handler.handler(event, Context())
print(json.dumps([sorted(set(sys.modules) - before), answer["origin"]["s3"]["domainName"]]))
"""


@pytest.mark.parametrize("access", ["oai", "sigv4"])
def test_a_request_imports_nothing(origin_request, settings, secret, access: str):
    """The first request imports no module to read the secret, get a token and call the API."""
    del settings["client-secret"]
    settings |= {"client-secret-arn": secret.arn, "access": access}
    done = subprocess.run(
        [sys.executable, "-c", FIRST_REQUEST],
        input=json.dumps(origin_request()),
        env={**os.environ, "PYTHONPATH": str(SRC)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout.splitlines()[-1]) == [[], "files-eu-west-1.s3.eu-west-1.amazonaws.com"]
