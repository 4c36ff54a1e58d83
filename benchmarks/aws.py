"""What a function finds on AWS, here the embedded one: its role and what that may read."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from hashlib import scrypt

from cloudfront_local.aws import ministack
from cloudfront_local.aws.endpoint import Endpoint

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
        table = {"Sid": "UsersTable", "Action": "dynamodb:GetItem", "Resource": users_table(endpoint)}
        yield environment(endpoint, "authorizer", "configuration", [table])


@asynccontextmanager
async def router() -> AsyncIterator[tuple[Mapping[str, str], str]]:
    """An embedded AWS that keeps the client's secret; gives the router's environment, and the secret's ARN."""
    async with ministack.running(region=REGION) as running:
        endpoint = running.endpoint
        arn = endpoint.client("secretsmanager").create_secret(Name="router", SecretString="secret")["ARN"]
        secret = {"Sid": "ClientSecret", "Action": "secretsmanager:GetSecretValue", "Resource": arn}
        yield environment(endpoint, "router", "router", [secret]), arn


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


def environment(
    endpoint: Endpoint, role_name: str, policy_name: str, statements: list[dict[str, str]]
) -> Mapping[str, str]:
    """What a function of a new role finds: it may do what the statements say, and read its own policy."""
    iam = endpoint.client("iam")
    role = iam.create_role(RoleName=role_name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    own = {"Sid": "OwnPolicy", "Action": "iam:GetRolePolicy", "Resource": role}
    allowed = [{**statement, "Effect": "Allow"} for statement in (own, *statements)]
    policy = json.dumps({"Version": "2012-10-17", "Statement": allowed})
    iam.put_role_policy(RoleName=role_name, PolicyName=policy_name, PolicyDocument=policy)
    keys = endpoint.client("sts").assume_role(RoleArn=role, RoleSessionName="benchmark")["Credentials"]
    return {
        "AWS_ENDPOINT_URL": endpoint.url,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
        "AWS_SESSION_TOKEN": keys["SessionToken"],
    }
