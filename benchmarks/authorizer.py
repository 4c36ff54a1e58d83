"""The authorizer against the same done with boto3 (reference/authorizer.py), both on one embedded AWS.

The password is left out of both: the reference checks none, and ours is stored with the cheapest parameters that
scrypt has (ln=1,r=1,p=1), some microseconds. The modules that hash are imported all the same.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from hashlib import scrypt
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from benchmarks.cold_start import Function, build, measure
from benchmarks.report import Figure
from local.aws import ministack
from local.aws.endpoint import Endpoint

ROOT = Path(__file__).parent.parent
REGION = "us-east-1"
# What a request that is answered at the edge alone has no use for.
NETWORK_MODULES = {"http.client", "urllib.request", "socket", "ssl", "hashlib"}


async def figures(runs: int) -> list[Figure]:
    """Measure. Takes a second a run."""
    with TemporaryDirectory() as directory:
        built = build("AuthorizerFunction", Path(directory))
        signed_in, anonymous = event("demo:demo"), event(None)
        async with aws() as environment:
            ours, boto3, refusal = measure(
                [
                    Function([str(built)], "authorizer.handler", signed_in, warm=200),
                    Function([str(ROOT)], "benchmarks.reference.authorizer", signed_in, warm=20),
                    Function([str(built)], "authorizer.handler", anonymous),
                ],
                environment,
                runs,
            )
        if (ours.status, boto3.status, refusal.status) != (200, 200, 401):
            raise RuntimeError(f"wrong answers: {ours.status}, {boto3.status}, {refusal.status}")
        return [
            Figure(
                "authorizer, cold: import to first 200",
                "ms",
                ours.import_to_answer * 1e3,
                boto3.import_to_answer * 1e3,
                share=1 / 7,
            ),
            Figure(
                "authorizer, cold: process start to first 200",
                "ms",
                ours.start_to_answer * 1e3,
                boto3.start_to_answer * 1e3,
            ),
            Figure(
                "authorizer, cold: peak memory", "MiB", ours.peak_memory / 2**20, boto3.peak_memory / 2**20, share=0.45
            ),
            Figure(
                "authorizer, warm: a request with remembered credentials",
                "µs",
                ours.warm * 1e6,
                boto3.warm * 1e6,
                share=1 / 30,
            ),
            Figure("authorizer, cold: import to a 401 without credentials", "ms", refusal.import_to_answer * 1e3),
            Figure(
                "authorizer, cold: network modules imported for that 401",
                "",
                len(NETWORK_MODULES & refusal.modules),
                limit=0,
            ),
            Figure("authorizer, zip", "KiB", zip_size(built) / 2**10, limit=16),
        ]


def event(user_pass: str | None) -> dict[str, Any]:
    """A viewer request with the headers that a browser sends, signed in or not."""
    headers = {"Host": "d111111abcdef8.cloudfront.net", "User-Agent": "Mozilla/5.0", "Accept": "text/html"}
    if user_pass is not None:
        headers["Authorization"] = f"Basic {b64encode(user_pass.encode()).decode()}"
    config = {
        "distributionDomainName": "d111111abcdef8.cloudfront.net",
        "distributionId": "EDFDVBD6EXAMPLE",
        "eventType": "viewer-request",
        "requestId": "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==",
    }
    request = {
        "clientIp": "203.0.113.178",
        "method": "GET",
        "uri": "/index.html",
        "querystring": "",
        "headers": {name.lower(): [{"key": name, "value": value}] for name, value in headers.items()},
    }
    return {"Records": [{"cf": {"config": config, "request": request}}]}


@asynccontextmanager
async def aws() -> AsyncIterator[Mapping[str, str]]:
    """An embedded AWS with a role, a users table and a user; the environment of a function that has the role."""
    async with ministack.running(region=REGION) as running:
        endpoint = running.endpoint
        table = users_table(endpoint)
        yield {
            "AWS_ENDPOINT_URL": endpoint.url,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            **credentials(endpoint, table),
        }


def users_table(endpoint: Endpoint) -> str:
    """The ARN of a new table that knows the user demo."""
    dynamodb = endpoint.client("dynamodb")
    table = dynamodb.create_table(
        TableName="users",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "username", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "username", "KeyType": "HASH"}],
    )["TableDescription"]
    salt = b"salt of 16 bytes"
    digest = scrypt(b"demo", salt=salt, n=2, r=1, p=1, dklen=32)
    encoded = "$".join(b64encode(part).decode().rstrip("=") for part in (salt, digest))
    item = {"username": {"S": "demo"}, "password": {"S": f"$scrypt$ln=1,r=1,p=1${encoded}"}}
    dynamodb.put_item(TableName="users", Item=item)
    return str(table["TableArn"])


def credentials(endpoint: Endpoint, table: str) -> dict[str, str]:
    """Temporary credentials of a role with the permissions that the template gives the authorizer."""
    iam = endpoint.client("iam")
    principal = {"Service": ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]}
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}],
    }
    role = iam.create_role(RoleName="authorizer", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    statements = [
        {"Sid": "OwnPolicy", "Effect": "Allow", "Action": "iam:GetRolePolicy", "Resource": role},
        {"Sid": "UsersTable", "Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": table},
    ]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_role_policy(RoleName="authorizer", PolicyName="configuration", PolicyDocument=policy)
    keys = endpoint.client("sts").assume_role(RoleArn=role, RoleSessionName="benchmark")["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
        "AWS_SESSION_TOKEN": keys["SessionToken"],
    }


def zip_size(built: Path) -> int:
    """The bytes of the zip that `sam deploy` uploads of a built function: deflated at zlib's default level."""
    with TemporaryDirectory() as directory:
        archive = Path(directory, "function.zip")
        with ZipFile(archive, "w", ZIP_DEFLATED) as file:
            for path in sorted(built.rglob("*")):
                file.write(path, path.relative_to(built))
        return archive.stat().st_size
