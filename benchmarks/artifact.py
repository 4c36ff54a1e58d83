"""A function as it goes to AWS."""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryFile
from zipfile import ZIP_DEFLATED, ZipFile

ROOT = Path(__file__).parent.parent


def build(function: str, directory: Path) -> None:
    """Build a function of the template into a directory, with the target that `sam build` calls."""
    command = ["make", "--silent", "-C", str(ROOT / "src"), f"build-{function}", f"ARTIFACTS_DIR={directory}"]
    subprocess.run(command, check=True)  # noqa: S603 - our own Makefile


def zip_size(built: Path) -> int:
    """The bytes of a built function's zip, made as `sam deploy` makes it: files alone, deflated at zlib's default."""
    with TemporaryFile() as archive:
        with ZipFile(archive, "w", ZIP_DEFLATED) as file:
            for path in sorted(path for path in built.rglob("*") if path.is_file()):
                file.write(path, path.relative_to(built))
        return archive.tell()
