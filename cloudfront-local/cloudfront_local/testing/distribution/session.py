"""The stack of a session of tests, and each test's view of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cloudfront_local.aws.project import STACK
from cloudfront_local.errors import LocalError
from cloudfront_local.testing.distribution.background import Background
from cloudfront_local.testing.distribution.clock import Clock
from cloudfront_local.testing.distribution.distribution import StackDistribution
from cloudfront_local.testing.distribution.origins import Origins
from cloudfront_local.testing.distribution.stack import Stack, running_stack


class Session:
    """A stack that tests share."""

    def __init__(self, stack: Stack, background: Background) -> None:
        self._stack = stack
        self._background = background

    @contextmanager
    def test(self) -> Iterator[StackDistribution]:
        """The distribution for one test."""
        clock, origins = Clock(), Origins()
        self._background.run(self._stack.begin(clock, origins))
        try:
            yield StackDistribution(self._stack.laptop.distributions[0], clock, origins, self._background, self._stack)
        finally:
            self._background.run(self._stack.end())


@contextmanager
def stack(template: Path, temporary: Path) -> Iterator[Session]:
    """Deploys the template for the time of the `with` block. `temporary` is a folder for files. Raises LocalError."""
    if not template.is_file():
        raise LocalError(
            f"There is no template {template}. Name it in pytest's settings, such as cloudfront_template = infra.yaml."
        )
    # Each worker of pytest-xdist has a stack of its own, and none is in the way of the one that a person runs.
    name = f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with Background() as background:
        running = running_stack(template, temporary)
        with _named(name):
            made = background.run(running.__aenter__())
        try:
            yield Session(made, background)
        finally:
            with _named(name):
                background.run(running.__aexit__(None, None, None))


@contextmanager
def _named(name: str) -> Iterator[None]:
    """The project's commands that run meanwhile are for the stack of this name. Those that tests run are not."""
    os.environ[STACK] = name
    try:
        yield
    finally:
        del os.environ[STACK]
