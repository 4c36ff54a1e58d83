"""A resource that a deployment waits for is named once, with what its function has printed."""

import asyncio
import json
from collections.abc import Iterator

import pytest

from cloudfront_local.aws import slow_resources
from cloudfront_local.aws.endpoint import Endpoint

CODE = "def handler(event, context):\n    print(event['RequestType'], 'begins')\n    raise ValueError('no answer')"
TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
RESOURCES = {
    "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": [TRUST]}}},
    "Function": {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "FunctionName": "slow-resources",
            "Runtime": "python3.12",
            "Handler": "index.handler",
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Code": {"ZipFile": CODE},
        },
    },
    # CloudFormation gives up after ServiceTimeout seconds.
    "Thing": {
        "Type": "Custom::Thing",
        "Properties": {"ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]}, "ServiceTimeout": 8},
    },
}


@pytest.fixture
def stack(endpoint: Endpoint) -> Iterator[str]:
    cloudformation = endpoint.client("cloudformation")
    body = json.dumps({"Resources": RESOURCES})
    cloudformation.create_stack(StackName="slow-resources", TemplateBody=body, Capabilities=["CAPABILITY_IAM"])
    yield "slow-resources"
    cloudformation.delete_stack(StackName="slow-resources")


async def test_custom_resource(endpoint: Endpoint, stack: str) -> None:
    """A custom resource without an answer is named with its function's lines, and ready resources are not."""
    said: list[str] = []
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(5):
            await slow_resources.told(endpoint, stack, said.append, 2)
    (text,) = said
    first, printed, *_, error = text.splitlines()
    assert first == (
        "Thing (Custom::Thing) is not ready after 2 s. Its function must answer to the event's ResponseURL. The "
        "stack's functions have printed:"
    )
    assert (printed, error) == ("    slow-resources: Create begins", "    slow-resources: ValueError: no answer")


async def test_no_stack(endpoint: Endpoint) -> None:
    """Before there is a stack, there is nothing to say."""
    said: list[str] = []
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.5):
            await slow_resources.told(endpoint, "no-such-stack", said.append, 0)
    assert said == []
