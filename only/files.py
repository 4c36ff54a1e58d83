"""Which files go."""

from __future__ import annotations

import ast
import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from only.choice import Choice

# What is named for a package, {name} or {hyphened}, and belongs to it: a test that is named for two, to both.
NAMED = (
    "src/{name}",
    "events/{name}",
    "docs/{hyphened}.md",
    "tests/*/{name}",
    "tests/**/test_{name}.py",
    "tests/**/test_{name}_and_*.py",
    "tests/**/test_*_and_{name}.py",
)
# Of src/edge, what a function that is yet to be written will want.
WANTED = ("__init__.py", "cloudfront.py", "log.py")


def going(root: Path, choice: Choice) -> list[Path]:
    """Files and folders of what goes, those that are there."""
    packages = choice.all_going(lambda part: part.packages)
    named = [pattern.format(name=name, hyphened=name.replace("_", "-")) for name in packages for pattern in NAMED]
    return [path for pattern in [*named, *choice.all_going(lambda part: part.files)] for path in root.glob(pattern)]


def unused(root: Path, choice: Choice) -> list[Path]:
    """The modules of src/edge that nothing needs of what stays, directly or not, and the tests that need those.

    What a module's own tests import is needed with it.
    """
    source, tests = root / "src", root / "tests" / "src" / "edge"
    waiting = [path for part in choice.staying for name in part.packages for path in (source / name).rglob("*.py")]
    waiting += [source / "edge" / name for name in WANTED]
    used: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path not in used:
            used.add(path)
            waiting += _imported(path, source)
            waiting += [*tests.glob(f"test_{path.stem}.py"), *tests.glob(f"test_{path.stem}_*.py")]
    left = [path for path in (source / "edge").glob("*.py") if path not in used]
    return [*left, *(test for test in tests.glob("test_*.py") if not set(left).isdisjoint(_imported(test, source)))]


def _imported(module: Path, source: Path) -> Iterator[Path]:
    """The modules of src/edge that a module imports, for type checkers alone, too."""
    for node in ast.walk(ast.parse(module.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for path in (source / f"{name.replace('.', '/')}.py" for name in names if name.startswith("edge.")):
            if path.is_file():
                yield path


def delete(paths: list[Path]) -> None:
    """Files, and folders with all that is in them; then the folders that are left with nothing but byte code."""
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for folder in {path.parent for path in paths}:
        with contextlib.suppress(FileNotFoundError):
            if all(child.name == "__pycache__" for child in folder.iterdir()):
                shutil.rmtree(folder)
