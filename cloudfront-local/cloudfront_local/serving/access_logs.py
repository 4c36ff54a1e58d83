"""Writes access logs: to files in a folder, and as CloudFront does, compressed, to the bucket of the distribution."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import logging
import os
import secrets
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.distribution.access_log.line import HEAD
from cloudfront_local.distribution.config import DistributionConfig
from cloudfront_local.errors import LocalError

log = logging.getLogger("cloudfront")

# Seconds between two deliveries to the bucket. CloudFront delivers several times an hour.
INTERVAL = 5.0
# Characters that wait for a delivery at most. The oldest lines go first.
_MAX_WAITING = 8 * 1024 * 1024


class AccessLogs:
    """The access logs of one distribution. `folder` is where files go; None writes none.

    The bucket is that of `config()`, which may change from one deployment to the next.
    """

    def __init__(self, config: Callable[[], DistributionConfig], endpoint: Endpoint, folder: Path | None) -> None:
        self._config = config
        self._endpoint = endpoint
        self._folder = folder
        self._waiting: list[str] = []
        self._size = 0
        self._said: set[str] = set()

    @property
    def is_on(self) -> bool:
        return self._folder is not None or self._config().logging is not None

    def write(self, line: str) -> None:
        """Takes a line. Never raises: the terminal says once what fails, and requests go on."""
        if self._folder:
            self._write_file(self._folder, line)
        if self._config().logging:
            self._waiting.append(line)
            self._size += len(line)
            while self._size > _MAX_WAITING:
                self._size -= len(self._waiting.pop(0))

    async def deliver(self) -> None:
        """Puts the waiting lines into the bucket, as one object."""
        settings = self._config().logging
        lines, self._waiting, self._size = self._waiting, [], 0
        if not settings or not lines:
            return
        unique = secrets.token_hex(4)
        key = f"{settings.prefix}{self._name()}.{unique}.gz"
        body = gzip.compress((HEAD + "".join(lines)).encode())
        s3 = self._endpoint.client("s3", read_timeout=5)
        try:
            await asyncio.to_thread(s3.put_object, Bucket=settings.bucket, Key=key, Body=body)
        except (BotoCoreError, ClientError) as error:
            self._say(f"The access log does not reach the bucket {settings.bucket}: {error}")

    async def delivering(self) -> None:
        """Delivers again and again, until it is cancelled."""
        while True:
            await asyncio.sleep(INTERVAL)
            await self.deliver()

    def _name(self) -> str:
        return f"{self._config().id}.{datetime.now(UTC):%Y-%m-%d-%H}"

    def _write_file(self, folder: Path, line: str) -> None:
        path = folder / f"{self._name()}.log"
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a") as file:
                file.write(line if file.tell() else HEAD + line)
        except OSError as error:
            self._say(f"The access log {path} cannot be written: {error.strerror}.")

    def _say(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            log.warning("%s", text)


def checked(folder: Path | None) -> Path | None:
    """The folder, made if it is missing. Raises LocalError."""
    if folder:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LocalError(
                f"Access logs cannot be written to {folder}: {error.strerror}. Name another folder with --access-log."
            ) from None
    return folder


@contextlib.asynccontextmanager
async def delivered(logs: AccessLogs) -> AsyncIterator[None]:
    """Delivers to the bucket while the `with` block runs, and at its end."""
    task = asyncio.create_task(logs.delivering())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
        await logs.deliver()
