"""The demo's files, loaded into an embedded AWS where an edge stack is deployed."""

import asyncio
import itertools
import json
from pathlib import Path

import pytest

from cloudfront_local.aws.deployment import Deployment
from local.aws.demo import files

REPOSITORY = Path(__file__).parents[4]
# As much of template.yaml as the files need.
TEMPLATE = {
    "Resources": {
        "Files": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            },
        },
        "Content": {
            "Type": "AWS::S3::Bucket",
            "Properties": {"BucketName": {"Fn::Sub": "${AWS::StackName}-content-123456789012-us-east-1"}},
        },
    },
    "Outputs": {
        "FilesTableName": {"Value": {"Ref": "Files"}},
        "ContentBucketName": {"Value": {"Ref": "Content"}},
        "ContentAccess": {"Value": "oai"},
        "ContentIdentityId": {"Value": "E2QWRUHAPOMQZL"},
        "RouterRoleArn": {"Value": "arn:aws:iam::123456789012:role/router"},
    },
}
ALL = ["us-east-1", "eu-west-1", "ap-southeast-2"]
PLACES = {"lighthouse": ALL[:1], "hills": ALL[1:2], "sails": ALL[2:], "globe": ALL, "hello": ALL}


NUMBERS = itertools.count(1)


@pytest.fixture
def stack(endpoint) -> Deployment:
    name = f"shop{next(NUMBERS)}"
    cloudformation = endpoint.client("cloudformation")
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(TEMPLATE))
    (found,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    return Deployment(name, {}, {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]})


def registered(endpoint, stack: Deployment) -> dict[str, list[tuple[str, str, str]]]:
    """Bucket, Region and key of every copy, by the file's id."""
    items = endpoint.client("dynamodb").scan(TableName=stack.outputs["FilesTableName"])["Items"]
    copies = {item["id"]["S"]: [copy["M"] for copy in item["locations"]["L"]] for item in items}
    return {
        file_id: [(copy["bucket"]["S"], copy["region"]["S"], copy["key"]["S"]) for copy in found]
        for file_id, found in copies.items()
    }


async def test_loaded(endpoint, stack):
    """Each Region has a bucket that the distribution may read, and each copy is there and says where it is from."""
    await asyncio.to_thread(files.load, endpoint, stack, REPOSITORY)
    found = registered(endpoint, stack)
    assert {file_id: [region for _, region, _ in copies] for file_id, copies in found.items()} == PLACES
    for bucket, region, key in [copy for copies in found.values() for copy in copies]:
        assert bucket == f"{stack.stack_name}-content-123456789012-{region}"
        answer = endpoint.client("s3", region).get_object(Bucket=bucket, Key=key)
        assert answer["Metadata"] == {"region": region}
        assert answer["ContentType"] == ("image/svg+xml" if key.endswith(".svg") else "text/plain; charset=utf-8")
    for region in ALL[1:]:
        cloudformation = endpoint.client("cloudformation", region)
        (made,) = cloudformation.describe_stacks(StackName=f"{stack.stack_name}-content")["Stacks"]
        bucket = made["Outputs"][0]["OutputValue"]
        policy = endpoint.client("s3", region).get_bucket_policy(Bucket=bucket)["Policy"]
        (statement,) = json.loads(policy)["Statement"]
        identity = "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E2QWRUHAPOMQZL"
        assert statement["Principal"] == {"AWS": identity}


async def test_other_stacks(endpoint, stack, tmp_path):
    """A stack without a table of files, or a template on its own, is left alone."""
    without = {name: value for name, value in stack.outputs.items() if name != "FilesTableName"}
    await asyncio.to_thread(files.load, endpoint, Deployment(stack.stack_name, {}, without), REPOSITORY)
    await asyncio.to_thread(files.load, endpoint, stack, tmp_path)
    assert registered(endpoint, stack) == {}
