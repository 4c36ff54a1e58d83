"""The usual way to write the signer: botocore.auth. It signs all headers of the request."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from benchmarks.reference.unsigned import signed, unsigned


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """The signed request."""
    return signed(event, prepare(event)())


def prepare(event: dict[str, Any]) -> Callable[[], dict[str, str]]:
    """A function that only signs."""
    request = unsigned(event)
    url = f"https://{request.host}{request.target}"
    credentials = Credentials(
        os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"], os.environ["AWS_SESSION_TOKEN"]
    )

    def sign() -> dict[str, str]:
        aws_request = AWSRequest(request.method, url, request.headers, request.body)
        SigV4Auth(credentials, "lambda", request.region).add_auth(aws_request)
        return dict(aws_request.headers.items())

    return sign
