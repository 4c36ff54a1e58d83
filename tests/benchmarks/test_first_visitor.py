"""The first visitor of a cold sandbox, with what the template gives to the authorizer."""

import json
import math
from urllib.parse import quote

import pytest

from benchmarks import aws, share, template
from benchmarks.artifact import build
from benchmarks.authorizer import viewer_request
from benchmarks.cold_start import Function, measure

pytestmark = pytest.mark.long


@pytest.fixture
def slow_aws(misbehaving_server):
    """The environment of a function whose AWS takes 0.4 s for each answer, and knows the user demo."""
    role = "arn:aws:sts::123456789012:assumed-role/authorizer/session"
    table = {"Sid": "UsersTable", "Resource": "arn:aws:dynamodb:us-east-1:123456789012:table/users"}
    stored = {"username": {"S": "demo"}, "password": {"S": aws.hashed("demo", "ln=14,r=8,p=5")}}
    document = quote(json.dumps({"Statement": [table]}))
    misbehaving_server.slowly(0.4)
    misbehaving_server.reply(200, f"<R><Arn>{role}</Arn></R>", to="GetCallerIdentity")
    misbehaving_server.reply(200, f"<R><PolicyDocument>{document}</PolicyDocument></R>", to="GetRolePolicy")
    misbehaving_server.reply(200, json.dumps({"Item": stored}), to="GetItem")
    return {
        "AWS_ENDPOINT_URL": misbehaving_server.url,
        "AWS_LAMBDA_FUNCTION_NAME": "us-east-1.authorizer",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "key",
    }


@pytest.mark.skipif(not share.AVAILABLE, reason="only Linux tells another program's processor time")
def test_gets_in(slow_aws, tmp_path):
    """With the template's memory and time and a slow AWS, the visitor's request goes on."""
    build("AuthorizerFunction", tmp_path)
    memory, timeout = (template.setting("AuthorizerFunction", name) for name in ("MemorySize", "Timeout"))
    visitor = Function(
        [str(tmp_path)], "authorizer.handler", viewer_request("demo:demo"), slow_aws, memory, timeout=timeout
    )
    [first] = measure([visitor], 1)
    assert math.isfinite(first.request)
