"""The scope of a signature for API Gateway."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudfront_local.aws.embedded.api_signatures import fault

HOST = "abc123.execute-api.eu-west-1.amazonaws.com"
SERVICE = "Credential should be scoped to correct service: 'execute-api'. "


def signed(scope: str) -> str:
    return f"AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE/20261126/{scope}, SignedHeaders=host, Signature={'0' * 64}"


@pytest.mark.parametrize(
    ("authorization", "host", "expected"),
    [
        (signed("eu-west-1/execute-api/aws4_request"), HOST, None),
        (signed("eu-west-1/execute-api/aws4_request"), f"{HOST}:443", None),
        (signed("eu-west-1/lambda/aws4_request"), HOST, SERVICE),
        (
            signed("us-east-1/execute-api/aws4_request"),
            HOST,
            "Credential should be scoped to a valid region, not 'us-east-1'. ",
        ),
        (signed("us-east-1/execute-api/aws4_request"), "127.0.0.1:4566", None),
        ("Bearer eu-west-1/lambda/aws4_request", HOST, None),
        ("", HOST, None),
    ],
)
def test_scope(authorization: str, host: str, expected: str | None) -> None:
    """Service and Region must be those of the API. Other kinds of Authorization are not looked at."""
    assert fault({"authorization": authorization, "host": host}) == expected


@given(st.text(), st.text())
def test_any_header(authorization: str, host: str) -> None:
    for sent in (authorization, signed(authorization)):
        assert fault({"authorization": sent, "host": host}) in (None, SERVICE)
