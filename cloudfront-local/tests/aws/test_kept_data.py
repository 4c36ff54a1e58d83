"""Data of tables, buckets, user pools and key value stores, kept in a file from one embedded AWS to the next."""

import asyncio
import json
import os
import pickle
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from cloudfront_local.aws import ministack
from cloudfront_local.aws.embedded import kept_data
from cloudfront_local.aws.endpoint import Endpoint

PASSWORD = "Secret-Secret-1"


def table(*keys: str, kind: str = "S") -> dict[str, Any]:
    return {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": key, "AttributeType": kind} for key in {*keys, "team"}],
            "KeySchema": [
                {"AttributeName": key, "KeyType": role} for key, role in zip(keys, ("HASH", "RANGE"), strict=False)
            ],
            "GlobalSecondaryIndexes": [
                {
                    "IndexName": "teams",
                    "KeySchema": [{"AttributeName": "team", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
        },
    }


RESOURCES: dict[str, Any] = {
    "Users": table("name"),
    "Visits": table("name", "page"),
    "Pages": {"Type": "AWS::S3::Bucket", "Properties": {"VersioningConfiguration": {"Status": "Enabled"}}},
    "Pool": {"Type": "AWS::Cognito::UserPool"},
    "Staff": {
        "Type": "AWS::Cognito::UserPoolGroup",
        "Properties": {"UserPoolId": {"Ref": "Pool"}, "GroupName": "staff"},
    },
    "Client": {
        "Type": "AWS::Cognito::UserPoolClient",
        "Properties": {"UserPoolId": {"Ref": "Pool"}, "ExplicitAuthFlows": ["ALLOW_ADMIN_USER_PASSWORD_AUTH"]},
    },
    "Store": {"Type": "AWS::CloudFront::KeyValueStore", "Properties": {"Name": "prices"}},
}


def deployed(aws: Endpoint, resources: dict[str, Any] = RESOURCES) -> dict[str, str]:
    """Deploys the resources as the stack `shop`. Returns their physical ids."""
    cloudformation = aws.client("cloudformation")
    cloudformation.create_stack(StackName="shop", TemplateBody=json.dumps({"Resources": resources}))
    cloudformation.get_waiter("stack_create_complete").wait(StackName="shop", WaiterConfig={"Delay": 0})
    found = cloudformation.describe_stack_resources(StackName="shop")["StackResources"]
    return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in found}


def fill(aws: Endpoint, names: dict[str, str]) -> None:
    dynamodb, s3, cognito = aws.client("dynamodb"), aws.client("s3"), aws.client("cognito-idp")
    dynamodb.put_item(
        TableName=names["Users"], Item={"name": {"S": "ada"}, "team": {"S": "a"}, "photo": {"B": b"\x00"}}
    )
    dynamodb.put_item(TableName=names["Visits"], Item={"name": {"S": "ada"}, "page": {"S": "/"}})
    dynamodb.put_item(TableName=names["Visits"], Item={"name": {"S": "ada"}, "page": {"S": "/about"}})
    s3.put_object(Bucket=names["Pages"], Key="index.html", Body=b"before")
    s3.put_object(
        Bucket=names["Pages"],
        Key="index.html",
        Body=b"\xff now",
        ContentType="text/html",
        Metadata={"by": "ada"},
        Tagging="draft=no",
    )
    cognito.admin_create_user(UserPoolId=names["Pool"], Username="ada", MessageAction="SUPPRESS")
    cognito.admin_set_user_password(UserPoolId=names["Pool"], Username="ada", Password=PASSWORD, Permanent=True)
    cognito.create_group(UserPoolId=names["Pool"], GroupName="guests")
    for group in ("staff", "guests"):
        cognito.admin_add_user_to_group(UserPoolId=names["Pool"], Username="ada", GroupName=group)


async def test_next_start(tmp_path: Path) -> None:
    """The next stack has every item, object, user, group and key; no other user can read the file."""
    path = tmp_path / "kept"
    async with ministack.running(kept_data_file=path) as aws:
        names = await asyncio.to_thread(deployed, aws.endpoint)
        await asyncio.to_thread(fill, aws.endpoint, names)
        store = aws.endpoint.client("cloudfront-keyvaluestore")
        arn = aws.endpoint.client("cloudfront").describe_key_value_store(Name="prices")["KeyValueStore"]["ARN"]
        etag = store.describe_key_value_store(KvsARN=arn)["ETag"]
        store.put_key(KvsARN=arn, Key="tea", Value="3", IfMatch=etag)
    assert path.stat().st_mode & 0o777 == 0o600
    async with ministack.running(kept_data_file=path) as aws:
        names = await asyncio.to_thread(deployed, aws.endpoint)
        dynamodb, s3, cognito = (aws.endpoint.client(name) for name in ("dynamodb", "s3", "cognito-idp"))
        found = dynamodb.query(
            TableName=names["Users"],
            IndexName="teams",
            KeyConditionExpression="team = :t",
            ExpressionAttributeValues={":t": {"S": "a"}},
        )
        assert found["Items"] == [{"name": {"S": "ada"}, "team": {"S": "a"}, "photo": {"B": b"\x00"}}]
        visits = dynamodb.query(
            TableName=names["Visits"],
            KeyConditionExpression="#n = :n",
            ExpressionAttributeNames={"#n": "name"},
            ExpressionAttributeValues={":n": {"S": "ada"}},
        )
        assert [item["page"]["S"] for item in visits["Items"]] == ["/", "/about"]
        page = s3.get_object(Bucket=names["Pages"], Key="index.html")
        assert (page["Body"].read(), page["ContentType"], page["Metadata"]) == (b"\xff now", "text/html", {"by": "ada"})
        tags = s3.get_object_tagging(Bucket=names["Pages"], Key="index.html")["TagSet"]
        assert tags == [{"Key": "draft", "Value": "no"}]
        assert len(s3.list_object_versions(Bucket=names["Pages"])["Versions"]) == 2
        signed_in = cognito.admin_initiate_auth(
            UserPoolId=names["Pool"],
            ClientId=names["Client"],
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "ada", "PASSWORD": PASSWORD},
        )
        assert signed_in["AuthenticationResult"]["IdToken"]
        for group in ("staff", "guests"):
            members = cognito.list_users_in_group(UserPoolId=names["Pool"], GroupName=group)["Users"]
            assert [user["Username"] for user in members] == ["ada"]
        arn = aws.endpoint.client("cloudfront").describe_key_value_store(Name="prices")["KeyValueStore"]["ARN"]
        store = aws.endpoint.client("cloudfront-keyvaluestore")
        assert store.get_key(KvsARN=arn, Key="tea")["Value"] == "3"


async def test_later_resource(tmp_path: Path) -> None:
    """Data of a bucket that is not there yet stays in the file, and is in the bucket as soon as somebody makes it."""
    path = tmp_path / "kept"
    async with ministack.running(kept_data_file=path) as aws:
        s3 = aws.endpoint.client("s3")
        s3.create_bucket(Bucket="pages")
        s3.put_object(Bucket="pages", Key="index.html", Body=b"kept")
    async with ministack.running(kept_data_file=path):
        pass
    async with ministack.running(kept_data_file=path) as aws:
        s3 = aws.endpoint.client("s3")
        s3.create_bucket(Bucket="pages")
        assert s3.get_object(Bucket="pages", Key="index.html")["Body"].read() == b"kept"
        s3.delete_object(Bucket="pages", Key="index.html")
        s3.delete_bucket(Bucket="pages")
        s3.create_bucket(Bucket="pages")  # Only the first one gets the data.
        assert "Contents" not in s3.list_objects_v2(Bucket="pages")


async def test_during_deployment(tmp_path: Path, eventually) -> None:
    """Resources get their data once the deployment has ended. The plug pulled before costs no data."""
    path = tmp_path / "kept"
    async with ministack.running(kept_data_file=path) as aws:
        names = await asyncio.to_thread(deployed, aws.endpoint)
        await asyncio.to_thread(fill, aws.endpoint, names)
    waiting = {
        "Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
        "Wait": {
            "Type": "AWS::CloudFormation::WaitCondition",
            "DependsOn": ["Users"],
            "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "600"},
        },
    }
    async with ministack.running(kept_data_file=path) as aws:
        dynamodb, cloudformation = aws.endpoint.client("dynamodb"), aws.endpoint.client("cloudformation")
        template = json.dumps({"Resources": RESOURCES | waiting})
        cloudformation.create_stack(StackName="shop", TemplateBody=template)
        await asyncio.to_thread(eventually, lambda: names["Users"] in dynamodb.list_tables()["TableNames"])
        assert dynamodb.scan(TableName=names["Users"])["Items"] == []
    async with ministack.running(kept_data_file=path) as aws:
        await asyncio.to_thread(deployed, aws.endpoint)
        item = aws.endpoint.client("dynamodb").get_item(TableName=names["Users"], Key={"name": {"S": "ada"}})
        assert item["Item"]["team"] == {"S": "a"}


async def test_other_key(tmp_path: Path, caplog) -> None:
    """Items without the key that the table has now stay out, and the terminal says how many."""
    path = tmp_path / "kept"
    async with ministack.running(kept_data_file=path) as aws:
        names = await asyncio.to_thread(deployed, aws.endpoint)
        await asyncio.to_thread(fill, aws.endpoint, names)
    async with ministack.running(kept_data_file=path) as aws:
        names = await asyncio.to_thread(deployed, aws.endpoint, RESOURCES | {"Visits": table("name", "day")})
        assert aws.endpoint.client("dynamodb").scan(TableName=names["Visits"])["Items"] == []
        await asyncio.sleep(0)
    name = f"us-east-1/{names['Visits']}"
    assert f"The embedded AWS left 2 items of {name} out: they lack the key that the table has now." in caplog.text


async def test_written_soon(tmp_path: Path, eventually) -> None:
    """The file has a change a moment later: who pulls the plug loses a second."""
    path = tmp_path / "kept"

    def objects() -> dict[str, Any]:
        return kept_data.read(path)["buckets"]["pages"]["objects"]

    async with ministack.running(kept_data_file=path) as aws:
        s3 = aws.endpoint.client("s3")
        s3.create_bucket(Bucket="pages")
        s3.put_object(Bucket="pages", Key="index.html", Body=b"kept")
        await asyncio.to_thread(eventually, lambda: path.exists() and "index.html" in objects())


async def test_cannot_write(tmp_path: Path, caplog) -> None:
    """Where the file cannot be written, the terminal says so, and the embedded AWS goes on."""
    (tmp_path / "file").touch()
    async with ministack.running(kept_data_file=tmp_path / "file" / "kept") as aws:
        aws.endpoint.client("s3").create_bucket(Bucket="pages")
    assert "The embedded AWS cannot keep the data in" in caplog.text
    assert "File exists" in caplog.text


class Hostile:
    def __reduce__(self) -> Any:
        return os.mkdir, ("executed",)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x80", b"no pickle", pickle.dumps(1), pickle.dumps({"format": 2, "data": {}}), pickle.dumps(Hostile())],
)
def test_damaged(tmp_path: Path, monkeypatch, content: bytes) -> None:
    """A file that is no such file is refused, and nothing in it is executed."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "kept"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="is damaged, or another version of cloudfront-local wrote the file"):
        kept_data.read(path)
    assert not Path("executed").exists()


async def test_not_for_others(tmp_path: Path) -> None:
    """Who may not administer the embedded AWS is refused."""
    async with (
        ministack.running(kept_data_file=tmp_path / "kept") as aws,
        aiohttp.ClientSession() as session,
        session.put(f"{aws.endpoint.url}{kept_data.ADDRESS}") as answer,
    ):
        assert answer.status == 403
