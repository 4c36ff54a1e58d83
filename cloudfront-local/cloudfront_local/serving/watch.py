"""Notices edits while a stack is served: of functions, of folders that a command synchronises, and of the template."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import shlex
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from cloudfront_local.aws import programs, samconfig
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.aws.project import Project
from cloudfront_local.errors import LocalError
from cloudfront_local.lambda_edge.source import Fingerprint, fingerprint, fingerprint_of, settled
from cloudfront_local.serving.laptop import Laptop

log = logging.getLogger("cloudfront")

# Seconds between two looks. Looking at large folders may take this share of the time at most.
INTERVAL = 0.2
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
        asyncio.create_task(_on_change(lambda: fingerprint_of(settings), redeploy)),
    ]
    for name, command in project.watch.items():
        synchronise = _Synchronisation(folder, command, endpoint, laptop)
        tasks.append(asyncio.create_task(_on_change(functools.partial(fingerprint, folder / name), synchronise)))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Synchronisation:
    """Runs a command that brings an edited folder into the embedded AWS."""

    def __init__(self, folder: Path, command: str, endpoint: Endpoint, laptop: Laptop) -> None:
        self._folder = folder
        self._command = command
        self._endpoint = endpoint
        self._laptop = laptop

    async def __call__(self) -> None:
        ended = await programs.run(shlex.split(self._command), self._folder, self._endpoint.environment())
        if ended.status != 0:
            raise LocalError(f"`{self._command}` failed:\n{ended.errors.strip()}")
        self._laptop.distribution.clear_cache()
        log.info("`%s` has run: its folder has changed.", self._command)


async def _keep_up_to_date(laptop: Laptop) -> None:
    while True:
        started = time.perf_counter()
        await laptop.updates.everything()
        await asyncio.sleep(max(INTERVAL, (time.perf_counter() - started) / SHARE))


async def _on_change(look: Callable[[], Fingerprint], act: Callable[[], Awaitable[None]]) -> None:
    """Acts when what `look` sees has changed. A LocalError is printed; the next change is another try."""
    seen = look()
    while True:
        started = time.perf_counter()
        now = await asyncio.to_thread(look)
        if now == seen:
            await asyncio.sleep(max(INTERVAL, (time.perf_counter() - started) / SHARE))
            continue
        seen = await settled(look)
        try:
            await act()
        except LocalError as error:
            log.error("%s", error)
