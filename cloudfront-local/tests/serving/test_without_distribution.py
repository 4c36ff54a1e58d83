"""A template without a distribution: its functions are for a distribution that exists already."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloudfront_local.testing.workplace import Workplace

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: { Service: [lambda.amazonaws.com, edgelambda.amazonaws.com] }
  GreetFunction:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      CodeUri: greet/
      AutoPublishAlias: live
      AutoPublishAliasAllProperties: true
      Role: !GetAtt Role.Arn
"""
CODE = "def handler(event, context): return {'status': '200', 'body': '%s'}\n"
EVENT = {
    "Records": [
        {
            "cf": {
                "config": {
                    "distributionDomainName": "d111111abcdef8.cloudfront.net",
                    "distributionId": "EDFDVBD6EXAMPLE",
                    "eventType": "viewer-request",
                    "requestId": "r",
                },
                "request": {"clientIp": "203.0.113.1", "headers": {}, "method": "GET", "querystring": "", "uri": "/"},
            }
        }
    ]
}
COMMAND = (sys.executable, "-m", "cloudfront_local")
INVOKE = (*COMMAND, "invoke", "GreetFunction", "-e", "event.json")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    place = Workplace(tmp_path)
    (place.folder / "template.yaml").write_text(TEMPLATE)
    (place.folder / "greet").mkdir()
    (place.folder / "greet" / "index.py").write_text(CODE % "hello")
    (place.folder / "event.json").write_text(json.dumps(EVENT))
    yield place
    place.end()


def test_nothing_to_serve(place: Workplace) -> None:
    """The terminal says what is missing. `invoke` calls the stack's functions, whose edits it follows."""
    stack = place.await_ready(place.start(*COMMAND))
    assert (
        "The template has no AWS::CloudFront::Distribution, so there is nothing to serve. To call a function of\n"
        "Lambda@Edge as CloudFront would: cloudfront-local invoke FUNCTION -e EVENT\n"
    ) in place.output
    assert (stack.url, stack.distributions) == ("", {})
    assert json.loads(place.run(*INVOKE).stdout) == {"status": "200", "body": "hello"}
    (place.folder / "greet" / "index.py").write_text(CODE % "good day")
    assert json.loads(place.run(*INVOKE).stdout)["body"] == "good day"
    unknown = place.run(*COMMAND, "invoke", "Nobody", "-e", "event.json")
    assert (unknown.returncode, unknown.stderr) == (
        1,
        "The stack has no edge function Nobody. Its edge functions: GreetFunction (index).\n",
    )
    refused = place.run(*COMMAND, "invalidate", "/*")
    assert (refused.returncode, refused.stderr) == (
        1,
        f"The stack local has no distribution. Add one to {place.folder / 'template.yaml'}.\n",
    )


def test_named(place: Workplace) -> None:
    """`--distribution` names a distribution that is not there."""
    refused = place.run(*COMMAND, "--distribution", "Shop")
    assert (refused.returncode, refused.stderr.splitlines()[-1]) == (
        1,
        "The stack local has no distribution Shop. Its distributions: none.",
    )
