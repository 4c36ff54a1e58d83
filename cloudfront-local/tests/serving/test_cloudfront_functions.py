"""A template with CloudFront Functions is deployed and served; edits and mistakes in them are followed."""

import json
import subprocess
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
      Name: !Sub ${AWS::StackName}-rewrite
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
LOCAL = (sys.executable, "-m", "cloudfront_local")
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


EVENT = {
    "version": "1.0",
    "context": {"eventType": "viewer-request"},
    "viewer": {"ip": "203.0.113.178"},
    "request": {"method": "GET", "uri": "/blog", "querystring": {}, "headers": {}, "cookies": {}},
}


def invoke(place: Workplace, name: str, event: object = EVENT) -> subprocess.CompletedProcess[str]:
    """`cloudfront-local invoke`, with this event."""
    return place.run(*LOCAL, "invoke", name, "-e", "-", stdin=json.dumps(event))


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ("console.log('seen'); return event.request;", 0, "seen\nCompute utilization, estimated: "),
        ("return {statusCode: '200'};", 1, "CloudFront refuses this result: function-status-code: statusCode: found"),
        ("throw new Error('lost');", 1, "index.js:1:"),
        ("throw new Error('lost');", 1, "CloudFront answers 503: The CloudFront function associated with the"),
        ("for (const a of []) {}", 1, 'Token "of" not supported in this version'),
        ("const text = 'x';", 1, "function-not-an-object: result: found null"),
    ],
)
def test_invoke_file(place: Workplace, body: str, status: int, said: str) -> None:
    """A function's file runs without a stack: log lines, errors and violations are on standard error."""
    (place.folder / "index.js").write_text(f"function handler(event) {{ {body} }}")
    invoked = invoke(place, "index.js")
    assert invoked.returncode == status
    assert said in invoked.stderr
    assert status == 1 or json.loads(invoked.stdout) == EVENT["request"]


def test_invoke_nothing(place: Workplace) -> None:
    """Without a stack, only a file can be invoked; a missing file, and a container, are refused."""
    assert invoke(place, "rewrite").stderr.startswith("No stack runs on this machine from this folder.")
    assert invoke(place, "none.js").stderr.startswith("none.js cannot be read: ")
    refused = place.run(*LOCAL, "invoke", "rewrite", "--container", "-e", "-", stdin=json.dumps(EVENT))
    assert (refused.returncode, refused.stderr) == (
        1,
        "A CloudFront Function runs in no container of SAM. Leave --container out.\n",
    )


def test_serve(place: Workplace) -> None:
    """The function answers, its log is in the terminal, and an edit of the template runs at a later request."""
    template = place.folder / "template.yaml"
    template.write_text(TEMPLATE % (GREET % "hello"))
    process = place.start(*LOCAL)
    stack = place.await_ready(process)
    url = stack.url
    assert asked(f"{url}/a") == (200, "FunctionGeneratedResponse from cloudfront", "hello")
    place.await_output(process, "rewrite: asked for /a")
    place.await_output(process, "rewrite viewer-request ~")
    for name in ("Rewrite", "rewrite", f"{stack.stack_name}-rewrite"):
        invoked = invoke(place, name)
        assert (invoked.returncode, json.loads(invoked.stdout)) == (0, {"statusCode": 200, "body": "hello"})
        assert "asked for /blog\n" in invoked.stderr
    assert f"Name one of its functions: Rewrite ({stack.stack_name}-rewrite)." in invoke(place, "other").stderr
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
    process = place.start(*LOCAL)
    stack = place.await_ready(process)
    name, url = f"{stack.stack_name}-rewrite", stack.url
    assert f"CloudFront cannot run the function {name}, and answers 503:\n    {name}:2:" in place.output
    assert 'Token "of" not supported in this version' in place.output
    status, x_cache, body = asked(f"{url}/a")
    assert (status, x_cache) == (503, "FunctionExecutionError from cloudfront")
    assert "The CloudFront function associated with the CloudFront distribution is invalid or could not run." in body
