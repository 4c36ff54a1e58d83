"""Leads from a build's copy of a file back to the file that the developer edits."""

from __future__ import annotations

import re
from pathlib import Path

# Lambda unpacks a function's zip here. A container and byte code name files there.
TASK_ROOT = Path("/var/task")
# The files of Python and Node.js. Node.js names an ES module by its URL.
_FILE = r"(?:file://)?{root}/(?P<file>[^\"'\\\s]{{1,200}}?\.(?:py|[cm]?[jt]s))\b"


def in_source(text: str, build: Path, source: Path) -> str:
    """The text with the paths of code files in `build` replaced by those in `source` (a function's CodeUri).

    A file that the source does not hold, such as a library's, keeps its path.
    """
    for root in (build, TASK_ROOT):
        if f"{root}/" in text:  # Most lines that a function prints name no file.
            copy = re.compile(_FILE.format(root=re.escape(str(root))))
            text = copy.sub(lambda found: _shown(source / found["file"]) or found[0], text)
    return text


def find(path: str, source: Path) -> Path | None:
    """The file in `source` whose path ends as `path` does: a build may run in a copy of the source."""
    parts = Path(path).parts
    candidates = (source.joinpath(*parts[start:]) for start in range(len(parts)))
    return next((file for file in candidates if file.is_relative_to(source) and file.is_file()), None)


def shown(path: Path) -> str:
    """The path as terminals and editors open it: from the working directory, if the file lies there."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _shown(path: Path) -> str:
    return shown(path) if path.is_file() else ""
