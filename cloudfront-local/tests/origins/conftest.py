"""The account of function URLs, for origins of other kinds."""

import pytest

from cloudfront_local.iam.policies import Policy
from cloudfront_local.origins.function_url import Account, Target


@pytest.fixture
def roles() -> dict[str, list[Policy]]:
    """The policies of functions' roles. Here, the access key of a role's credentials is also the role's name."""
    return {}


@pytest.fixture
def account(roles: dict[str, list[Policy]]) -> Account:
    """An account with these roles and without function URLs."""

    async def target(_: str) -> Target | None:
        return None

    async def policies(role: str) -> list[Policy]:
        return roles[role.rpartition("/")[2]]

    return Account(target, lambda key: f"arn:aws:iam::123456789012:role/{key}" if key in roles else None, policies)
