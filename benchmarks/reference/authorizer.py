"""The usual way to write the authorizer: boto3, discovery at import, one GetItem for each request.

It does the same as src/authorizer, except that it does not check the password.
"""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import boto3

session = boto3.Session()
role = session.client("sts").get_caller_identity()["Arn"].split("/")[1]
policy: Any = session.client("iam").get_role_policy(RoleName=role, PolicyName="configuration")["PolicyDocument"]
arn = next(statement["Resource"] for statement in policy["Statement"] if statement["Sid"] == "UsersTable")
users = session.resource("dynamodb", region_name=arn.split(":")[3]).Table(arn.partition("/")[2])


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """The request if its user exists, or a 401."""
    request: dict[str, Any] = event["Records"][0]["cf"]["request"]
    authorization = request["headers"].pop("authorization", None)
    if authorization is None:
        return {"status": "401", "headers": {"www-authenticate": [{"value": 'Basic realm="reference"'}]}}
    username = b64decode(authorization[0]["value"].partition(" ")[2]).decode().partition(":")[0]
    if "Item" not in users.get_item(Key={"username": username}):
        return {"status": "401"}
    request["headers"]["x-authenticated-user"] = [{"key": "X-Authenticated-User", "value": username}]
    return request
