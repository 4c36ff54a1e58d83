"""Reduces a repository in place: files go, then the marked parts of the files that stay."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from build import needed
from only.marks import cut
from only.parts import ALL, TABLE

# It is Markdown, whose links hold in the root.
README = Path("only", "README.txt")


def reduce(root: Path, kept: Sequence[str]) -> None:
    """Leaves in the folder what these functions need, at the place where they run."""
    (root / README).replace(root / "README.md")
    for pattern in TABLE["marked"]:
        for path in root.glob(pattern):
            _rewrite(path, kept)
    _delete(root, [path for pattern in _going(kept) for path in root.glob(pattern)])
    _delete(root, _unused(root / "src"))


def _rewrite(path: Path, kept: Sequence[str]) -> None:
    before, times = path.read_text(encoding="utf-8"), path.stat()
    text = cut(before, kept)
    if path.suffix == ".md":
        for old, new in (pair for name in ALL if name not in kept for pair in ALL[name].instead):
            text = text.replace(old, new)
    if text != before:
        path.write_text(text, encoding="utf-8")
        if path.suffix == ".txt":  # A list of packages got shorter: make has nothing to install.
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def _going(kept: Sequence[str]) -> Iterator[str]:
    """Patterns of the files and folders of functions and places that go, and of the starter."""
    yield from TABLE["starter"]["files"]
    yield from (file for file, names in TABLE["shared"].items() if set(names).isdisjoint(kept))
    for name, part in ALL.items():
        if name not in kept:
            yield from part.patterns()


def _unused(source: Path) -> list[Path]:
    """The modules of src/edge that no function imports, directly or not."""
    with contextlib.chdir(source):
        packages = [path.parent.name for path in Path().glob("*/__init__.py") if path.parent.name != "edge"]
        used = {file for package in packages for file in needed(package)}
    used |= {Path("edge", f"{name}.py") for name in ("__init__", *TABLE["wanted"])}
    return [path for path in (source / "edge").glob("*.py") if path.relative_to(source) not in used]


def _delete(root: Path, paths: Iterable[Path]) -> None:
    """Deletes files and folders, and the folders around them that hold nothing else but byte code."""
    for path in filter(Path.exists, paths):
        while path.parent != root and all(each == path or each.name == "__pycache__" for each in path.parent.iterdir()):
            path = path.parent
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
