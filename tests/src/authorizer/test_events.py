"""The events under events/authorizer."""

from cloudfront_local.serving.recording.stable import stable


def test_recorded(recorded, deploy, call, phc):
    """Each event has its recorded result if the demo user is the only user."""
    deploy({"demo": {"password": {"S": phc("demo")}}})
    answer, _ = call(recorded.event)
    assert stable(answer) == recorded.result
