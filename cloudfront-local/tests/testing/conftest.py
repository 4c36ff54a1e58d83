"""A project that has a template, tests, and nothing else."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cloudfront_local.testing.workplace import Workplace

REPOSITORY = Path(__file__).resolve().parents[2]
TEMPLATE = Path(__file__).parent / "project" / "template.yaml"

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    """The project's folder."""
    place = Workplace(tmp_path, PYTHONPATH=str(REPOSITORY), COLUMNS="200")
    shutil.copy(TEMPLATE, place.folder)
    yield place
    place.end()


@pytest.fixture
def run(place: Workplace) -> Run:
    """Runs pytest on tests of the project. `environment` has further variables. Returns its status and its output."""

    def run(suite: str, *options: str, **environment: str) -> tuple[int, str]:
        (place.folder / "test_project.py").write_text(suite)
        plugins = ("-p", "cloudfront_local.testing.plugin", "-p", "no:cacheprovider")
        folders = ("--rootdir", str(place.folder), "--basetemp", str(place.folder / "temporary"))
        command = (sys.executable, "-m", "pytest", "-q", "--no-header", *plugins, *folders)
        result = place.run(*command, *options, **environment)
        return result.returncode, result.stdout

    return run
