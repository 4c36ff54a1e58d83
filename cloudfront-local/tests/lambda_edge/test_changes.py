"""A folder is looked through again when something may have changed in it, and on Linux only then."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cloudfront_local.lambda_edge.changes import UNSEEN, Changes

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has inotify")


def removed(folder: Path) -> None:
    (folder / "inner" / "module.py").unlink()
    (folder / "inner").rmdir()


def new_folder(folder: Path) -> None:
    (folder / "new" / "inner").mkdir(parents=True)
    (folder / "new" / "inner" / "module.py").write_text("new")


EDITS: dict[str, Callable[[Path], object]] = {
    "written": lambda folder: (folder / "handler.py").write_text("edited"),
    "written inside": lambda folder: (folder / "inner" / "module.py").write_text("edited"),
    "replaced": lambda folder: (folder / "handler.py.new").rename(folder / "handler.py"),
    "touched": lambda folder: (folder / "handler.py").touch(),
    "made executable": lambda folder: (folder / "handler.py").chmod(0o755),
    "removed": removed,
    "new folder": new_folder,
    "moved away": lambda folder: folder.rename(folder.with_name("elsewhere")),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / "inner").mkdir(parents=True)
    for name in ("handler.py", "handler.py.new", "inner/module.py"):
        (folder / name).write_text("first")
    return folder


@linux
def test_nothing_changes(folder: Path) -> None:
    """The first look is necessary, and no other one until UNSEEN seconds have passed."""
    now = 100.0
    changes = Changes(folder, lambda: now)
    assert [changes.possible() for _ in range(3)] == [True, False, False]
    now += UNSEEN
    assert [changes.possible() for _ in range(2)] == [True, False]


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edit(folder: Path, edit: Callable[[Path], object]) -> None:
    """Each kind of edit is noticed at once, and so is the next one."""
    changes = Changes(folder, lambda: 100.0)
    changes.possible()
    edit(folder)
    assert changes.possible()


def test_an_edit_in_a_new_folder(folder: Path) -> None:
    changes = Changes(folder, lambda: 100.0)
    changes.possible()
    new_folder(folder)
    changes.possible()
    (folder / "new" / "inner" / "module.py").write_text("edited")
    assert changes.possible()


def test_no_folder(folder: Path) -> None:
    """A folder that does not exist yet, or any more, is looked for each time."""
    changes = Changes(folder.with_name("later"), lambda: 100.0)
    assert [changes.possible() for _ in range(2)] == [True, True]
    folder.rename(folder.with_name("later"))
    assert changes.possible()


@linux
def test_after_close(folder: Path) -> None:
    """After `close`, the next look watches the folder anew."""
    changes = Changes(folder, lambda: 100.0)
    changes.possible()
    changes.close()
    assert [changes.possible() for _ in range(2)] == [True, False]
    EDITS["written"](folder)
    assert changes.possible()
