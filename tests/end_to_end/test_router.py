"""Files through all the parts: viewer, distribution, router, token endpoint, lookup API, three Regions."""

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.credentials import Credentials
from multidict import CIMultiDict

from cloudfront_local.aws import callers
from cloudfront_local.aws.endpoint import ACCOUNT_ID
from cloudfront_local.distribution.messages import Request
from cloudfront_local.distribution.origin import S3Origin
from cloudfront_local.origins.s3 import S3
from cloudfront_local.origins.transport import Transport
from cloudfront_local.serving import running
from stack.demo.files import REGIONS
from stack.media_types import content_type
from tests.events.record import distribution as distribution_at

USER = "demo:demo"
IDENTITY = "E2QWRUHAPOMQZL"
DEMO = Path(__file__).parents[2] / "demo" / "files"
HELLO = DEMO / "everywhere" / "hello.txt"


@pytest.fixture
def registered(running_stack) -> Iterator[list[str]]:
    """Ids to forget at the end."""
    ids: list[str] = []
    yield ids
    for file_id in ids:
        running_stack.client("dynamodb").delete_item(
            TableName=running_stack.output("FilesTableName"), Key={"id": {"S": file_id}}
        )


def problem(answer: Any) -> tuple[int, str, str]:
    """Status, media type and detail of an answer that is a problem (RFC 9457)."""
    return answer.status, answer.headers["content-type"], answer.json["detail"]


# ── Where a file comes from ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", sorted(DEMO.glob("*/*")), ids=lambda path: path.name)
def test_demo_file(running_stack, path: Path) -> None:
    """A file comes from the Region it is in; one that is in all three comes from the edge's own."""
    region = path.parent.name if path.parent.name in REGIONS else running_stack.description.region
    answer = running_stack.get(f"/files/{path.stem}", USER)
    assert (answer.status, answer.content) == (200, path.read_bytes())
    assert answer.headers["x-amz-meta-region"] == region
    assert answer.headers["content-type"] == content_type(path.name)


@pytest.mark.parametrize("region", REGIONS)
async def test_edge_region(running_stack, region: str) -> None:
    """A file that is in all three Regions comes from the one where the router runs."""
    async with distribution_at(running_stack.description, region) as distribution:
        response = await distribution.handle(_request(distribution.config.domain_name, "/files/hello"))
    assert (response.status, response.body) == (200, HELLO.read_bytes())
    assert response.headers["x-amz-meta-region"] == region


@pytest.mark.long
@pytest.mark.parametrize("region", REGIONS)
async def test_by_access_identity(running_stack, identity_distribution: str, region: str) -> None:
    """In the access mode oai CloudFront reads the bucket with its origin access identity, in any Region."""
    async with distribution_at(running_stack.description, region, identity_distribution) as distribution:
        response = await distribution.handle(_request(distribution.config.domain_name, "/files/hello"))
    assert (response.status, response.body) == (200, HELLO.read_bytes())
    assert response.headers["x-amz-meta-region"] == region


@pytest.fixture(scope="module")
def identity_distribution(running_stack) -> Iterator[str]:
    """The id of a distribution of /files/* alone, as if the stack's parameter ContentAccess were oai."""
    cloudfront = running_stack.client("cloudfront")
    with _admitted(running_stack, IDENTITY) as config:
        created = cloudfront.create_distribution(DistributionConfig=config)
        made, etag = created["Distribution"]["Id"], created["ETag"]
        yield made
        config["Enabled"] = False
        etag = cloudfront.update_distribution(Id=made, IfMatch=etag, DistributionConfig=config)["ETag"]
        cloudfront.delete_distribution(Id=made, IfMatch=etag)


