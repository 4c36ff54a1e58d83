"""A template with CloudFront Functions is deployed and served; edits and mistakes in them are followed."""

import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from cloudfront_local.testing.workplace import Workplace

TEMPLATE = """
Resources:
  Rewrite:
    Type: AWS::CloudFront::Function
    Properties:
      Name: rewrite
      AutoPublish: true
      FunctionConfig: { Comment: "", Runtime: cloudfront-js-2.0 }
      FunctionCode: |
        function handler(event) {
          %s
        }
  Distribution:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{ Id: o, DomainName: example.org, CustomOriginConfig: { OriginProtocolPolicy: https-only } }]
        DefaultCacheBehavior:
          TargetOriginId: o
          ViewerProtocolPolicy: allow-all
          CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6
          FunctionAssociations: [{ EventType: viewer-request, FunctionARN: !GetAtt Rewrite.FunctionARN }]
"""
GREET = "console.log('asked for ' + event.request.uri); return {statusCode: 200, body: '%s'};"


@pytest.fixture
def place(tmp_path: Path):
    place = Workplace(tmp_path)
    yield place
    place.end()


def asked(url: str) -> tuple[int, str, str]:
    try:
        with urllib.request.urlopen(url) as answer:  # noqa: S310 - the address is http
            return answer.status, answer.headers["X-Cache"], answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.status, error.headers["X-Cache"], error.read().decode()


def test_serve(place: Workplace) -> None:
    """The function answers, its log is in the terminal, and an edit of the template runs at a later request."""
    template = place.folder / "template.yaml"
    template.write_text(TEMPLATE % (GREET % "hello"))
    process = place.start(sys.executable, "-m", "cloudfront_local")
    url = place.await_ready(process).url
    assert asked(f"{url}/a") == (200, "FunctionGeneratedResponse from cloudfront", "hello")
    place.await_output(process, "rewrite: asked for /a")
    place.await_output(process, "rewrite viewer-request ~")
    template.write_text(TEMPLATE % (GREET % "changed"))
    for _ in range(300):
        if asked(f"{url}/a")[2] == "changed":
            break
        time.sleep(0.1)
    assert asked(f"{url}/a")[2] == "changed"
    process.terminate()
    process.wait(30)
    assert place.leftovers() == []


def test_syntax(place: Workplace) -> None:
    """Syntax that CloudFront's runtime lacks is named before the first request, with its place; then it is a 503."""
    (place.folder / "template.yaml").write_text(TEMPLATE % "for (const a of []) {} return event.request;")
    process = place.start(sys.executable, "-m", "cloudfront_local")
    url = place.await_ready(process).url
    assert "CloudFront cannot run the function rewrite, and answers 503:\n    rewrite:2:" in place.output
    assert 'Token "of" not supported in this version' in place.output
    status, x_cache, body = asked(f"{url}/a")
    assert (status, x_cache) == (503, "FunctionExecutionError from cloudfront")
    assert "The CloudFront function associated with the CloudFront distribution is invalid or could not run." in body
