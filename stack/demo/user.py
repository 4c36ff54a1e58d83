"""The demo user, who may enter a stack that has a table of users."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cloudfront_local.aws.deployment import Deployment
from cloudfront_local.aws.endpoint import Endpoint
from local.aws.demo_data import PASSWORD, USER
from stack.commands import users


def load(endpoint: Endpoint, deployment: Deployment, _: Path) -> None:
    """Adds the user."""
    if table := deployment.outputs.get(users.TABLE_OUTPUT):
        users.put(endpoint.client("dynamodb"), table, USER, PASSWORD, replace=True)


def to_try(deployment: Deployment, url: str) -> Iterator[str]:
    """Without the password, and with it."""
    if users.TABLE_OUTPUT in deployment.outputs:
        login = f"-u {USER}:{PASSWORD}"
        yield f"curl -i {url}/    # 401: nobody enters without a password"
        yield f"curl -i {login} {url}/    # 200: the page in the bucket"
        yield f"curl -si {login} {url}/ | grep -i x-cache    # Hit or RefreshHit: now it is in the cache"