@contextmanager
def _admitted(running_stack: Any, identity: str) -> Iterator[dict[str, Any]]:
    """Content buckets admit the identity alone for as long. The configuration of a distribution that has it."""
    name = running_stack.description.stack_name
    principal = {"AWS": f"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity {identity}"}
    before = {}
    for region in REGIONS:
        bucket, s3 = f"{name}-content-{ACCOUNT_ID}-{region}", running_stack.client("s3", region)
        before[bucket] = s3, json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
        reader, tls_only = before[bucket][1]["Statement"]
        policy = {"Version": "2012-10-17", "Statement": [{**reader, "Principal": principal}, tls_only]}
        s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    cloudfront = running_stack.client("cloudfront")
    config = cloudfront.get_distribution_config(Id=running_stack.description.distribution_id)["DistributionConfig"]
    (files,) = (origin for origin in config["Origins"]["Items"] if origin["Id"] == "files")
    (access,) = (item for item in files["CustomHeaders"]["Items"] if item["HeaderName"] == "x-router-access")
    access["HeaderValue"] = "oai"
    files["S3OriginConfig"] = {"OriginAccessIdentity": f"origin-access-identity/cloudfront/{identity}"}
    (behavior,) = (item for item in config["CacheBehaviors"]["Items"] if item["TargetOriginId"] == "files")
    del behavior["PathPattern"]
    yield config | {
        "CallerReference": "oai",
        "Origins": {"Quantity": 1, "Items": [files]},
        "DefaultCacheBehavior": behavior,
        "CacheBehaviors": {"Quantity": 0},
    }
    for bucket, (s3, policy) in before.items():
        s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))


def _request(host: str, uri: str) -> Request:
    headers = {"Host": host, "Authorization": f"Basic {b64encode(USER.encode()).decode()}"}
    return Request("GET", uri, headers=CIMultiDict(headers))


