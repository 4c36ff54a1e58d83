"""Builds a function as `sam build` does, and measures its zip."""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryFile
from zipfile import ZIP_DEFLATED, ZipFile

ROOT = Path(__file__).parent.parent


def build(function: str, directory: Path) -> None:
    """Build a function, named by its logical id, into a directory. Calls the target that `sam build` calls."""
    command = ["make", "--silent", "-C", str(ROOT / "src"), f"build-{function}", f"ARTIFACTS_DIR={directory}"]
    subprocess.run(command, check=True)  # noqa: S603 - our own Makefile


def zip_size(built: Path) -> int:
    """The size in bytes of a built function's zip. Like that of `sam deploy`, it holds only files, in zlib's default
    compression."""
    with TemporaryFile() as archive:
        with ZipFile(archive, "w", ZIP_DEFLATED) as file:
            for path in sorted(path for path in built.rglob("*") if path.is_file()):
                file.write(path, path.relative_to(built))
        return archive.tell()
