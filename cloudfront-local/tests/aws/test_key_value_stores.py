"""Key value stores in the embedded AWS: imports, quotas, and their items as functions read them."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from cloudfront_local.aws.cloudfront_functions import Deployed
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.aws.key_value_stores import KeyValueStores


def sent(endpoint: Endpoint, method: str, path: str, body: Any = None, etag: str = "") -> tuple[int, Any, str]:
    """A request to the data plane: status, answer, ETag."""
    data = json.dumps(body).encode() if body is not None else b""
    request = AWSRequest(method, endpoint.url + path, data=data, headers={"If-Match": etag} if etag else {})
    SigV4Auth(Credentials(*endpoint.key), "cloudfront-keyvaluestore", "us-east-1").add_auth(request)
    plain = Request(request.url, data or None, dict(request.headers.items()), method=method)  # noqa: S310 - http
    try:
        with urlopen(plain) as answer:  # noqa: S310
            return answer.status, json.loads(answer.read() or b"{}"), answer.headers.get("ETag", "")
    except HTTPError as error:
        with error:
            return error.status, json.loads(error.read()), ""


@pytest.fixture
def made(aws: Endpoint) -> Iterator[Any]:
    """Deploys a store with an import source, and returns its ARN."""
    cloudformation, names = aws.client("cloudformation"), []

    def made(source: str = "") -> str:
        name = f"s{uuid.uuid4().hex[:8]}"
        names.append(name)
        properties: dict[str, Any] = {"Name": name}
        if source:
            properties["ImportSource"] = {"SourceType": "S3", "SourceArn": source}
        template = {
            "Resources": {"S": {"Type": "AWS::CloudFront::KeyValueStore", "Properties": properties}},
            "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["S", "Arn"]}}},
        }
        cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template))
        cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 0})
        (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
        return str(stack["Outputs"][0]["OutputValue"])

    made.names = names  # type: ignore[attr-defined]
    yield made
    for name in names:
        cloudformation.delete_stack(StackName=name)


def uploaded(aws: Endpoint, content: bytes) -> str:
    s3, bucket = aws.client("s3"), f"b{uuid.uuid4().hex}"
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="data/store.json", Body=content)
    return f"arn:aws:s3:::{bucket}/data/store.json"


def function(arn: str) -> Deployed:
    return Deployed("f", "", "cloudfront-js-2.0", (arn,))


async def test_import(aws: Endpoint, made) -> None:
    """A new store has the items of its import source, however many pages the API has for them."""
    pairs = [{"key": f"k{number}", "value": "v"} for number in range(120)]
    arn = made(uploaded(aws, json.dumps({"data": pairs}).encode()))
    store = await KeyValueStores(aws).of(function(arn))
    assert store is not None
    assert dict(store.items) == {pair["key"]: "v" for pair in pairs}
    assert await KeyValueStores(aws).of(Deployed("f", "", "")) is None


@pytest.mark.parametrize("content", [b"nonsense", b'{"data": [{"key": "a", "value": 7}]}'])
def test_failed_import(aws: Endpoint, made, content: bytes) -> None:
    """A file in another format fails the deployment, with the reason."""
    with pytest.raises(Exception, match="Waiter StackCreateComplete failed"):
        made(uploaded(aws, content))
    cloudformation = aws.client("cloudformation")
    (failed,) = [each for each in cloudformation.describe_stacks()["Stacks"] if each["StackName"] == made.names[-1]]
    events = cloudformation.describe_stack_events(StackName=failed["StackId"])["StackEvents"]
    assert any("IMPORT FAILED: arn:aws:s3:::" in each.get("ResourceStatusReason", "") for each in events)


async def test_missing_file(aws: Endpoint, made) -> None:
    """Without the file, the store is empty."""
    store = await KeyValueStores(aws).of(function(made("arn:aws:s3:::gone/data.json")))
    assert store is not None
    assert store.items == {}


async def test_writes_are_seen(aws: Endpoint, made) -> None:
    """What is written is read again once the write is noted. A write over a quota is refused, and changes nothing."""
    arn = made()
    stores = KeyValueStores(aws)
    assert (await stores.of(function(arn))).items == {}  # type: ignore[union-attr]
    path = f"/key-value-stores/{quote(arn, safe='')}"
    _, _, etag = sent(aws, "GET", path)
    status, _, etag = sent(aws, "PUT", f"{path}/keys/theme", {"Value": "dark"}, etag)
    assert status == 200
    stores.changed(arn)
    assert (await stores.of(function(arn))).items == {"theme": "dark"}  # type: ignore[union-attr]
    for method, target, body in (
        ("PUT", f"{path}/keys/large", {"Value": "x" * 1025}),
        ("POST", f"{path}/keys", {"Puts": [{"Key": str(n), "Value": "v"} for n in range(51)], "Deletes": []}),
    ):
        status, answer, _ = sent(aws, method, target, body, etag)
        assert (status, answer["__type"]) == (402, "ServiceQuotaExceededException")
    stores.changed(arn)
    assert (await stores.of(function(arn))).items == {"theme": "dark"}  # type: ignore[union-attr]


async def test_boto3_client(aws: Endpoint, made) -> None:
    """boto3's client works: it signs with Version 4A, and functions read what it wrote. The ARN ends with the id."""
    arn = made()
    client = aws.client("cloudfront-keyvaluestore")
    etag = client.describe_key_value_store(KvsARN=arn)["ETag"]
    etag = client.put_key(KvsARN=arn, Key="a b/ö", Value="1", IfMatch=etag)["ETag"]
    puts = [{"Key": "theme", "Value": "dark"}]
    etag = client.update_keys(KvsARN=arn, IfMatch=etag, Puts=puts, Deletes=[{"Key": "gone"}])["ETag"]
    assert client.get_key(KvsARN=arn, Key="a b/ö")["Value"] == "1"
    assert (await KeyValueStores(aws).of(function(arn))).items == {"a b/ö": "1", "theme": "dark"}  # type: ignore[union-attr]
    client.delete_key(KvsARN=arn, Key="theme", IfMatch=etag)
    assert [item["Key"] for item in client.list_keys(KvsARN=arn)["Items"]] == ["a b/ö"]
    (stack,) = aws.client("cloudformation").describe_stack_resources(StackName=made.names[0])["StackResources"]
    store = aws.client("cloudfront").describe_key_value_store(Name=stack["PhysicalResourceId"])["KeyValueStore"]
    assert store["ARN"] == arn
    assert arn.endswith(f":key-value-store/{store['Id']}")


