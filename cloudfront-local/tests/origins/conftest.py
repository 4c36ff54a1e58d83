"""Fixtures for origins that are not function URLs."""

from collections.abc import Callable

import pytest
from botocore.credentials import Credentials

from cloudfront_local.iam.policies import Policy
from cloudfront_local.origins.function_url import Account, FunctionUrls, Target
from cloudfront_local.origins.transport import Transport


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


@pytest.fixture
def no_function_urls(account: Account) -> Callable[[Transport], FunctionUrls]:
    """The sender to function URLs, for an account without any."""
    return lambda transport: FunctionUrls(transport, account, "arn", Credentials("", ""))
