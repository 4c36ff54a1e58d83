"""The events under events/sign_in."""

from cloudfront_local.serving.recording.stable import stable
from tests.src.sign_in.conftest import Browser


def test_recorded(recorded, browser: Browser):
    """Each event has its recorded result, whoever the provider is."""
    answer = browser.send(recorded.event["Records"][0]["cf"]["request"])
    assert stable(answer.result) == recorded.result
