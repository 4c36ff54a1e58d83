"""The code of a function, where the template points to it on this machine."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryFile
from zipfile import ZIP_DEFLATED, ZipFile

from cloudfront_local.lint.functions import EdgeFunction
from cloudfront_local.lint.template import Template

# Where `sam build` puts each function, unless told otherwise.
BUILD = Path(".aws-sam", "build")


def location(function: EdgeFunction) -> Path | None:
    """The folder or zip that CodeUri (SAM) or Code names, if it is there."""
    uri = next((code.text for code in function.properties.get("Code") if code.text), None)
    path = function.template.folder / uri if function.template.folder and uri else None
    return path if path and path.exists() else None


def built(function: EdgeFunction) -> Path | None:
    """The source of the function's zip: a zip, or a folder of the built template or of the last `sam build`."""
    path = location(function)
    if path and (path.is_file() or function.built):
        return path
    folder = function.template.folder
    last = folder / BUILD / function.name if folder else None
    return last if last and last.is_dir() else None


def zip_size(path: Path, limit: int) -> int:
    """The bytes of a zip, or of the zip that `sam deploy` makes of a folder.

    A folder that is within `limit` before compression is not compressed to find out.
    """
    if path.is_file():
        return path.stat().st_size
    files = [file for file in sorted(path.rglob("*")) if file.is_file()]
    size = sum(file.stat().st_size for file in files)
    if size <= limit:
        return size
    with TemporaryFile() as archive:
        with ZipFile(archive, "w", ZIP_DEFLATED, strict_timestamps=False) as zipped:
            for file in files:
                zipped.write(file, file.relative_to(path))
        return archive.tell()


def python_sources(function: EdgeFunction) -> Iterator[tuple[str, str]]:
    """The Python files of the handler's folder, or inline code: how a message names them, and their text."""
    for code in function.properties.walk("Code", "ZipFile"):
        yield "its inline code", code.text or ""
    folder = location(function)
    for handler in function.properties.get("Handler") if folder else ():
        module = Path(str(folder), "/".join((handler.text or "").split(".")[:-1]) + ".py")
        for file in sorted(module.parent.glob("*.py")) if module.is_file() else ():
            yield relative(function.template, file), file.read_text("utf-8", errors="replace")


def python_place(function: EdgeFunction, wanted: Callable[[ast.AST], bool]) -> str | None:
    """The first wanted node of the function's Python source, as `path:line`; None if it is not seen to be there."""
    for path, source in python_sources(function):
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError):
            continue
        for node in filter(wanted, ast.walk(tree)):
            return f"{path}:{getattr(node, 'lineno', 0)}"
    return None


def relative(template: Template, path: Path) -> str:
    """A local path as one would write it in the template."""
    return os.path.relpath(path, template.folder)
