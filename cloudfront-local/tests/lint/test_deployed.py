"""Lint's errors in a change of a distribution's configuration, as CloudFront's API has it."""

import copy

import pytest

from cloudfront_local.lint.deployed import DeployedFunction, refusals

ARN = "arn:aws:lambda:us-east-1:123456789012:function:shop-Geo:3"
TRUST = {
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]},
        }
    ]
}
CONFIGURATION = {
    "FunctionName": "shop-Geo",
    "Role": "arn:aws:iam::123456789012:role/edge/GeoRole",
    "Runtime": "python3.13",
    "Timeout": 5,
    "MemorySize": 128,
    "TracingConfig": {"Mode": "PassThrough"},
    "RuntimeVersionConfig": {"RuntimeVersionArn": "arn:aws:lambda:us-east-1::runtime:0"},
    "Architectures": ["x86_64"],
    "EphemeralStorage": {"Size": 512},
}
FUNCTION = DeployedFunction("GeoFunction", CONFIGURATION, TRUST)
PAIR = {"Quantity": 2, "Items": ["HEAD", "GET"]}
BEFORE = {
    "CallerReference": "1",
    "Comment": "",
    "Enabled": True,
    "Aliases": {"Quantity": 0},
    "OriginGroups": {
        "Quantity": 1,
        "Items": [
            {
                "Id": "both",
                "FailoverCriteria": {"StatusCodes": {"Quantity": 1, "Items": [502]}},
                "Members": {"Quantity": 2, "Items": [{"OriginId": "site"}, {"OriginId": "site2"}]},
            }
        ],
    },
    "Origins": {
        "Quantity": 2,
        "Items": [
            {
                "Id": name,
                "DomainName": f"{name}.example.org",
                "OriginPath": "",
                "CustomHeaders": {"Quantity": 0},
                "CustomOriginConfig": {
                    "HTTPPort": 80,
                    "HTTPSPort": 443,
                    "OriginProtocolPolicy": "https-only",
                    "OriginSslProtocols": {"Quantity": 1, "Items": ["TLSv1.2"]},
                },
            }
            for name in ("site", "site2")
        ],
    },
    "DefaultCacheBehavior": {
        "TargetOriginId": "both",
        "ViewerProtocolPolicy": "https-only",
        "AllowedMethods": {**PAIR, "CachedMethods": PAIR},
        "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
        "LambdaFunctionAssociations": {"Quantity": 0},
    },
    "CacheBehaviors": {"Quantity": 0},
}


def associated(event_type="origin-request", *, arn=ARN, body=False, headers=()):
    after = copy.deepcopy(BEFORE)
    item = {"EventType": event_type, "LambdaFunctionARN": arn, "IncludeBody": body}
    after["DefaultCacheBehavior"]["LambdaFunctionAssociations"] = {"Quantity": 1, "Items": [item]}
    custom = [{"HeaderName": name, "HeaderValue": value} for name, value in headers]
    after["Origins"]["Items"][0]["CustomHeaders"] = {"Quantity": len(custom), "Items": custom}
    return after


def test_sound():
    """A function that Lambda@Edge takes."""
    assert refusals("E123", BEFORE, associated(headers=[("x-geo-mode", "a")]), FUNCTION) == []


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (associated(arn=ARN.replace("us-east-1", "eu-west-1")), "is a function in eu-west-1"),
        (associated(arn=f"{ARN[:-1]}$LATEST"), "is $LATEST"),
        (associated("origin-response", body=True), "IncludeBody is set at origin-response of E123's"),
        (associated(headers=[("x-amz-mode", "a")]), "E123's origin site adds the header x-amz-mode"),
        (associated(headers=[("x-geo-mode", "a" * 2000)]), "characters long"),
    ],
)
def test_configuration(after, said):
    """What CloudFront refuses in the configuration."""
    (message,) = refusals("E123", BEFORE, after, FUNCTION)
    assert said in message


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ({"configuration": CONFIGURATION | {"VpcConfig": {"SubnetIds": ["subnet-1"]}}}, "is in a VPC"),
        ({"configuration": CONFIGURATION | {"Layers": [{"Arn": "arn:aws:lambda:us-east-1::layer:a:1"}]}}, "has layers"),
        ({"configuration": CONFIGURATION | {"PackageType": "Image"}}, "is a container image"),
        ({"configuration": CONFIGURATION | {"DeadLetterConfig": {"TargetArn": "arn:a"}}}, "has a dead-letter queue"),
        ({"trust": {"Statement": []}}, ""),
        ({"provisioned": True}, "has provisioned concurrency"),
        ({"updated": "Manual"}, "has its runtime updated on Manual"),
    ],
)
def test_function(function, said):
    """What Lambda@Edge refuses of the function. A trust policy that names nobody is not known to be wrong."""
    fields = {"name": "GeoFunction", "configuration": CONFIGURATION, "trust": TRUST, **function}
    found = refusals("E123", BEFORE, associated(), DeployedFunction(**fields))
    assert [said in message for message in found] == [True] * bool(said)


def test_known():
    """An error that was there before is not the change's."""
    wrong = associated("origin-response", body=True)
    assert refusals("E123", wrong, wrong, FUNCTION) == []
