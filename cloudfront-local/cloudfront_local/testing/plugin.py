"""A pytest plugin with the fixture `edge`: it fails a test if CloudFront would refuse the result of a handler.

def test_adds_a_header(edge):
    result = edge(handler)(event)
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from cloudfront_local.rules import violations
from cloudfront_local.rules.marshalling import marshalled

Handler = Callable[[Any, Any], Any]
Edge = Callable[[Handler], Callable[..., Any]]
"""The fixture's type."""


class Context:
    """Lambda's context object, with the attributes that edge functions use. `seconds` is the remaining time."""

    function_name = "us-east-1.function"
    function_version = "1"
    aws_request_id = "00000000-0000-4000-8000-000000000000"

    def __init__(self, seconds: float = 5.0) -> None:
        self._milliseconds = int(seconds * 1000)

    def get_remaining_time_in_millis(self) -> int:
        return self._milliseconds


@pytest.fixture(scope="session")
def edge() -> Edge:
    """Wraps a handler: `edge(handler)(event)` or `edge(handler)(event, context)`.

    The wrapped handler returns the result as CloudFront gets it, after JSON. If CloudFront would refuse the result, the
    test fails with each rule that is broken and what to do. Exceptions of the handler are raised as they are.
    """

    def wrap(handler: Handler) -> Callable[..., Any]:
        def call(event: dict[str, Any], context: object | None = None) -> Any:
            __tracebackhide__ = True
            # Handlers change the event in place. With a copy, the rules can compare the result with the event.
            result = handler(copy.deepcopy(event), context or Context())
            if refused := violations(event, result):
                pytest.fail("CloudFront refuses this result:\n" + "\n".join(map(str, refused)))
            return marshalled(result)

        return call

    return wrap
