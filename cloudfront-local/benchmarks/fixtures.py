"""`python -m benchmarks.fixtures`: a test with each fixture, and the start of its session beside that of `serve`.

pytest runs tests that ask for one page each. `edge_distribution` has the distribution of `project/`, with two
functions; `distribution` and `serve` have the starter's stack. A start is the time from the process's start to its
first page.
Run nothing else on the machine meanwhile. Run the command in the folder `cloudfront-local`.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import load, server

TOOL = Path(__file__).resolve().parents[1]
STARTER = TOOL.parent
# What the stack is not made of.
IGNORED = shutil.ignore_patterns(".*", "__pycache__", "artifacts", "benchmarks", "dist", "tests")
SUITE = """
import time

import pytest


@pytest.mark.parametrize("number", range({tests}))
def test_page(number, {fixture}):
    assert {fixture}.get("{path}", user=("demo", "demo")).status == 200
    with open("times", "a") as file:
        print(time.time(), file=file)
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fixtures", description=__doc__)
    parser.add_argument("--tests", type=int, default=200, help="tests of each session (default: 200)")
    tests = parser.parse_args().tests
    with copy(server.PROJECT) as folder:
        print(session(folder, "edge_distribution", "/page", tests))
    with copy(STARTER) as folder:
        print(session(folder, "distribution", "/", tests))
    with copy(STARTER) as folder:
        print(f"serve: start {start_of_serve(folder):.1f} s")


@contextmanager
def copy(project: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as temporary:
        yield Path(shutil.copytree(project, Path(temporary, "project"), ignore=IGNORED))


@dataclass(frozen=True)
class Session:
    """`start` and `test`, the median of the tests after the first, in seconds."""

    fixture: str
    start: float
    test: float

    def __str__(self) -> str:
        return f"{self.fixture}: start {self.start:.1f} s, each test after the first {self.test * 1000:.1f} ms"


def session(folder: Path, fixture: str, path: str, tests: int) -> Session:
    """A session of pytest in the project in `folder`."""
    (folder / "test_page.py").write_text(SUITE.format(tests=tests, fixture=fixture, path=path))
    command = (sys.executable, "-m", "pytest", "-q", "-p", "cloudfront_local.testing.plugin", "test_page.py")
    began = time.time()
    made = subprocess.run(
        [*command, "--rootdir", folder],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(TOOL)},
        capture_output=True,
        text=True,
    )
    if made.returncode:
        raise RuntimeError(f"The tests did not pass:\n{made.stdout}{made.stderr}")
    times = list(map(float, (folder / "times").read_text().split()))
    each = (after - before for before, after in itertools.pairwise(times))
    return Session(fixture, times[0] - began, statistics.median(each))


def start_of_serve(folder: Path) -> float:
    """The seconds until `serve` has sent the starter's first page."""
    began = time.perf_counter()
    with server.started(TOOL, folder) as serving:
        while asyncio.run(load.run(serving.port, "/", 1, 0)).errors:
            time.sleep(0.05)
        return time.perf_counter() - began


if __name__ == "__main__":
    main()
