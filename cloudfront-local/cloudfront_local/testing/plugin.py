"""A pytest plugin with fixtures for functions and for whole distributions.

`edge` fails a test if CloudFront would refuse the result of a function:

def test_adds_a_header(edge):
    result = edge(handler)(event)


def test_shows_the_index_page(edge):
    result = edge("src/rewrite/index.js")(event)


`distribution` is the project's distribution, deployed to an embedded AWS for the session and asked without HTTP:

def test_asks_for_a_password(distribution):
    assert distribution.get("/").status == 401


`edge_distribution` is the same from the template alone, without AWS. The test answers for the origins:

def test_adds_headers(edge_distribution):
    edge_distribution.origin("site").reply(200, "A page")
    assert edge_distribution.get("/").headers["X-Frame-Options"] == "DENY"
"""

from __future__ import annotations

import copy
import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("cloudfront_template", "the template of the fixture distribution", default="template.yaml")


# (template, temporary folder) -> what has a method `test`
Opens = Callable[[Path, Path], AbstractContextManager[Any]]


@pytest.fixture(scope="session")
def _stack(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The stack of the session, or of a worker of pytest-xdist."""

    def load() -> Opens:
        with aws_extra("`edge_distribution` needs no AWS. The fixture `distribution` needs the extra `aws`"):
            from cloudfront_local.testing.distribution.session import stack
        return stack

    yield from _opened(load, pytestconfig, tmp_path_factory)


@pytest.fixture(scope="session")
def _template_alone(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The distribution of the template alone, for the session or for a worker of pytest-xdist."""

    def load() -> Opens:
        from cloudfront_local.testing.template_alone.session import template_alone

        return template_alone

    yield from _opened(load, pytestconfig, tmp_path_factory)


def _opened(load: Callable[[], Opens], config: pytest.Config, folders: pytest.TempPathFactory) -> Iterator[Any]:
    template = config.rootpath / config.getini("cloudfront_template")
    try:
        with load()(template, folders.mktemp("distribution")) as running:
            yield running
    except LocalError as error:
        failed = str(error)
    else:
        return
    pytest.fail(failed, pytrace=False)


@pytest.fixture
def distribution(_stack: Any, caplog: pytest.LogCaptureFixture) -> Iterator[Any]:
    """The first distribution of the project's template, with an empty cache, a clock that stands still, and no answers
    of origins yet. The report of a failed test has the log of its requests. After the test, tables and buckets are as
    they were. See cloudfront_local.testing.distribution.distribution.StackDistribution."""
    caplog.set_level(logging.INFO, "cloudfront")
    caplog.set_level(logging.INFO, "functions")
    with _stack.test() as asked:
        yield asked


@pytest.fixture
def edge_distribution(_template_alone: Any, caplog: pytest.LogCaptureFixture) -> Iterator[Any]:
    """The first distribution of the project's template, without AWS: the test answers for every origin and for every
    host that a function calls. See cloudfront_local.testing.template_alone.session.TemplateDistribution."""
    caplog.set_level(logging.INFO, "cloudfront")
    caplog.set_level(logging.INFO, "functions")
    with _template_alone.test() as asked:
        yield asked


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