def test_no_access_identity(running_stack) -> None:
    """The router signs, so the stack has no origin access identity."""
    cloudformation, name = running_stack.client("cloudformation"), running_stack.description.stack_name
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
    types = {resource["ResourceType"] for page in pages for resource in page["StackResourceSummaries"]}
    assert "AWS::CloudFront::OriginAccessControl" in types
    assert "AWS::CloudFront::CloudFrontOriginAccessIdentity" not in types
    (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    assert "ContentIdentityId" not in {output["OutputKey"] for output in stack["Outputs"]}


def test_tls_only(running_stack) -> None:
    """Over plain HTTP, a content bucket refuses the very role that reads it."""
    role = running_stack.output("RouterRoleArn")
    found = running_stack.client("sts").assume_role(RoleArn=role, RoleSessionName="edge")["Credentials"]
    keys = {"aws_access_key_id": found["AccessKeyId"], "aws_secret_access_key": found["SecretAccessKey"]}
    session = boto3.Session(
        **keys, aws_session_token=found["SessionToken"], region_name=running_stack.description.region
    )
    s3 = session.client("s3", endpoint_url=running_stack.description.endpoint_url)
    with pytest.raises(s3.exceptions.ClientError, match="AccessDenied"):
        s3.get_object(Bucket=running_stack.output("ContentBucketName"), Key="hello/hello.txt")


def test_settings_stay_at_the_edge(running_stack) -> None:
    """What the router's settings are for is not for viewers: no answer has them."""
    for path in ("/files/hello", "/files/none"):
        assert not [name for name in running_stack.get(path, USER).headers if name.startswith("x-router-")]


# ── Requests that S3 answers itself ──────────────────────────────────────────────────────────────────────────────────


def test_range(running_stack) -> None:
    """A part of a file, from another Region as well."""
    content = (DEMO / "eu-west-1" / "hills.svg").read_bytes()
    answer = running_stack.get("/files/hills", USER, headers={"Range": "bytes=5-14"})
    assert (answer.status, answer.content) == (206, content[5:15])
    assert answer.headers["content-range"] == f"bytes 5-14/{len(content)}"


def test_condition(running_stack) -> None:
    """A viewer that has the file is told so."""
    etag = running_stack.get("/files/sails", USER).headers["etag"]
    answer = running_stack.get("/files/sails", USER, headers={"If-None-Match": etag})
    assert (answer.status, answer.content) == (304, b"")


def test_head(running_stack) -> None:
    """The headers alone."""
    answer = running_stack.get("/files/hello", USER, "HEAD")
    length = HELLO.stat().st_size
    assert (answer.status, answer.content, answer.headers["content-length"]) == (200, b"", str(length))


# ── Refusals ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_unknown_id(running_stack) -> None:
    """404, which CloudFront keeps for seconds and not for a day."""
    answer = running_stack.get("/files/none", USER)
    assert problem(answer) == (404, "application/problem+json", "There is no file with this id.")
    assert answer.headers["cache-control"] == "max-age=5"


@pytest.mark.parametrize("file_id", ["", "a.b", "a/b", "..%2Fsecret", "a%00", "a" * 65])
def test_malformed_id(running_stack, file_id: str) -> None:
    """400 for what can be no id; the lookup API is not asked."""
    answer = running_stack.get(f"/files/{file_id}", USER)
    detail = "A file's id is 1 to 64 letters, digits, hyphens and underscores."
    assert problem(answer) == (400, "application/problem+json", detail)
    assert answer.headers["cache-control"] == "max-age=60"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_method(running_stack, method: str) -> None:
    """405 for whatever is not reading, and what may be done instead."""
    answer = running_stack.get("/files/hello", USER, method)
    assert problem(answer) == (405, "application/problem+json", "Files can only be read.")
    assert (answer.headers["allow"], answer.headers["cache-control"]) == ("GET, HEAD", "no-store")


@pytest.mark.parametrize("identity", [IDENTITY, ""])
async def test_default_bucket(running_stack, identity: str) -> None:
    """The bucket that the origin must name denies what would reach it, signed or not, be there an object or none."""
    description = running_stack.description
    async with distribution_at(description, "us-east-1") as distribution:
        config = distribution.config
    origin = config.origins["files"]
    assert isinstance(origin, S3Origin) and not origin.access_identity
    assert origin.bucket == running_stack.physical_id("DefaultBucket")
    origin = replace(origin, access_identity=identity)
    running_stack.client("s3").put_object(Bucket=origin.bucket, Key="files/secret", Body=b"secret")
    endpoint = running.endpoint(description)
    transport = Transport(endpoint.url, endpoint.headers("forward"))
    s3 = S3(transport, config.arn, Credentials(*endpoint.key), callers.account(endpoint, lambda _: None))
    try:
        for uri in ("/files/secret", "/files/none", "/"):
            response = await s3.fetch(Request("GET", uri, headers=CIMultiDict({"Host": origin.domain_name})), origin)
            assert (response.status, b"<Code>AccessDenied</Code>" in response.body) == (403, True)
    finally:
        await transport.close()
        running_stack.client("s3").delete_object(Bucket=origin.bucket, Key="files/secret")


def test_lost_object(running_stack, registered) -> None:
    """A file that is registered, and whose object is gone, is S3's 403."""
    registered.append("lost")
    copy = {
        "bucket": running_stack.output("ContentBucketName"),
        "region": running_stack.description.region,
        "key": "lost/lost.txt",
    }
    location = {"M": {name: {"S": value} for name, value in copy.items()}}
    running_stack.client("dynamodb").put_item(
        TableName=running_stack.output("FilesTableName"), Item={"id": {"S": "lost"}, "locations": {"L": [location]}}
    )
    answer = running_stack.get("/files/lost", USER)
    assert (answer.status, "<Code>AccessDenied</Code>" in answer.body) == (403, True)


# ── The commands ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_add_a_file(running_stack, registered, tmp_path) -> None:
    """A file that was added in two Regions is listed, and served from the nearer of them."""
    registered.append("notes")
    path = tmp_path / "notes.json"
    path.write_text(json.dumps({"notes": []}))
    regions = ("--region", "ap-southeast-2", "--region", "eu-west-1")
    added = running_stack.command("files", "add", "notes", str(path), *regions)
    assert (added.returncode, added.stdout) == (0, "/files/notes\n"), added.stderr
    listed = running_stack.command("files", "list").stdout.splitlines()
    assert [line.split("\t")[:2] for line in listed if line.startswith("notes\t")] == [
        ["notes", "ap-southeast-2"],
        ["notes", "eu-west-1"],
    ]
    answer = running_stack.get("/files/notes", USER)
    assert (answer.status, answer.json) == (200, {"notes": []})
    assert (answer.headers["content-type"], answer.headers["x-amz-meta-region"]) == ("application/json", "eu-west-1")


@pytest.mark.long
def test_further_region(running_stack) -> None:
    """`make deploy-region` makes a bucket for files in one Region more."""
    made = running_stack.project.run("make", "deploy-region", "LOCAL=1", "REGION=eu-central-1")
    name = running_stack.description.stack_name
    assert made.stdout == f"ContentBucketName: {name}-content-{ACCOUNT_ID}-eu-central-1\n", made.stderr
    cloudformation = running_stack.client("cloudformation", "eu-central-1")
    cloudformation.delete_stack(StackName=f"{name}-content")
