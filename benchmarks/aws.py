"""What a function finds on AWS, here the embedded one: its role, its configuration, its table."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from hashlib import scrypt

from local.aws import ministack
from local.aws.endpoint import Endpoint

REGION = "us-east-1"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]},
            "Action": "sts:AssumeRole",
        }
    ],
}


@asynccontextmanager
async def authorizer() -> AsyncIterator[Mapping[str, str]]:
    """An embedded AWS in which the user demo has the password demo; gives the environment of the authorizer there."""
    async with ministack.running(region=REGION) as running:
        endpoint = running.endpoint
        keys = {"AWS_ENDPOINT_URL": endpoint.url, "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION}
        yield keys | credentials(endpoint, users_table(endpoint))


def users_table(endpoint: Endpoint) -> str:
    """The ARN of a new table with the user, whose password takes microseconds to hash."""
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
    role = iam.create_role(RoleName="authorizer", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
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