def test_store_by_the_api(aws: Endpoint) -> None:
    """A store that is made by the API has an id in its ARN, and none of the items of an earlier store of its name."""
    cloudfront, client, name = aws.client("cloudfront"), aws.client("cloudfront-keyvaluestore"), uuid.uuid4().hex
    for _ in range(2):
        made = cloudfront.create_key_value_store(Name=name)
        store = made["KeyValueStore"]
        assert store["ARN"].endswith(f"/{store['Id']}")
        described = client.describe_key_value_store(KvsARN=store["ARN"])
        assert described["ItemCount"] == 0
        client.put_key(KvsARN=store["ARN"], Key="k", Value="v", IfMatch=described["ETag"])
        cloudfront.delete_key_value_store(Name=name, IfMatch=made["ETag"])


@pytest.mark.parametrize("wrong", ["secret", "key"])
def test_wrong_signature_of_version_4a(aws: Endpoint, made, wrong: str) -> None:
    """The root key's id with another secret, and a function's temporary key, are refused."""
    arn, endpoint = made(), aws
    if wrong == "secret":
        endpoint = replace(aws, key=aws.key._replace(secret="x" * 40))
    else:
        endpoint = replace(aws, key=aws.key._replace(id="ASIAXXXXXXXXXXXXXXXX"))
    with pytest.raises(ClientError, match="AccessDenied"):
        endpoint.client("cloudfront-keyvaluestore").describe_key_value_store(KvsARN=arn)
