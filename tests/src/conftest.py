"""Shared by the tests of src/: recorded events, connections that end with their test, and reference signatures."""

import datetime
import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from awscrt.auth import (
    AwsCredentialsProvider,
    AwsSignatureType,
    AwsSignedBodyHeaderType,
    AwsSigningAlgorithm,
    AwsSigningConfig,
    aws_sign_request,
)
from awscrt.http import HttpHeaders, HttpRequest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.retries.standard import ExponentialBackoff

from cloudfront_local.serving.recording.recorder import kept, result_of

EVENTS = Path(__file__).parents[2] / "events"

# The arguments of edge.sigv4.signed_headers, by name; path and query as they are sent.
Request = dict[str, Any]


@dataclass(frozen=True)
class Recorded:
    """A recorded event and its result."""

    event: Any
    result: Any


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Runs a test with the argument `recorded` for each event that is kept of its folder's function."""
    if "recorded" in metafunc.fixturenames:
        paths = kept(EVENTS / Path(metafunc.module.__file__).parent.name)
        recorded = [
            pytest.param(Recorded(json.loads(path.read_text()), json.loads(result_of(path).read_text())), id=path.stem)
            for path in paths
        ]
        metafunc.parametrize("recorded", recorded)


@pytest.fixture(scope="module", autouse=True)
def no_pause_between_attempts() -> Iterator[None]:
    """botocore retries at once. Otherwise it waits up to a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0)
        yield


@pytest.fixture(autouse=True)
def no_connection_survives() -> Iterator[None]:
    """Each test begins without kept connections, and leaves none open."""
    yield
    if connections := sys.modules.get("edge.connections"):  # not every function has a network
        connections.close_kept()


@pytest.fixture(scope="session")
def signed_by_awscrt() -> Callable[[Request], dict[str, str]]:
    """All headers of a request after AWS's C library has signed it. The names are in lower case."""
    return _signed_by_awscrt


@pytest.fixture(scope="session")
def authorized_by_botocore() -> Callable[[Request, dict[str, str]], str]:
    """The Authorization header by botocore for a request with these headers, including `x-amz-date`."""
    return _authorized_by_botocore


def _signed_by_awscrt(request: Request) -> dict[str, str]:
    is_s3 = request["service"] == "s3"
    credentials = request["credentials"]
    headers = dict(request["headers"])
    adds_hash = headers.pop("x-amz-content-sha256", None) or is_s3  # it adds this one or refuses the request
    config = AwsSigningConfig(
        algorithm=AwsSigningAlgorithm.V4,
        signature_type=AwsSignatureType.HTTP_REQUEST_HEADERS,
        credentials_provider=AwsCredentialsProvider.new_static(
            credentials.access_key, credentials.secret_key, credentials.session_token
        ),
        region=request["region"],
        service=request["service"],
        date=datetime.datetime.fromtimestamp(request["now"], datetime.UTC),
        use_double_uri_encode=not is_s3,
        should_normalize_uri_path=not is_s3,
        signed_body_value=hashlib.sha256(request["payload"]).hexdigest(),
        signed_body_header_type=(
            AwsSignedBodyHeaderType.X_AMZ_CONTENT_SHA_256 if adds_hash else AwsSignedBodyHeaderType.NONE
        ),
    )
    sent = HttpRequest(request["method"], _target(request), HttpHeaders([*headers.items(), ("host", request["host"])]))
    return {name.lower(): value for name, value in aws_sign_request(sent, config).result(10).headers}


def _authorized_by_botocore(request: Request, headers: dict[str, str]) -> str:
    url = f"https://{request['host']}{_target(request)}"
    sent = AWSRequest(request["method"], url, headers=headers, data=request["payload"])
    sent.context["timestamp"] = headers["x-amz-date"]
    auth = (S3SigV4Auth if request["service"] == "s3" else SigV4Auth)(
        request["credentials"], request["service"], request["region"]
    )
    signature = auth.signature(auth.string_to_sign(sent, auth.canonical_request(sent)), sent)
    authorized: str = auth._inject_signature_to_request(sent, signature).headers["Authorization"]
    return authorized


def _target(request: Request) -> str:
    return f"{request['path']}?{request['query']}" if request["query"] else request["path"]
