"""A stack on moto's AWS, and the commands run as a user runs them."""

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from typing import Any, NamedTuple

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer

from cloudfront_local.aws import environment_file
from cloudfront_local.aws.embedded.signature import Key
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.aws.project import state_folder
from cloudfront_local.serving import running
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


KEYS = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "secret"}


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


class Aws:
    """The stack `shop` with its tables and buckets."""

    def __init__(self, url: str) -> None:
        self._session = boto3.Session(region_name="us-east-1", **KEYS)
        self._url = url
        self.dynamodb, self.s3 = self.client("dynamodb"), self.client("s3")
        cloudformation = self.client("cloudformation")
        with suppress(ClientError):  # moto, in this process, reads its models now, and not under a profile of a test's
            cloudformation.describe_stacks(StackName="none")
        cloudformation.create_stack(StackName="shop", TemplateBody=TEMPLATE)
        (stack,) = cloudformation.describe_stacks(StackName="shop")["Stacks"]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        self.table, self.bucket = outputs["UsersTableName"], outputs["SiteBucketName"]
        self.files_table = outputs["FilesTableName"]

    def client(self, service: str, region: str | None = None) -> Any:
        return self._session.client(service, region_name=region, endpoint_url=self._url)

    def clear(self) -> None:
        for table, key in ((self.table, "username"), (self.files_table, "id")):
            pages = list(self.dynamodb.get_paginator("scan").paginate(TableName=table))
            for item in (item for page in pages for item in page["Items"]):
                self.dynamodb.delete_item(TableName=table, Key={key: item[key]})
        for item in self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", []):
            self.s3.delete_object(Bucket=self.bucket, Key=item["Key"])


@pytest.fixture(scope="session")
def deployed(moto_url) -> Iterator[Aws]:
    aws = Aws(moto_url)
    yield aws
    aws.client("cloudformation").delete_stack(StackName="shop")


@pytest.fixture
def aws(deployed, moto_url, monkeypatch, tmp_path) -> Iterator[Aws]:
    """The stack without users, files and pages. The environment is set up for it."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto_url)
    for name, value in KEYS.items():
        monkeypatch.setenv(name.upper(), value)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "samconfig.toml").write_text('[default.global.parameters]\nstack_name = "shop"\nregion = "us-east-1"\n')
    yield deployed
    deployed.clear()


@pytest.fixture
def runs_here(tmp_path) -> Iterator[Callable[..., None]]:
    """Makes the test's folder one that `make local` serves a stack from, until the test ends."""
    with ExitStack() as undo:

        def runs_here(endpoint_url: str, stack_name: str, distribution_id: str = "E1") -> None:
            stack = running.RunningStack(
                pid=os.getpid(),
                url="http://127.0.0.1:8080",
                endpoint_url=endpoint_url,
                stack_name=stack_name,
                region="us-east-1",
                edge_region="us-east-1",
                distributions={"Distribution": distribution_id},
                template=str(tmp_path / "template.yaml"),
                build_dir=str(tmp_path / ".aws-sam" / "local" / "build"),
            )
            undo.enter_context(running.claimed(tmp_path))
            key = Key(*(os.environ.get(name, "none") for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")))
            undo.enter_context(environment_file.written(state_folder(tmp_path), Endpoint(endpoint_url, key=key)))
            undo.enter_context(running.described(stack))

        yield runs_here


@pytest.fixture
def template() -> str:
    return TEMPLATE


class Result(NamedTuple):
    status: int
    stdout: str
    stderr: str


@pytest.fixture
def stack(aws, monkeypatch, capsys) -> Callable[..., Result]:  # noqa: ARG001 - they find it by the shell's variables
    """Runs `python -m stack ...`, with `stdin` from a pipe."""

    def run(*arguments: str, stdin: str = "") -> Result:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        status = main(list(arguments))
        return Result(status, *capsys.readouterr())

    return run
