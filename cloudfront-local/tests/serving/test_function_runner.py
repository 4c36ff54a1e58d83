"""CloudFront Functions in processes: stores, changes, mistakes."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from cloudfront_local.aws.cloudfront_functions import Deployed
from cloudfront_local.errors import LocalError
from cloudfront_local.functions.key_value_store import KeyValueStore, Store
from cloudfront_local.serving.function_runner import FunctionRunner

ARN = "arn:aws:cloudfront::123456789012:function/f"
EVENT = {
    "version": "1.0",
    "context": {"eventType": "viewer-request"},
    "request": {"method": "GET", "uri": "/", "querystring": {}, "headers": {}, "cookies": {}},
}
READS = """\
import cf from 'cloudfront';
async function handler(event) {
  return {statusCode: 200, body: await cf.kvs().get('theme') + ' ' + cf.edgeLocation.name};
}"""


def deployed(source: str, *stores: str) -> Deployed:
    return Deployed("f", source, "cloudfront-js-2.0", stores)


@pytest.fixture
async def stores() -> AsyncIterator[list[Store | Exception]]:
    yield []


@pytest.fixture
async def runner(stores) -> AsyncIterator[FunctionRunner]:
    async def store_of(_: Deployed) -> Store | None:
        found = stores[0]
        if isinstance(found, Exception):
            raise found
        return found

    runner = FunctionRunner("IAD", "us-east-1", store_of)
    yield runner
    await runner.close()


async def test_store(runner, stores) -> None:
    """The function reads the store as it is at each call, and where it runs."""
    await runner.load({ARN: deployed(READS, "arn:store")})
    for theme in ("dark", "light"):
        stores[:] = [KeyValueStore("s", {"theme": theme}, datetime.now(UTC), datetime.now(UTC))]
        assert (await runner.run(ARN, EVENT, None)).result["body"] == f"{theme} IAD"
    stores[:] = [LocalError("the embedded AWS is gone")]
    assert (await runner.run(ARN, EVENT, None)).error == "the embedded AWS is gone"


async def test_change(runner, caplog) -> None:
    """A changed function runs at the next call. A function that CloudFront refuses is named, and fails."""
    await runner.load({ARN: deployed("function handler() { return {statusCode: 201}; }")})
    assert (await runner.run(ARN, EVENT, None)).result == {"statusCode": 201}
    await runner.load({ARN: deployed("function handler() { return {statusCode: 202}; }")})
    assert (await runner.run(ARN, EVENT, None)).result == {"statusCode": 202}
    await runner.load({ARN: deployed("class A {}")})
    assert "CloudFront cannot run the function f, and answers 503" in caplog.text
    assert (
        'f:1:1: SyntaxError: Token "class" not supported in this version' in (await runner.run(ARN, EVENT, None)).error
    )


async def test_runtime(runner) -> None:
    """An unknown runtime is a failure of the function, not of the tool."""
    await runner.load({ARN: Deployed("f", "function handler() {}", "cloudfront-js-9.0")})
    assert "cloudfront-js-9.0 is no runtime of CloudFront Functions" in (await runner.run(ARN, EVENT, None)).error
