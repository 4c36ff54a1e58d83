"""The signers that ours is measured against do sign, and the same."""

from benchmarks.reference import awscrt_signer, botocore_signer
from benchmarks.signer import ENVIRONMENT, FROM_BROWSER, origin_request


def test_references_agree(monkeypatch):
    """Both sign every header that does not change on the way; within one second their signatures are the same."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    botocore, awscrt = signed_within_a_second()
    assert botocore == awscrt
    assert "SignedHeaders=accept;accept-language;cloudfront-forwarded-proto;" in botocore["authorization"]
    assert botocore["x-authenticated-user"] == "demo"


def signed_within_a_second():
    """The headers of both references, signed at the same time by the clock."""
    while True:
        both = [
            {
                name: items[0]["value"]
                for name, items in signer.handler(origin_request(FROM_BROWSER), None)["headers"].items()
            }
            for signer in (botocore_signer, awscrt_signer)
        ]
        if both[0]["x-amz-date"] == both[1]["x-amz-date"]:
            return both
