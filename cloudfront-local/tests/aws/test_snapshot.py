"""The data of tables and buckets is kept and put back."""

import aiohttp
import pytest

from cloudfront_local.aws import ministack
from cloudfront_local.aws.embedded.snapshot import ADDRESS


async def test_data_is_put_back() -> None:
    """What was added, changed and removed since is as it was, as often as asked for; queries by index, too."""
    async with ministack.running() as aws:
        s3, dynamodb = aws.endpoint.client("s3"), aws.endpoint.client("dynamodb")
        s3.create_bucket(Bucket="pages")
        s3.put_object(Bucket="pages", Key="index.html", Body=b"before")
        dynamodb.create_table(
            TableName="users",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("name", "team")],
            KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "teams",
                    "KeySchema": [{"AttributeName": "team", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
        )
        dynamodb.put_item(TableName="users", Item={"name": {"S": "ada"}, "team": {"S": "a"}})
        await aws.keep_data()
        for _ in range(2):
            s3.put_object(Bucket="pages", Key="index.html", Body=b"after")
            s3.put_object(Bucket="pages", Key="new.html", Body=b"new")
            s3.create_bucket(Bucket="other")
            dynamodb.put_item(TableName="users", Item={"name": {"S": "eve"}, "team": {"S": "a"}})
            dynamodb.delete_item(TableName="users", Key={"name": {"S": "ada"}})
            await aws.restore_data()
            assert s3.get_object(Bucket="pages", Key="index.html")["Body"].read() == b"before"
            assert [each["Key"] for each in s3.list_objects_v2(Bucket="pages")["Contents"]] == ["index.html"]
            assert [each["Name"] for each in s3.list_buckets()["Buckets"]] == ["pages"]
            found = dynamodb.query(
                TableName="users",
                IndexName="teams",
                KeyConditionExpression="team = :t",
                ExpressionAttributeValues={":t": {"S": "a"}},
            )
            assert found["Items"] == [{"name": {"S": "ada"}, "team": {"S": "a"}}]


@pytest.mark.parametrize("method", ["PUT", "POST"])
async def test_not_for_others(aws, method: str) -> None:
    """Who may not administer the embedded AWS is refused."""
    async with aiohttp.ClientSession() as session, session.request(method, f"{aws.url}{ADDRESS}") as answer:
        assert answer.status == 403
