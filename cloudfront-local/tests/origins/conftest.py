"""Origins of which none is a function URL."""

from collections.abc import Callable

import pytest
from botocore.credentials import Credentials

from cloudfront_local.iam.policies import Policy
from cloudfront_local.origins.function_url import Account, FunctionUrls, Target
from cloudfront_local.origins.transport import Transport


@pytest.fixture
def roles() -> dict[str, list[Policy]]:
    """The permissions of roles that functions have, by the access key of their credentials, which names them here."""
    return {}


@pytest.fixture
def account(roles: dict[str, list[Policy]]) -> Account:
    """An account with these roles and no function URL."""

    async def target(_: str) -> Target | None:
        return None

    async def policies(role: str) -> list[Policy]:
        return roles[role]

    return Account(target, lambda key: key if key in roles else None, policies)


@pytest.fixture
def no_function_urls(account: Account) -> Callable[[Transport], FunctionUrls]:
    """Function URLs of an account that has none."""
    return lambda transport: FunctionUrls(transport, account, "arn", Credentials("", ""))
