"""A source folder (CodeUri): notices when its files change, and which functions a change concerns."""

import asyncio
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from cloudfront_local.lambda_edge.changes import Changes, is_installed

T = TypeVar("T")
Fingerprint = frozenset[tuple[str, int, int, int]]

# Seconds. An editor that saves in two steps (it empties the file, then writes it) is done after this time.
QUIET = 0.05
# A program that writes without a pause delays a build this many times QUIET at most.
PAUSES = 40

# Files that editors make beside the file they save: backups (`name~`), Emacs's `#name#`, Vim's test `4913`, JetBrains'
# `name___jb_tmp___`. Hidden files, such as Vim's swap file, are left out, too.
TEMPORARY = re.compile(r"\..*|.*~|#.*#|4913|.*___jb_(tmp|old)___|__pycache__")


def fingerprint(folder: Path) -> Fingerprint:
    """Returns a value that changes when a file under `folder` changes: path, mtime, size and inode of each file.

    Bytecode, hidden files and editors' temporary files are left out. So is a node_modules beside a package.json: `sam
    build` installs the packages anew. A missing folder counts as empty.
    """
    return frozenset(_stats(str(folder), ""))


def links_out(folder: Path, project: Path) -> list[Path]:
    """The symbolic links under a source folder that lead out of the project. Hidden files are left out."""
    root = project.resolve()
    found = []
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not TEMPORARY.fullmatch(name)]
        paths = (Path(parent, name) for name in (*folders, *files) if not TEMPORARY.fullmatch(name))
        found += [path for path in paths if path.is_symlink() and not path.resolve().is_relative_to(root)]
    return sorted(found)


async def settled(look: Callable[[], T]) -> T:
    """The result of `look`, after it has not changed for QUIET seconds."""
    now = look()
    for _ in range(PAUSES):
        await asyncio.sleep(QUIET)
        before, now = now, look()
        if before == now:
            break
    return now


def _stats(folder: str, inside: str) -> Iterator[tuple[str, int, int, int]]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if TEMPORARY.fullmatch(entry.name) or is_installed(folder, entry.name):
                    continue
                name = inside + entry.name
                if entry.is_dir(follow_symlinks=False):
                    yield from _stats(entry.path, name + "/")
                else:
                    stat = entry.stat()
                    yield name, stat.st_mtime_ns, stat.st_size, stat.st_ino
    except OSError:
        return  # Just removed: the next fingerprint differs. Unreadable: the build will fail and say so.


@dataclass(frozen=True)
class Content:
    """The content of a build. `copies` are the paths of the files that are the same in the source. `all_copied` says
    that the build holds nothing else, except byte code."""

    copies: frozenset[str]
    all_copied: bool


class Source:
    """The source folder of one function or of several. A function is any object that stands for it.

    A build may read every file of the folder. But a file that some function's build copied, and another function's
    build did not, is no matter of the other one.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._contents: dict[object, Content] = {}
        self._changes = Changes(folder)
        self._fingerprint: Fingerprint = frozenset()

    def fingerprint(self) -> Fingerprint:
        """The folder's fingerprint now."""
        if self._changes.possible():
            self._fingerprint = fingerprint(self.folder)
        return self._fingerprint

    def learn(self, function: object, build: Path) -> None:
        """Notes the content of a function's build, which was made from the source as it is now."""
        self._contents[function] = _content(build, self.folder)

    def forget(self, function: object) -> None:
        self._contents.pop(function, None)
        if not self._contents:
            self._changes.close()

    def concerns(self, function: object, before: Fingerprint, now: Fingerprint) -> bool:
        """Whether the function's build may differ between two fingerprints of the folder.

        It may if the function's own files have changed, or files that no other function's build copied: new files, the
        Makefile, programs of the build. If the build holds more than copies, it may have been made from any file.
        """
        changed = {name for name, *_ in before ^ now}
        own = self._contents.get(function)
        if own is None or not own.all_copied:
            return bool(changed)
        copied_elsewhere = {
            name
            for content in self._contents.values()
            if "Makefile" not in content.copies  # A build that copies the whole folder says nothing about the others.
            for name in content.copies
        }
        return any(name in own.copies or name not in copied_elsewhere for name in changed)


def _content(build: Path, source: Path) -> Content:
    files = {path.relative_to(build) for path in build.rglob("*") if path.is_file()}
    made = {file for file in files if file.suffix != ".pyc"}
    copies = {file.as_posix() for file in made if _same(build / file, source / file)}
    return Content(frozenset(copies), len(copies) == len(made))


def _same(one: Path, other: Path) -> bool:
    try:
        return one.read_bytes() == other.read_bytes()
    except OSError:  # There is no such file in the source.
        return False
