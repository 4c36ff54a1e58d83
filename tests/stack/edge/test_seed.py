"""`python -m stack --local seed`, on an embedded AWS where a stack is deployed."""

import itertools
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]
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
        "RouterRoleArn": {"Value": "arn:aws:iam::123456789012:role/router"},
    },
}
# The outputs that differ with the way the content buckets are read, and whom these admit.
BY_ROLE = {"ContentAccess": {"Value": "sigv4"}}, "arn:aws:iam::123456789012:role/router"
BY_IDENTITY = (
    {"ContentAccess": {"Value": "oai"}, "ContentIdentityId": {"Value": "E2QWRUHAPOMQZL"}},
    "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E2QWRUHAPOMQZL",
)
BUCKET = {"Type": "AWS::S3::Bucket"}
USERS = {
    "Type": "AWS::DynamoDB::Table",
    "Properties": {
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "username", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "username", "KeyType": "HASH"}],
    },
}
ALL = ["us-east-1", "eu-west-1", "ap-southeast-2"]
PLACES = {"lighthouse": ALL[:1], "hills": ALL[1:2], "sails": ALL[2:], "globe": ALL, "hello": ALL}


NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Deployed:
    """A stack and its outputs."""

    name: str
    outputs: dict[str, str]


@pytest.fixture
def seeded(endpoint, stack, runs_here):
    """Deploys a template, writes the description that `make local` writes, and runs the command in that folder."""

    def run(template):
        deployed = deploy(endpoint, f"seeded{next(NUMBERS)}", template)
        runs_here(endpoint.url, deployed.name)
        return deployed, stack("--local", "seed")

    return run


def deploy(endpoint, name, template) -> Deployed:
    cloudformation = endpoint.client("cloudformation")
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template))
    (found,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    return Deployed(name, {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]})


def registered(endpoint, stack: Deployed) -> dict[str, list[tuple[str, str, str]]]:
    """The bucket, Region and key of every copy, by the file's id."""
    items = endpoint.client("dynamodb").scan(TableName=stack.outputs["FilesTableName"])["Items"]
    copies = {item["id"]["S"]: [copy["M"] for copy in item["locations"]["L"]] for item in items}
    return {
        file_id: [(copy["bucket"]["S"], copy["region"]["S"], copy["key"]["S"]) for copy in found]
        for file_id, found in copies.items()
    }


@pytest.mark.parametrize(("outputs", "reader"), [BY_ROLE, BY_IDENTITY], ids=["sigv4", "oai"])
def test_files(endpoint, seeded, tmp_path, outputs, reader):
    """Each Region has a bucket that the distribution may read, and each copy has its Region as metadata."""
    shutil.copy(REPOSITORY / "regional.yaml", tmp_path)
    shutil.copytree(REPOSITORY / "demo", tmp_path / "demo")
    deployed, result = seeded(TEMPLATE | {"Outputs": TEMPLATE["Outputs"] | outputs})
    assert result == (0, "", "")
    found = registered(endpoint, deployed)
    assert {file_id: [region for _, region, _ in copies] for file_id, copies in found.items()} == PLACES
    for bucket, region, key in [copy for copies in found.values() for copy in copies]:
        assert bucket == f"{deployed.name}-content-123456789012-{region}"
        answer = endpoint.client("s3", region).get_object(Bucket=bucket, Key=key)
        assert answer["Metadata"] == {"region": region}
        assert answer["ContentType"] == ("image/svg+xml" if key.endswith(".svg") else "text/plain; charset=utf-8")
    for region in ALL[1:]:
        cloudformation = endpoint.client("cloudformation", region)
        (made,) = cloudformation.describe_stacks(StackName=f"{deployed.name}-content")["Stacks"]
        bucket = made["Outputs"][0]["OutputValue"]
        policy = endpoint.client("s3", region).get_bucket_policy(Bucket=bucket)["Policy"]
        admitted, tls_only = json.loads(policy)["Statement"]
        assert admitted["Principal"] == {"AWS": reader}
        assert (tls_only["Sid"], tls_only["Effect"]) == ("TlsOnly", "Deny")


def test_files_of_others(endpoint, seeded):
    """Without the files or the template for further Regions, no file is loaded."""
    deployed, result = seeded(TEMPLATE)
    assert (result.status, registered(endpoint, deployed)) == (0, {})


def test_user(endpoint, seeded):
    """A stack with a users table gets the demo user, and the output has commands to try."""
    template = {"Resources": {"Users": USERS}, "Outputs": {"UsersTableName": {"Value": {"Ref": "Users"}}}}
    deployed, result = seeded(template)
    items = endpoint.client("dynamodb").scan(TableName=deployed.outputs["UsersTableName"])["Items"]
    assert [item["username"]["S"] for item in items] == ["demo"]
    assert result.stdout.splitlines()[0].startswith("curl -i http://127.0.0.1:8080/ ")


def test_pages(endpoint, seeded, tmp_path):
    """A stack with a bucket for pages gets the pages of the folder."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("hello")
    template = {"Resources": {"Pages": BUCKET}, "Outputs": {"SiteBucketName": {"Value": {"Ref": "Pages"}}}}
    deployed, _ = seeded(template)
    objects = endpoint.client("s3").list_objects_v2(Bucket=deployed.outputs["SiteBucketName"])["Contents"]
    assert [item["Key"] for item in objects] == ["index.html"]


def test_on_aws(stack):
    """A stack on AWS gets no demo user."""
    assert stack("seed") == (1, "", "`seed` loads demo data into the stack of `make local` only. Add --local.\n")
