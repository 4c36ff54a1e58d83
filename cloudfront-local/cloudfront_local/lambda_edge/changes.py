"""Whether files of a folder may have changed. On Linux, inotify answers at once, however many files there are."""

from __future__ import annotations

import os
import sys
import time
import weakref
from collections.abc import Callable
from pathlib import Path

if sys.platform == "linux":
    from inotify_simple import INotify, flags  # type: ignore[import-untyped]

    _ANY = (
        flags.ATTRIB
        | flags.CREATE
        | flags.DELETE
        | flags.DELETE_SELF
        | flags.MODIFY
        | flags.MOVE_SELF
        | flags.MOVED_FROM
        | flags.MOVED_TO
    )

# Seconds. inotify does not see a change that another machine or a virtual machine's host makes, a change of a link's
# target, or one through mapped memory.
UNSEEN = 0.25


def is_installed(folder: str, name: str) -> bool:
    """Whether `sam build` installs the files of this name anew: node_modules beside a package.json."""
    return name == "node_modules" and Path(folder, "package.json").exists()


class Changes:
    """The changes in a folder and the folders inside. `clock` gives seconds."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._clock = clock
        self._look_at = 0.0
        self._watched: _Watched | None = None

    def possible(self) -> bool:
        """Whether a file may have changed since the last call of this method."""
        is_quiet = self._watched is not None and self._watched.is_quiet()
        if is_quiet and self._clock() < self._look_at:
            return False
        self._look_at = self._clock() + UNSEEN
        try:
            self._watched = self._watched or _Watched()
            self._watched.add(self._folder)
        except OSError:  # There is no such folder; or the user's programs watch as much as one user may.
            self.close()
        return True

    def close(self) -> None:
        """Stops watching, until the next call of `possible`."""
        if self._watched:
            self._watched.close()
            self._watched = None


if sys.platform == "linux":

    class _Watched:
        """The folders that inotify watches. Raises OSError where the system allows no more of them."""

        def __init__(self) -> None:
            self._inotify = INotify(nonblocking=True)
            self.close = weakref.finalize(self, self._inotify.close)

        def add(self, folder: Path) -> None:
            """Watches the folder, and each folder inside; those that it watches already stay."""
            self._inotify.add_watch(folder, _ANY)
            for parent, folders, _ in os.walk(folder):
                folders[:] = [name for name in folders if not is_installed(parent, name)]
                for name in folders:
                    self._inotify.add_watch(f"{parent}/{name}", _ANY | flags.DONT_FOLLOW)

        def is_quiet(self) -> bool:
            """Whether nothing has happened since the last call."""
            return not self._inotify.read(timeout=0)

else:

    class _Watched:
        """Nothing is watched: the folder is looked through each time."""

        def add(self, folder: Path) -> None:
            pass

        def is_quiet(self) -> bool:
            return False

        def close(self) -> None:
            pass
