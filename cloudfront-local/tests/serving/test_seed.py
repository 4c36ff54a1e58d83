"""The seed command of pyproject.toml."""

import os
from pathlib import Path

import pytest

from cloudfront_local.errors import LocalError
from cloudfront_local.serving import seed


async def test_output(tmp_path: Path) -> None:
    """The command runs in the project's folder with the environment; its lines are returned."""
    command = "python3 -c \"import os; print(os.getcwd()); print(os.environ['TABLE'])\""
    assert await seed.run(command, tmp_path, {**os.environ, "TABLE": "books"}) == [str(tmp_path), "books"]


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        (
            "python3 -m 'stack",
            "`python3 -m 'stack` of pyproject.toml cannot be split into words: No closing quotation.",
        ),
        ("no-such-program --all", "names no program that can be run. Correct its first word, or install the program."),
        ("''", "names no program"),
        (" ", "names no program"),
        ("python3 -c 'import sys; sys.exit(\"no table\")'", "failed. Correct its error and start again:\nno table$"),
    ],
)
async def test_wrong(tmp_path: Path, command: str, problem: str) -> None:
    """A command that cannot be run, or fails, is an error that says what to correct."""
    with pytest.raises(LocalError, match=problem):
        await seed.run(command, tmp_path, os.environ)
