"""The seed command of a project: it loads data into the embedded AWS after the deployment."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path

from cloudfront_local.aws import programs
from cloudfront_local.errors import LocalError


async def run(command: str, folder: Path, environment: Mapping[str, str]) -> list[str]:
    """Runs the command in the folder, with the environment. Returns the lines of its standard output.

    Raises LocalError if the command has no program that can be run, or if it fails.
    """
    subject = f"The seed command `{command}` of pyproject.toml"
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise LocalError(f"{subject} cannot be split into words: {error}. Correct its quotes.") from None
    if not words or shutil.which(words[0], path=environment.get("PATH")) is None:
        raise LocalError(f"{subject} names no program that can be run. Correct its first word, or install the program.")
    ended = await programs.run(words, folder, environment)
    if ended.status != 0:
        raise LocalError(f"{subject} failed. Correct its error and start again:\n{ended.errors.strip()}")
    return ended.output.splitlines()
