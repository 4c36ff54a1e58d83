"""The events under events/authorizer."""

from cloudfront_local.serving.recording.stable import stable


def test_recorded(recorded, deploy, call, phc):
    """Each has its recorded result where the demo user is the only one."""
    deploy({"demo": {"password": {"S": phc("demo")}}})
    answer, _ = call(recorded.event)
    assert stable(answer) == recorded.result
