"""What every suite shares: how this process starts and ends, and what it need not do twice."""

import functools
import gc
import os
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import hypothesis
import pytest
from xdist.scheduler import LoadScopeScheduling

pytest_plugins = ["cloudfront_local.testing.plugin", "cloudfront_local.testing.servers"]


# Generated values: some at each run of `make test`, thousands in `make test-long`. No example is timed.
hypothesis.settings.register_profile("default", max_examples=100, deadline=None)
hypothesis.settings.register_profile("thorough", max_examples=2000, deadline=None)
hypothesis.settings.load_profile("default")


def pytest_configure() -> None:
    """Started in the background of a shell, this process ignores Ctrl-C, and so would those that tests interrupt."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


class OneProcessPerStack(LoadScopeScheduling):
    """One process runs all tests of the running stack, one after another: they share it, and some change it.

    Another process runs all tests of the fixture `distribution`, whose stack each process would deploy again. Every
    other test goes to the process that is free first.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if file.endswith("/test_deployment.py"):  # which has an AWS of its own
            return file
        return stack_of(file) if file.startswith("tests/end_to_end/") else nodeid


@functools.cache
def stack_of(file: str) -> str:
    """The stack that the tests of a file ask. Those of one file ask only one."""
    text = (Path(__file__).parents[1] / file).read_text()
    return "distribution" if re.search(r"^def \w+\(distribution\b", text, re.MULTILINE) else "running stack"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneProcessPerStack:
    """Asked for where xdist is; its own --dist loadgroup does nothing under pytest 9.2."""
    return OneProcessPerStack(config, log)


def pytest_collection() -> None:
    """What is imported and collected stays to the end: looking for garbage in it, again and again, costs seconds."""
    gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def python3_is_this_one() -> Iterator[None]:
    """Behind a version manager's shim each start would take ten times as long, and builds start many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        yield


@pytest.fixture(scope="session", autouse=True)
def programs_import_the_tool() -> Iterator[None]:
    """Python programs that tests start import cloudfront_local from its folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[1] / "cloudfront-local"))
        yield


@pytest.fixture(scope="session", autouse=True)
def models_are_read_once() -> Iterator[None]:
    """botocore reads the services' models, megabytes of JSON, for every session, and commands make one each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", functools.cache(botocore.session.create_loader))
        yield
