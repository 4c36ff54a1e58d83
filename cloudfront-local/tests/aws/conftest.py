"""Means to see processes and files go, and the embedded AWS to deploy into."""

import asyncio
import os
import select
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cloudfront_local.aws import ministack
from cloudfront_local.aws.endpoint import Endpoint


class Fifo:
    """Tells when the last process that holds it open for writing has ended: it then reads as empty."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.path = str(path)
        self._reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def read(self) -> bytes:
        assert select.select([self._reader], [], [], 30)[0], "nothing was written, and nobody hung up"
        return os.read(self._reader, 100)

    def close(self) -> None:
        os.close(self._reader)


@pytest.fixture
def fifo(tmp_path: Path) -> Iterator[Fifo]:
    fifo = Fifo(tmp_path / "fifo")
    yield fifo
    fifo.close()


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], None]:
    """Waits until a condition holds, as it does after an end that nobody can wait for."""

    def wait(condition: Callable[[], bool]) -> None:
        for _ in range(600):
            if condition():
                return
            time.sleep(0.05)
        raise AssertionError("it did not happen within 30 s")

    return wait


@pytest.fixture(scope="session")
def endpoint() -> Iterator[Endpoint]:
    """An embedded AWS for the session. Tests make resources of their own in it."""
    with asyncio.Runner() as runner:
        running = ministack.running()
        yield runner.run(running.__aenter__()).endpoint
        runner.run(running.__aexit__(None, None, None))
