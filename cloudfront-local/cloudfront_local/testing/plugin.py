"""A pytest plugin with the fixture `edge`: it fails a test if CloudFront would refuse the result of a function.

def test_adds_a_header(edge):
    result = edge(handler)(event)


def test_shows_the_index_page(edge):
    result = edge("src/rewrite/index.js")(event)
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import pytest

from cloudfront_local.errors import LocalError, aws_extra
from cloudfront_local.rules import Violation, cloudfront_functions, violations
from cloudfront_local.rules.marshalling import marshalled

Handler = Callable[[Any, Any], Any]


class Edge(Protocol):
    """The fixture's type."""

    def __call__(
        self, function: Handler | str | Path, *, runtime: str = ..., store: Mapping[str, str] | None = ...
    ) -> Callable[..., Any]: ...


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
def edge(pytestconfig: pytest.Config) -> Edge:
    """Wraps a handler of Lambda@Edge: `edge(handler)(event)` or `edge(handler)(event, context)`. Wraps the file of a
    CloudFront Function, relative to pytest's root folder: `edge("src/rewrite/index.js")(event)`.

    The wrapped function returns the result as CloudFront gets it, after JSON. If CloudFront would refuse the result,
    the test fails with each rule that is broken and what to do. Exceptions of a handler are raised as they are; an
    error in a file fails the test. `runtime` is the file's, and `store` has the items of its key value store.
    """

    def wrap(
        function: Handler | str | Path, *, runtime: str = "cloudfront-js-2.0", store: Mapping[str, str] | None = None
    ) -> Callable[..., Any]:
        __tracebackhide__ = True
        if callable(function):
            return _handler(function)
        try:
            return _file(pytestconfig.rootpath / function, str(function), runtime, store)
        except LocalError as error:
            refused = str(error)
        pytest.fail(refused)  # outside of `except`: pytest would show the LocalError's traceback, too

    return wrap


def _handler(handler: Handler) -> Callable[..., Any]:
    def call(event: dict[str, Any], context: object | None = None) -> Any:
        __tracebackhide__ = True
        # Handlers change the event in place. With a copy, the rules can compare the result with the event.
        result = handler(copy.deepcopy(event), context or Context())
        _accept(violations(event, result))
        return marshalled(result)

    return call


def _file(path: Path, name: str, runtime: str, store: Mapping[str, str] | None) -> Callable[[dict[str, Any]], Any]:
    """Raises LocalError for a file that CloudFront cannot run."""
    with aws_extra("CloudFront Functions run in QuickJS, which comes with the extra `aws`"):
        from cloudfront_local.functions import trial
        from cloudfront_local.functions.key_value_store import KeyValueStore
    function = trial.loaded_file(path, name, runtime)
    items = KeyValueStore("store", store) if store is not None else None

    def call(event: dict[str, Any]) -> Any:
        __tracebackhide__ = True
        _accept([broken for broken in cloudfront_functions.violations(event, None) if broken.rule == "function-event"])
        outcome = function.run(trial.call(event), items)
        sys.stdout.writelines(f"{line}\n" for line in outcome.logs)  # pytest shows them if the test fails
        if failed := trial.failure(outcome):
            pytest.fail(failed)
        _accept(trial.refusals(event, outcome, None))
        return outcome.result

    return call


def _accept(refused: list[Violation]) -> None:
    """Fails the test if a rule is broken."""
    __tracebackhide__ = True
    if refused:
        pytest.fail("CloudFront refuses this result:\n" + "\n".join(map(str, refused)))
