"""The events under events/signer."""

from cloudfront_local.serving.recording.stable import stable


def test_recorded(recorded, sign):
    """Each event has its recorded result, except for the signature, which other tests verify."""
    assert stable(sign(recorded.event)) == recorded.result
