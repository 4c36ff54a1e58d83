"""The parameters of template.yaml: the values that they take and refuse."""

import re
from pathlib import Path
from typing import Any

import pytest
from cfnlint.decode import cfn_yaml

TEMPLATE: dict[str, Any] = cfn_yaml.loads((Path(__file__).parents[2] / "template.yaml").read_text())
WEB_ACL = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/edge/a1b2c3d4-5678-90ab-cdef-000000000001"


def test_presented():
    """Each parameter has a description, and a group and a label in the console."""
    interface = TEMPLATE["Metadata"]["AWS::CloudFormation::Interface"]
    presented = [name for group in interface["ParameterGroups"] for name in group["Parameters"]]
    assert sorted(presented) == sorted(interface["ParameterLabels"]) == sorted(TEMPLATE["Parameters"])
    assert all(parameter["Description"] for parameter in TEMPLATE["Parameters"].values())


def test_defaults():
    """All parameters have defaults."""
    assert [name for name, parameter in TEMPLATE["Parameters"].items() if "Default" not in parameter] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WebAclArn", ""),
        ("WebAclArn", WEB_ACL),
        ("WebAclArn", WEB_ACL.replace("arn:aws:", "arn:aws-us-gov:")),
        ("AccessLogBucket", ""),
        ("AccessLogBucket", "my-logs-1"),
        ("ExistingSiteBucket", ""),
        ("ExistingSiteBucket", "my-pages-1"),
        ("DomainNames", ""),
        ("DomainNames", "www.example.org"),
        ("DomainNames", "*.example.org,example.org"),
        ("DomainNames", "a-b.xn--bcher-kva.example"),
        ("CertificateArn", ""),
        ("CertificateArn", "arn:aws:acm:us-east-1:123456789012:certificate/a1b2c3d4-5678-90ab-cdef-000000000002"),
        ("SignInIssuer", ""),
        ("SignInIssuer", "https://accounts.google.com"),
        ("SignInIssuer", "http://localhost:8180/realms/members"),
        ("SignInIssuer", "https://example.eu.auth0.com/"),
        ("SignInIssuer", "https://login.microsoftonline.com/a1b2c3d4-5678-90ab-cdef-000000000003/v2.0"),
        ("SignInClientId", "123-abc.apps.googleusercontent.com"),
        ("SignInClientSecretArn", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:okta-client-AbCdEf"),
    ],
)
def test_taken(name, value):
    """Values that CloudFront takes are allowed."""
    assert re.search(TEMPLATE["Parameters"][name]["AllowedPattern"], value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WebAclArn", WEB_ACL.replace("us-east-1", "eu-west-1")),
        ("WebAclArn", WEB_ACL.replace("global", "regional")),
        ("WebAclArn", "a1b2c3d4-5678-90ab-cdef-000000000001"),  # AWS WAF Classic
        ("AccessLogBucket", "my-logs.s3.amazonaws.com"),
        ("AccessLogBucket", "arn:aws:s3:::my-logs"),
        ("AccessLogBucket", "My-Logs"),
        ("SignInIssuer", "http://login.example.org"),
        ("SignInIssuer", "https://login.example.org?tenant=1"),
        ("SignInIssuer", "login.example.org"),
        ("SignInClientId", "two words"),
        ("SignInClientSecretArn", "the secret itself"),
        ("ExistingSiteBucket", "my-pages.s3.amazonaws.com"),
        ("ExistingSiteBucket", "arn:aws:s3:::my-pages"),
        ("DomainNames", "https://www.example.org"),
        ("DomainNames", "www.example.org/"),
        ("DomainNames", "WWW.example.org"),
        ("DomainNames", "www.example.org, example.org"),
        ("DomainNames", "www.example.org,"),
        ("DomainNames", "www.*.example.org"),
        ("DomainNames", "-a.example.org"),
        ("CertificateArn", "arn:aws:acm:eu-west-1:123456789012:certificate/a1b2c3d4-5678-90ab-cdef-000000000002"),
        ("CertificateArn", "arn:aws:iam::123456789012:server-certificate/name"),
    ],
)
def test_refused(name, value):
    """Values that CloudFront would refuse are refused before a deployment, with a description of valid ones."""
    parameter = TEMPLATE["Parameters"][name]
    assert not re.search(parameter["AllowedPattern"], value)
    assert parameter["ConstraintDescription"].startswith("must be ")


def test_attachable():
    """Each function at the edge has its version, and how a behavior runs it, as outputs."""
    functions = {
        name
        for name, resource in TEMPLATE["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function" and "AutoPublishAlias" in resource["Properties"]
    }
    for kind in ("Version", "Association"):
        assert {f"{name}{kind}" for name in functions} == {
            name for name in TEMPLATE["Outputs"] if name.endswith(f"Function{kind}")
        }


def test_every_change_is_published():
    """A change of any property of an edge function publishes a new version."""
    assert TEMPLATE["Globals"]["Function"]["AutoPublishAliasAllProperties"] is True


def test_tls_only():
    """All buckets refuse plain HTTP."""
    resources = TEMPLATE["Resources"]
    buckets = {name for name, resource in resources.items() if resource["Type"] == "AWS::S3::Bucket"}
    policies = [
        resource["Properties"] for resource in resources.values() if resource["Type"] == "AWS::S3::BucketPolicy"
    ]
    for policy in policies:
        assert tls_only(policy["Bucket"]["Ref"]) in policy["PolicyDocument"]["Statement"]
    assert {policy["Bucket"]["Ref"] for policy in policies} == buckets


def tls_only(bucket: str) -> dict[str, Any]:
    """The statement that refuses plain HTTP to a bucket."""
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Action": "s3:*",
        "Resource": [{"Fn::GetAtt": [bucket, "Arn"]}, {"Fn::Sub": f"${{{bucket}.Arn}}/*"}],
        "Principal": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def test_tables():
    """Encryption is free, and only tables that are retained have backups."""
    tables = [each for each in TEMPLATE["Resources"].values() if each["Type"] == "AWS::DynamoDB::Table"]
    for table in tables:
        assert "SSESpecification" not in table["Properties"]
        assert ("PointInTimeRecoverySpecification" in table["Properties"]) == (table["DeletionPolicy"] != "Delete")
