"""The embedded IAM knows every AWS managed policy, and which parameters a request to Systems Manager reads."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from cloudfront_local.aws.endpoint import Endpoint

TRUST = {
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]
}
MANAGED = "arn:aws:iam::aws:policy/"

Client = Callable[[str], Any]


@pytest.fixture
def role(endpoint: Endpoint) -> str:
    """The name of a new role."""
    name = f"role-{uuid.uuid4().hex[:8]}"
    endpoint.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
    return name


@pytest.fixture
def client(endpoint: Endpoint, role: str) -> Client:
    """Makes a client of a service with the role's credentials."""

    def make(service: str) -> Any:
        arn = f"arn:aws:iam::123456789012:role/{role}"
        keys = endpoint.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
        return boto3.client(
            service,
            "us-east-1",
            endpoint_url=endpoint.url,
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )

    return make


@pytest.fixture
def stored(endpoint: Endpoint) -> str:
    """The path of two parameters, `a` and `b`."""
    path = f"/{uuid.uuid4().hex}"
    for name in "ab":
        endpoint.client("ssm").put_parameter(Name=f"{path}/{name}", Value=name, Type="String")
    return path


def test_managed_policies(endpoint: Endpoint, role: str, client: Client, stored: str) -> None:
    """A managed policy that ministack lacks allows what AWS's document allows, and no more."""
    iam = endpoint.client("iam")
    iam.attach_role_policy(RoleName=role, PolicyArn=f"{MANAGED}AmazonSSMReadOnlyAccess")
    assert client("ssm").get_parameter(Name=f"{stored}/a")["Parameter"]["Value"] == "a"
    with pytest.raises(ClientError, match="AccessDenied"):
        client("ssm").put_parameter(Name=f"{stored}/a", Value="other", Overwrite=True)


def test_parameters(endpoint: Endpoint, role: str, client: Client, stored: str) -> None:
    """Policies for a path hold for GetParametersByPath and GetParameters; other paths are denied."""
    resource = f"arn:aws:ssm:us-east-1:123456789012:parameter{stored}/*"
    statement = {"Effect": "Allow", "Action": ["ssm:GetParameters", "ssm:GetParametersByPath"], "Resource": resource}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    endpoint.client("iam").put_role_policy(RoleName=role, PolicyName="read", PolicyDocument=document)
    ssm = client("ssm")
    found = ssm.get_parameters_by_path(Path=f"{stored}/")["Parameters"]
    assert sorted(each["Value"] for each in found) == ["a", "b"]
    assert ssm.get_parameters(Names=[f"{stored}/b"])["Parameters"][0]["Value"] == "b"
    for call in (
        lambda: ssm.get_parameters_by_path(Path="/elsewhere/"),
        lambda: ssm.get_parameters(Names=["/elsewhere/a"]),
    ):
        with pytest.raises(ClientError, match="AccessDenied"):
            call()
