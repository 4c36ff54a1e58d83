"""The signer with awscrt, AWS's own implementation in C. It signs all headers of the request."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import Any

from awscrt.auth import (  # type: ignore[import-untyped] # awscrt has no type hints
    AwsCredentialsProvider,
    AwsSigningAlgorithm,
    AwsSigningConfig,
    aws_sign_request,
)
from awscrt.http import HttpHeaders, HttpRequest  # type: ignore[import-untyped]

from benchmarks.reference.unsigned import signed, unsigned


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """The signed request."""
    return signed(event, prepare(event)())


def prepare(event: dict[str, Any]) -> Callable[[], dict[str, str]]:
    """A function that only signs. It also creates the signing configuration, because that holds the date."""
    request = unsigned(event)
    headers = list(request.headers.items())
    credentials = AwsCredentialsProvider.new_static(
        os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"], os.environ["AWS_SESSION_TOKEN"]
    )

    def sign() -> dict[str, str]:
        config = AwsSigningConfig(
            algorithm=AwsSigningAlgorithm.V4,
            credentials_provider=credentials,
            region=request.region,
            service="lambda",
        )
        http_request = HttpRequest(request.method, request.target, HttpHeaders(headers), io.BytesIO(request.body))
        return dict(aws_sign_request(http_request, config).result().headers)

    return sign
