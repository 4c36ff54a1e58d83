"""Builds a function's source, and builds it again when the source has changed."""

import asyncio
import hashlib
import os
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from cloudfront_local.errors import LocalError

# rebuild(empty folder) builds the function there and returns the artifact's folder inside. Raises LocalError with the
# build's output.
Rebuild = Callable[[Path], Awaitable[Path]]
Fingerprint = frozenset[tuple[str, int, int, int]]


class BuildError(LocalError):
    """The build of the source failed. The text is the build's output."""


def fingerprint(folder: Path) -> Fingerprint:
    """Returns a value that changes when a file under `folder` changes: path, mtime, size and inode of each file.

    Bytecode and hidden files (an editor's swap file, a linter's cache) are left out. A missing folder counts as empty.
    """
    return frozenset(_stats(str(folder), ""))


def _stats(folder: str, inside: str) -> Iterator[tuple[str, int, int, int]]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith(".") or entry.name == "__pycache__":
                    continue
                name = inside + entry.name
                if entry.is_dir(follow_symlinks=False):
                    yield from _stats(entry.path, name + "/")
                else:
                    stat = entry.stat()
                    yield name, stat.st_mtime_ns, stat.st_size, stat.st_ino
    except OSError:
        return  # Just removed: the next fingerprint differs. Unreadable: the build will fail and say so.


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
    """Keeps the build of the folder `source` (a function's CodeUri) up to date.

    `built` is a build that exists already, and `built_from` is the fingerprint of the source, taken before that build.
    New builds go to new folders in `scratch` (by default the system's temporary folder); superseded ones are removed.
    """

    def __init__(
        self,
        source: Path,
        rebuild: Rebuild,
        *,
        built: Path | None = None,
        built_from: Fingerprint | None = None,
        scratch: Path | None = None,
    ) -> None:
        self.source = source
        self._rebuild = rebuild
        self._scratch = scratch
        self._build = None if built is None else Build(built)
        self._built_from = built_from
        self._failed_from: Fingerprint | None = None
        self._failure = ""
        self._one_at_a_time = asyncio.Lock()

    async def current(self) -> Build:
        """Returns the build of the source as it is now. It builds if the source has changed; other callers wait.

        Raises BuildError if the build fails. Until the source changes, later calls raise it without a new build.
        """
        async with self._one_at_a_time:
            source = fingerprint(self.source)
            if source == self._built_from and self._build is not None and self._build.folder.is_dir():
                return self._build
            if source == self._failed_from:
                raise BuildError(self._failure)
            try:
                self._build = await self._fresh_build()
            except (LocalError, OSError) as error:
                self._failed_from, self._failure = source, str(error)
                raise BuildError(self._failure) from error
            self._built_from, self._failed_from = source, None
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
        """Removes the last build if this class made it. Call this when no sandbox runs the build."""
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
