"""The events under events/signer."""

from cloudfront_local.serving.recording.stable import stable


def test_recorded(recorded, sign):
    """Each has its recorded result, but for the signature itself, which others verify."""
    assert stable(sign(recorded.event)) == recorded.result
