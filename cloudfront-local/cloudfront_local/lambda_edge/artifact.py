"""What a function's sandboxes run: the build of its source, and a new one whenever the source has changed."""

import asyncio
import hashlib
import os
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from cloudfront_local.errors import LocalError

# Builds into the empty folder it is given and returns the artifact's folder in it. Raises LocalError with the build's
# output.
Rebuild = Callable[[Path], Awaitable[Path]]
Fingerprint = frozenset[tuple[str, int, int, int]]


class BuildError(LocalError):
    """The source does not build; the text is the build's output."""


def fingerprint(folder: Path) -> Fingerprint:
    """Changes when a file under `folder` does. Costs one stat a file; a folder that is missing is an empty one.

    Bytecode and hidden files (an editor's swap file, a linter's cache) are no source.
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
        return  # removed while we looked, which the next look tells; or unreadable, which the build will tell


class Build:
    """One build. Its files stay while a sandbox runs them, for a handler may import late.

    `root` is the folder to remove in the end; None when the build came from elsewhere.
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
    """The build of the `source` folder (a function's CodeUri) as it is now.

    `built` is a build that exists already, and `built_from` the fingerprint of the source it was made from, taken
    before it was made. New builds go to fresh folders under `scratch` (the system's own by default), and old ones are
    removed.
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
        self._source = source
        self._rebuild = rebuild
        self._scratch = scratch
        self._build = None if built is None else Build(built)
        self._built_from = built_from
        self._failed_from: Fingerprint | None = None
        self._failure = ""
        self._one_at_a_time = asyncio.Lock()

    async def current(self) -> Build:
        """The build of the source as it is. Rebuilds if need be, while other requests wait for it.

        Raises BuildError, and again without another try until the source changes.
        """
        async with self._one_at_a_time:
            source = fingerprint(self._source)
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
        """A new build, or the one there is when the new one holds the same files.

        An edit to another function's source ends in the same artifact: AWS gets no new version then, and the
        sandboxes live on here as well.
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
        """Removes the last build, if it is ours. Call when no sandbox runs it any more."""
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
