"""Copies of this repository, to be reduced."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from only.parts import PARTS, chosen
from only.reduction import reduce

REPOSITORY = Path(__file__).parents[2]
# What is made here and belongs to no clone.
MADE = (".git", ".venv", ".aws-sam", "artifacts", "dist", "__pycache__", ".hypothesis", ".*_cache")
# As a person's own, whatever git is told on this machine.
GIT = ("git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false")
CHOICES = [
    *("authorizer", "sign_in", "signer", "router", "redirect", "rewrite", "security_headers"),
    *("authorizer signer", "authorizer router security_headers", "redirect security_headers"),
]
# The same without a distribution.
ATTACHED = ["authorizer attach", "signer attach", "router attach", "redirect attach", "security_headers attach"]


class Clone:
    """A clone of this repository, whose `.venv` has the tools that these tests run with."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        foreign = ("AWS_", "SAM_", "MAKE", "MFLAGS", "ARGS", "PYTEST_", "GIT_", "PYTHONPATH")
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(foreign)}
        for tool in ("python", "ruff", "mypy", "cfn-lint", "sam"):
            program = folder / ".venv" / "bin" / tool
            program.parent.mkdir(parents=True, exist_ok=True)
            program.write_text(f'#!/bin/sh\nexec {Path(sys.executable).with_name(tool)} "$@"\n')
            program.chmod(0o755)
        for mark in (".installed", ".installed-dev"):
            (folder / ".venv" / mark).touch()

    def run(self, *command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command, cwd=self.folder, env=self.environment | environment, capture_output=True, text=True
        )

    def only(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """`python -m only ...`"""
        return self.run(sys.executable, "-m", "only", *arguments)

    def changes(self) -> list[str]:
        """What git says is other than it was committed."""
        return self.run("git", "status", "--porcelain").stdout.splitlines()


def copy(folder: Path, *without: str) -> Path:
    """The repository as it is here, uncommitted changes included, without files of some names."""
    return Path(shutil.copytree(REPOSITORY, folder, ignore=shutil.ignore_patterns(*MADE, *without)))


@pytest.fixture(scope="session")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with what is here, committed."""
    folder = copy(tmp_path_factory.mktemp("committed") / "repository")
    for command in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "All of it")):
        subprocess.run([*GIT, *command], cwd=folder, check=True)
    return folder


@pytest.fixture
def clone(committed: Path, tmp_path: Path) -> Clone:
    """What is here, cloned."""
    subprocess.run(["git", "clone", "--quiet", committed, tmp_path / "clone"], check=True)
    return Clone(tmp_path / "clone")


@pytest.fixture
def git_clone(tmp_path: Path) -> Clone:
    """What is committed, cloned as people do."""
    subprocess.run(["git", "clone", "--quiet", REPOSITORY, tmp_path / "clone"], check=True)
    return Clone(tmp_path / "clone")


@pytest.fixture(scope="session", params=[*CHOICES, *ATTACHED])
def reduced(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy, reduced to each choice in turn; its name is the choice, with `attach` if it has no distribution."""
    folder = copy(tmp_path_factory.mktemp("reduced") / request.param, "cloudfront_local")
    functions = [name for name in request.param.split() if name in PARTS]
    reduce(folder, chosen(functions, distribution=len(functions) == len(request.param.split())))
    yield folder
    shutil.rmtree(folder)
