"""Builds a function's source, and builds it again when the source has changed."""

import asyncio
import hashlib
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from cloudfront_local.errors import LocalError
from cloudfront_local.lambda_edge.source_folder import Fingerprint, Source, settled

# rebuild(empty folder) builds the function there and returns the artifact's folder inside. Raises LocalError with the
# build's output.
Rebuild = Callable[[Path], Awaitable[Path]]

# Seconds until a build that failed is tried again although no file has changed: a full disk may have room again, a
# missing program may be there.
RETRY = 5.0
# A build that was overtaken by an edit is repeated at once, but no more often than this.
ATTEMPTS = 3


class BuildError(LocalError):
    """The build of the source failed. The text is the build's output."""


class Build:
    """One build. Its files stay while a sandbox runs them: a handler may import a module late.

    `root` is the folder that is removed when the build is superseded and unused. None keeps the files.
    """

    def __init__(self, folder: Path, root: Path | None = None) -> None:
        self.folder = folder.resolve()
        self.superseded = False
        self._root = root
        self._users = 0

    def hold(self) -> None:
        self._users += 1

    def release(self) -> None:
        self._users -= 1
        self._remove_if_unused()

    def supersede(self) -> None:
        self.superseded = True
        self._remove_if_unused()

    def _remove_if_unused(self) -> None:
        if self.superseded and not self._users and self._root is not None:
            shutil.rmtree(self._root, ignore_errors=True)


class Artifact:
    """Keeps one function's build of `source` up to date.

    `built` is a build that exists already, and `built_from` is the fingerprint of the source, taken before that build.
    `root` is the folder to remove with that build; None keeps it. New builds go to new folders in `scratch` (by default
    the system's temporary folder); superseded ones are removed. `clock` gives seconds.
    """

    def __init__(
        self,
        source: Source,
        rebuild: Rebuild,
        *,
        built: Path | None = None,
        built_from: Fingerprint | None = None,
        root: Path | None = None,
        scratch: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source = source
        self._rebuild = rebuild
        self._scratch = scratch
        self._clock = clock
        self._build = None if built is None else Build(built, root)
        self._built_from = built_from
        self._failed_from: Fingerprint | None = None
        self._failure = ""
        self._retry_at = 0.0
        self._one_at_a_time = asyncio.Lock()
        if built is not None and built_from is not None:
            source.learn(self, built)

    @property
    def source(self) -> Path:
        """The folder that holds the function's source."""
        return self._source.folder

    @property
    def last(self) -> Build | None:
        """The last build, whether it is up to date or not."""
        return self._build

    async def current(self) -> Build:
        """Returns the build of the source as it is now. It builds if an edit concerns it; other callers wait.

        Raises BuildError if the build fails. Until the source changes, later calls raise it without a new build; after
        RETRY seconds, they try again.
        """
        async with self._one_at_a_time:
            now = self._source.fingerprint()
            if build := self._as_of(now):
                return build
            if now == self._failed_from and self._clock() < self._retry_at:
                raise BuildError(self._failure)
            for _ in range(ATTEMPTS - 1):
                await self._built()
                if build := self._as_of(self._source.fingerprint()):
                    return build
            return await self._built()

    def _as_of(self, now: Fingerprint) -> Build | None:
        """Returns the last build if no edit since concerns it."""
        if self._build is None or self._built_from is None or not self._build.folder.is_dir():
            return None
        if now != self._built_from:
            if self._source.concerns(self, self._built_from, now):
                return None
            self._built_from = now
        return self._build

    async def _built(self) -> Build:
        """Builds the source as soon as nobody writes it any more. Raises BuildError."""
        now = await settled(self._source.fingerprint)
        if build := self._as_of(now):
            return build
        try:
            self._build = await self._fresh_build()
        except (LocalError, OSError) as error:
            self._failed_from, self._failure, self._retry_at = now, str(error), self._clock() + RETRY
            raise BuildError(self._failure) from error
        self._built_from, self._failed_from = now, None
        await asyncio.to_thread(self._source.learn, self, self._build.folder)
        return self._build

    async def _fresh_build(self) -> Build:
        """Builds, and returns the new build; or the previous build if both hold the same files.

        An edit that does not change the artifact publishes no new version on AWS. Here the sandboxes go on.
        """
        previous = self._build
        if self._scratch is not None:
            self._scratch.mkdir(parents=True, exist_ok=True)
        root = Path(tempfile.mkdtemp(prefix="build-", dir=self._scratch))
        try:
            build = Build(await self._rebuild(root), root)
            unchanged = previous is not None and await asyncio.to_thread(_same_files, previous.folder, build.folder)
        except BaseException:
            shutil.rmtree(root, ignore_errors=True)
            raise
        if previous is None:
            return build
        (build if unchanged else previous).supersede()
        return previous if unchanged else build

    def close(self) -> None:
        """Removes the last build if it was made for this object. Call this when no sandbox runs the build."""
        self._source.forget(self)
        if self._build is not None:
            self._build.supersede()
            self._build = None


def _same_files(one: Path, other: Path) -> bool:
    return _digests(one) == _digests(other)


def _digests(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): hashlib.blake2b(path.read_bytes()).digest()
        for path in folder.rglob("*")
        if path.is_file()
    }
