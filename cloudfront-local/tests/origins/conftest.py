"""Origins of which none is a function URL."""

from collections.abc import Callable

import pytest
from botocore.credentials import Credentials

from cloudfront_local.origins.function_url import Account, FunctionUrls, Target
from cloudfront_local.origins.transport import Transport


@pytest.fixture
def no_function_urls() -> Callable[[Transport], FunctionUrls]:
    """An account that has no function URL."""

    async def target(_: str) -> Target | None:
        return None

    async def policies(_: str) -> list[dict[str, object]]:
        return []

    account = Account(target, lambda _: None, policies)
    return lambda transport: FunctionUrls(transport, account, "arn", Credentials("", ""))
