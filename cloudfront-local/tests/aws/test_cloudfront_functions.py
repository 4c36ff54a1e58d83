"""CloudFront Functions in the embedded AWS: TestFunction as AWS answers, and what AWS refuses."""

import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudfront_local.aws.endpoint import Endpoint

EVENT = {
    "version": "1.0",
    "context": {"eventType": "viewer-request"},
    "viewer": {"ip": "192.0.2.1"},
    "request": {"method": "GET", "uri": "/blog/", "querystring": {}, "headers": {}, "cookies": {}},
}
REWRITE = """\
function handler(event) {
  console.log('asked for ' + event.request.uri);
  event.request.uri += 'index.html';
  return event.request;
}"""
COULD_NOT_RUN = "The CloudFront function associated with the CloudFront distribution is invalid or could not run."


def created(aws: Endpoint, code: str) -> tuple[str, str]:
    """The name and the ETag of a new function."""
    name = f"f{uuid.uuid4().hex[:8]}"
    config = {"Comment": "", "Runtime": "cloudfront-js-2.0"}
    made = aws.client("cloudfront").create_function(Name=name, FunctionConfig=config, FunctionCode=code.encode())
    return name, made["ETag"]


def run(aws: Endpoint, code: str, event: Any = EVENT) -> Any:
    name, etag = created(aws, code)
    client = aws.client("cloudfront")
    return client.test_function(Name=name, IfMatch=etag, EventObject=json.dumps(event).encode())["TestResult"]


def test_output(aws: Endpoint) -> None:
    """The result has the output, the logs and an estimate of the utilization."""
    result = run(aws, REWRITE)
    output = json.loads(result["FunctionOutput"])
    assert output["request"]["uri"] == "/blog/index.html"
    assert (result["FunctionErrorMessage"], result["FunctionExecutionLogs"]) == ("", ["asked for /blog/"])
    assert 0 <= int(result["ComputeUtilization"]) <= 100
    assert result["FunctionSummary"]["FunctionConfig"]["Runtime"] == "cloudfront-js-2.0"


def test_response(aws: Endpoint) -> None:
    """A generated response is under `response`, with cookies."""
    result = run(aws, "function handler() { return {statusCode: 404}; }")
    assert json.loads(result["FunctionOutput"]) == {"response": {"statusCode": 404, "cookies": {}}}


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("for (const a of []) {}", f'{COULD_NOT_RUN} SyntaxError: Token "of" not supported in this version in 1'),
        ("function handler() { throw new Error('no'); }", f"{COULD_NOT_RUN} Error: no"),
        ("function handler(event) { return event; }", "The CloudFront function returned an invalid value."),
    ],
)
def test_mistakes(aws: Endpoint, code: str, message: str) -> None:
    result = run(aws, code)
    assert (result["FunctionErrorMessage"], result.get("FunctionOutput", "")) == (message, "")


def test_refused(aws: Endpoint) -> None:
    """Code over 10 KB, a wrong version, an unknown function and a malformed event get the API's errors."""
    client = aws.client("cloudfront")
    name, etag = created(aws, REWRITE)
    data = json.dumps(EVENT).encode()
    for error, call in {
        "FunctionSizeLimitExceeded": lambda: created(aws, "//" + "x" * 10_240),
        "PreconditionFailed": lambda: client.test_function(Name=name, IfMatch="other", EventObject=data),
        "NoSuchFunctionExists": lambda: client.test_function(Name="none", IfMatch=etag, EventObject=data),
        "InvalidArgument": lambda: client.test_function(Name=name, IfMatch=etag, EventObject=b"[]"),
    }.items():
        with pytest.raises(ClientError) as refused:
            call()
        assert refused.value.response["Error"]["Code"] == error


def stack(aws: Endpoint, **function: Any) -> tuple[str, str]:
    """Deploys a function and a distribution that has it. Returns the stack's name and status."""
    name = f"t{uuid.uuid4().hex[:8]}"
    properties = {
        "Name": name,
        "FunctionCode": REWRITE,
        "FunctionConfig": {"Comment": "", "Runtime": "cloudfront-js-2.0"},
        **function,
    }
    behavior = {
        "TargetOriginId": "o",
        "ViewerProtocolPolicy": "allow-all",
        "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
        "FunctionAssociations": [{"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": ["F", "FunctionARN"]}}],
    }
    origin = {"Id": "o", "DomainName": "example.org", "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"}}
    config = {"Enabled": True, "Origins": [origin], "DefaultCacheBehavior": behavior}
    template = {
        "Resources": {
            "F": {"Type": "AWS::CloudFront::Function", "Properties": properties},
            "D": {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": config}},
        }
    }
    cloudformation = aws.client("cloudformation")
    id_ = cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template))["StackId"]
    while (found := cloudformation.describe_stacks(StackName=id_)["Stacks"][0])["StackStatus"].endswith("_IN_PROGRESS"):
        pass
    events = cloudformation.describe_stack_events(StackName=id_)["StackEvents"]
    reasons = " ".join(each.get("ResourceStatusReason", "") for each in events)
    return name, f"{found['StackStatus']} {reasons}"


def test_not_live(aws: Endpoint) -> None:
    """A distribution takes a published function only, and then the function stays."""
    assert "The parameter FunctionAssociationArn is invalid." in stack(aws)[1]
    name, status = stack(aws, AutoPublish=True)
    assert status.startswith("CREATE_COMPLETE")
    client = aws.client("cloudfront")
    with pytest.raises(ClientError, match="FunctionInUse"):
        client.delete_function(Name=name, IfMatch=client.describe_function(Name=name, Stage="DEVELOPMENT")["ETag"])
    assert "(Status Code: 413)" in stack(aws, FunctionCode="//" + "x" * 10_240)[1]
