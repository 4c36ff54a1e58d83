"""The events under events/router."""

import pytest

from cloudfront_local.serving.recording.stable import stable

# What the demo's buckets are called.
CONTENT = "lambda-at-edge-local-content-123456789012"


@pytest.fixture
def addressed(settings, origin_request):
    """An event with the URLs of the test's servers."""
    settings["access"] = "sigv4"
    own = origin_request()["Records"][0]["cf"]["request"]["origin"]["s3"]["customHeaders"]

    def addressed(event):
        event["Records"][0]["cf"]["request"]["origin"]["s3"]["customHeaders"] = own
        return event

    return addressed


def test_recorded(recorded, addressed, api, call, monkeypatch):
    """Each event has its recorded result, except for the signature, if the API knows the demo's files."""
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    for name, regions in {"lighthouse": ["us-east-1"], "globe": ["eu-west-1", "us-east-1"]}.items():
        places = [
            {"bucket": f"{CONTENT}-{region}", "region": region, "key": f"{name}/{name}.svg"} for region in regions
        ]
        api.put(name, *places)
    answer, _ = call(addressed(recorded.event))
    assert stable(answer) == recorded.result
