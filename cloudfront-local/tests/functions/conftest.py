"""Small functions for the tests of functions: load, run, and events."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from cloudfront_local.functions.function import EdgeFunction
from cloudfront_local.functions.outcome import Outcome
from cloudfront_local.functions.runtimes import JS_2
from cloudfront_local.functions.sandbox import Call

EVENT = {
    "version": "1.0",
    "context": {
        "distributionDomainName": "d111111abcdef8.cloudfront.net",
        "distributionId": "EDFDVBD6EXAMPLE",
        "eventType": "viewer-request",
        "requestId": "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==",
    },
    "viewer": {"ip": "203.0.113.178"},
    "request": {
        "method": "GET",
        "uri": "/blog/",
        "querystring": {},
        "headers": {"host": {"value": "d111111abcdef8.cloudfront.net"}},
        "cookies": {},
    },
}


@pytest.fixture
def event() -> dict[str, Any]:
    """A viewer-request event."""
    return copy.deepcopy(EVENT)


@pytest.fixture(scope="session")
def run() -> Callable[..., Outcome]:
    """run(source, runtime=..., store=..., **fields of Call): one call of a function."""

    def run(source: str, runtime: str = JS_2, store: Any = None, **fields: Any) -> Outcome:
        return EdgeFunction.load(source, "f.js", runtime).run(Call(**{"event": EVENT} | fields), store)

    return run


@pytest.fixture(scope="session")
def value(run: Callable[..., Outcome]) -> Callable[..., Any]:
    """value(expression, head="", ...): what a handler returns that returns the expression. An error is its text."""

    def value(expression: str, head: str = "", **options: Any) -> Any:
        outcome = run(f"{head}\nfunction handler(event) {{ return ({expression}); }}", **options)
        return outcome.error.message if outcome.error else outcome.result

    return value
