"""Creates, in an embedded AWS, a function's role and the resources that the role may read."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from hashlib import scrypt

from cloudfront_local.aws import ministack
from cloudfront_local.aws.endpoint import Endpoint

REGION = "us-east-1"
LEAST = "ln=1,r=1,p=1"  # takes microseconds
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
async def authorizer(cost: str) -> AsyncIterator[tuple[int, Mapping[str, str]]]:
    """An embedded AWS with two users, whose passwords are their names: its port, and the authorizer's environment.

    The hash of `demo` has the scrypt parameters in `cost`, such as `ln=14,r=8,p=1`. That of `quick` has the smallest.
    """
    async with ministack.running(region=REGION) as running:
        endpoint = running.endpoint
        arn = users_table(endpoint, {"demo": cost, "quick": LEAST})
        table = {"Sid": "UsersTable", "Action": "dynamodb:GetItem", "Resource": arn}
        yield port(endpoint), environment(endpoint, "authorizer", "configuration", [table])


@asynccontextmanager
async def router() -> AsyncIterator[tuple[int, Mapping[str, str], str]]:
    """An embedded AWS with the client's secret: its port, the router's environment, and the secret's ARN."""
    async with ministack.running(region=REGION) as running:
        endpoint = running.endpoint
        arn = endpoint.client("secretsmanager").create_secret(Name="router", SecretString="secret")["ARN"]
        secret = {"Sid": "ClientSecret", "Action": "secretsmanager:GetSecretValue", "Resource": arn}
        yield port(endpoint), environment(endpoint, "router", "router", [secret]), arn


@asynccontextmanager
async def sign_in(settings: Mapping[str, object]) -> AsyncIterator[tuple[int, Mapping[str, str]]]:
    """An embedded AWS with a secret that holds the settings: its port, and the environment of sign-in."""
    async with ministack.running(region=REGION) as running:
        endpoint = running.endpoint
        secrets = endpoint.client("secretsmanager")
        arn = secrets.create_secret(Name="sign-in", SecretString=json.dumps(settings))["ARN"]
        secret = {"Sid": "SignInSecret", "Action": "secretsmanager:GetSecretValue", "Resource": arn}
        yield port(endpoint), environment(endpoint, "sign-in", "configuration", [secret])


def port(endpoint: Endpoint) -> int:
    """The port of 127.0.0.1 on which the embedded AWS listens."""
    return int(endpoint.url.rpartition(":")[2])


def users_table(endpoint: Endpoint, costs: Mapping[str, str]) -> str:
    """The ARN of a new users table. `costs` has the users' names, each with the scrypt parameters of the hash."""
    dynamodb = endpoint.client("dynamodb")
    table = dynamodb.create_table(
        TableName="users",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "username", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "username", "KeyType": "HASH"}],
    )["TableDescription"]
    for name, cost in costs.items():
        item = {"username": {"S": name}, "password": {"S": hashed(name, cost)}}
        dynamodb.put_item(TableName="users", Item=item)
    return str(table["TableArn"])


def hashed(password: str, cost: str) -> str:
    """The PHC string of a password, with a constant salt."""
    ln, r, p = (int(parameter.partition("=")[2]) for parameter in cost.split(","))
    salt = b"salt of 16 bytes"
    digest = scrypt(password.encode(), salt=salt, n=1 << ln, r=r, p=p, maxmem=1 << 28, dklen=32)
    encoded = "$".join(b64encode(part).decode().rstrip("=") for part in (salt, digest))
    return f"$scrypt${cost}${encoded}"


def environment(
    endpoint: Endpoint, role_name: str, policy_name: str, statements: list[dict[str, str]]
) -> Mapping[str, str]:
    """The environment variables of a function with a new role, without AWS's address.

    The role's policy holds the statements, and one that allows the role to read this policy.
    """
    iam = endpoint.client("iam")
    role = iam.create_role(RoleName=role_name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    own = {"Sid": "OwnPolicy", "Action": "iam:GetRolePolicy", "Resource": role}
    allowed = [{**statement, "Effect": "Allow"} for statement in (own, *statements)]
    policy = json.dumps({"Version": "2012-10-17", "Statement": allowed})
    iam.put_role_policy(RoleName=role_name, PolicyName=policy_name, PolicyDocument=policy)
    keys = endpoint.client("sts").assume_role(RoleArn=role, RoleSessionName="benchmark")["Credentials"]
    return {
        "AWS_LAMBDA_FUNCTION_NAME": f"{REGION}.{role_name}",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
        "AWS_SESSION_TOKEN": keys["SessionToken"],
    }
