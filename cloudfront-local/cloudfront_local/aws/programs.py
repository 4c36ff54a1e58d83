"""Other programs, run to their end; or ended, with all that they started, when the task that waits is cancelled."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cloudfront_local.errors import LocalError


@dataclass(frozen=True)
class Finished:
    """The exit status of a program, and what it wrote to standard output and to standard error."""

    status: int
    output: str
    errors: str


async def run(
    program: Sequence[str], folder: Path | None = None, environment: Mapping[str, str] | None = None
) -> Finished:
    """Runs a program to its end: see `started`."""
    async with started(program, folder, environment) as process:
        output, errors = await process.communicate()
    return Finished(process.returncode or 0, output.decode(errors="replace"), errors.decode(errors="replace"))


@contextlib.asynccontextmanager
async def started(
    program: Sequence[str],
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    errors: int = asyncio.subprocess.PIPE,
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A program, found on the `PATH` of its environment, without standard input. Raises LocalError where there is none.

    It has ended afterwards, with all that it started. `errors` is for standard error: a pipe, or standard output.
    """
    found = shutil.which(program[0], path=(environment or os.environ).get("PATH"))
    if found is None:
        raise LocalError(f"The program `{program[0]}` is missing. Install it, or put its folder on the PATH.")
    process = await asyncio.create_subprocess_exec(
        found,
        *program[1:],
        cwd=folder,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=errors,
        start_new_session=True,  # Ctrl-C in the terminal is for this process, which then ends its own in order.
    )
    try:
        yield process
        await process.wait()
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: EPERM for a group of zombies
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
