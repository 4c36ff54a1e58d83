"""A stack on moto's AWS, and the commands run on it as their users run them."""

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import boto3
import pytest
from moto.server import ThreadedMotoServer

from stack.__main__ import main

TEMPLATE = json.dumps(
    {
        "Resources": {
            "Users": {
                "Type": "AWS::DynamoDB::Table",
                "Properties": {
                    "BillingMode": "PAY_PER_REQUEST",
                    "AttributeDefinitions": [{"AttributeName": "username", "AttributeType": "S"}],
                    "KeySchema": [{"AttributeName": "username", "KeyType": "HASH"}],
                },
            },
            "Site": {"Type": "AWS::S3::Bucket"},
            "Files": {
                "Type": "AWS::DynamoDB::Table",
                "Properties": {
                    "BillingMode": "PAY_PER_REQUEST",
                    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                },
            },
        },
        "Outputs": {
            "UsersTableName": {"Value": {"Ref": "Users"}},
            "SiteBucketName": {"Value": {"Ref": "Site"}},
            "FilesTableName": {"Value": {"Ref": "Files"}},
            "ContentBucketName": {"Value": {"Fn::Sub": "shop-content-${AWS::AccountId}-${AWS::Region}"}},
        },
    }
)


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def aws(moto_url, monkeypatch, tmp_path) -> Iterator[Callable[..., Any]]:
    """Makes clients of an AWS where the stack `shop` is deployed. The shell is set up for it."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto_url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "samconfig.toml").write_text('[default.global.parameters]\nstack_name = "shop"\nregion = "us-east-1"\n')
    session = boto3.Session(region_name="us-east-1")
    cloudformation = session.client("cloudformation")
    cloudformation.create_stack(StackName="shop", TemplateBody=TEMPLATE)
    bucket = session.resource("s3").Bucket(output(cloudformation, "SiteBucketName"))
    yield session.client
    bucket.objects.all().delete()
    cloudformation.delete_stack(StackName="shop")


def output(cloudformation, name: str) -> str:
    (stack,) = cloudformation.describe_stacks(StackName="shop")["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}[name]


@pytest.fixture
def template() -> str:
    return TEMPLATE


@pytest.fixture
def table(aws) -> str:
    return output(aws("cloudformation"), "UsersTableName")


@pytest.fixture
def bucket(aws) -> str:
    return output(aws("cloudformation"), "SiteBucketName")


class Result(NamedTuple):
    status: int
    stdout: str
    stderr: str


@pytest.fixture
def stack(aws, monkeypatch, capsys) -> Callable[..., Result]:  # noqa: ARG001 - they find it by the shell's variables
    """`python -m stack ...`, with `stdin` from a pipe."""

    def run(*arguments: str, stdin: str = "") -> Result:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        status = main(list(arguments))
        return Result(status, *capsys.readouterr())

    return run
