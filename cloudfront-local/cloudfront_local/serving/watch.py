"""Notices edits while a stack is served: of functions, of folders that a command synchronises, and of the template."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import shlex
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

from cloudfront_local.aws import programs, samconfig
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.aws.project import Project
from cloudfront_local.errors import LocalError
from cloudfront_local.lambda_edge.source_folder import fingerprint, settled
from cloudfront_local.serving.laptop import Laptop

log = logging.getLogger("cloudfront")

# Seconds between two looks: at least and at most. In between, looking at large folders takes this share of the time.
INTERVAL, LONGEST = 0.2, 2.0
SHARE = 0.05


@contextlib.asynccontextmanager
async def watching(
    project: Project, endpoint: Endpoint, laptop: Laptop, redeploy: Callable[[], Awaitable[None]]
) -> AsyncIterator[None]:
    """Watches a project's files while the `with` block runs. `redeploy()` deploys a changed template; it raises
    LocalError if it refuses to."""
    folder = project.template.parent
    settings = (project.template, folder / samconfig.NAME)
    tasks = [
        asyncio.create_task(_keep_up_to_date(laptop)),
        asyncio.create_task(_on_change(functools.partial(_contents, *settings), redeploy)),
    ]
    for name, command in project.watch.items():
        synchronise = _Synchronisation(folder, command, endpoint, laptop)
        tasks.append(asyncio.create_task(_on_change(_look(folder, name), synchronise)))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Synchronisation:
    """Runs the command of an edited folder, or of edited files."""

    def __init__(self, folder: Path, command: str, endpoint: Endpoint, laptop: Laptop) -> None:
        self._folder = folder
        self._command = command
        self._endpoint = endpoint
        self._laptop = laptop

    async def __call__(self) -> None:
        ended = await programs.run(shlex.split(self._command), self._folder, self._endpoint.environment())
        if ended.status != 0:
            raise LocalError(f"`{self._command}` failed:\n{ended.errors.strip()}")
        self._laptop.clear_caches()
        log.info("`%s` has run: its files have changed.", self._command)


def _look(folder: Path, name: str) -> Callable[[], object]:
    """What changes when a file under a folder changes, or a file that matches a pattern."""
    return functools.partial(_matching, folder, name) if "*" in name else functools.partial(fingerprint, folder / name)


def _matching(folder: Path, pattern: str) -> dict[Path, bytes | None]:
    """The content of each file that matches a pattern such as `src/*/*.js`."""
    paths = sorted(folder.glob(pattern))
    return dict(zip(paths, _contents(*paths), strict=True))


def _contents(*files: Path) -> list[bytes | None]:
    """The content of each file. A file that was written again without a change is no edit."""
    return [file.read_bytes() if file.is_file() else None for file in files]


async def _keep_up_to_date(laptop: Laptop) -> None:
    while True:
        started = time.thread_time()
        with _told():
            await laptop.updates.everything()
        await _pause(time.thread_time() - started)


async def _on_change(look: Callable[[], object], act: Callable[[], Awaitable[None]]) -> None:
    """Calls `act` when the result of `look` has changed. If `act` fails, the next change calls `act` again."""
    seen = look()
    while True:
        started = time.thread_time()
        with _told():
            if look() != seen:
                seen = await settled(look)
                await act()
        await _pause(time.thread_time() - started)


async def _pause(spent: float) -> None:
    """Waits after a look that has taken `spent` seconds of the processor."""
    await asyncio.sleep(min(max(INTERVAL, spent / SHARE), LONGEST))


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Prints an error in place of raising it: the stack is still served."""
    try:
        yield
    except LocalError as error:
        log.error("%s", error)
    except Exception:
        log.exception("An edit could not be followed. Save the file again, or start again.")
