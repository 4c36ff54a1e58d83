"""Fixtures that notice when processes have ended and files are removed."""

import os
import select
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


class Fifo:
    """A FIFO for processes to hold open. When the last of them has ended, `read` returns no bytes."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.path = str(path)
        self._reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def read(self) -> bytes:
        assert select.select([self._reader], [], [], 30)[0], "nothing was written, and no process closed the FIFO"
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
    """Polls until a condition holds: a test cannot wait for the end of another process's child."""

    def wait(condition: Callable[[], bool]) -> None:
        for _ in range(600):
            if condition():
                return
            time.sleep(0.05)
        raise AssertionError("the condition did not hold within 30 s")

    return wait
