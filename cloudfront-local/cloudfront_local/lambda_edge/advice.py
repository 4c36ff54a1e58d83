"""Advice about the most common mistakes of developers, in a build and in Python."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from cloudfront_local.lambda_edge.language import PYTHON_PACKAGES
from cloudfront_local.lambda_edge.source import find, shown
from cloudfront_local.rules import RULES

SAVE = "Correct the line and save the file: the next request runs the new code."

_SYNTAX_ERROR = re.compile(
    r'File "(?P<file>[^"\n]+)", line (?P<line>\d+)\n(?P<code>(?:[^\n]*\n){0,3}?)'
    r" *(?P<error>(?:Syntax|Indentation|Tab)Error: (?P<reason>[^\n]*))"
)
_MISSING = re.compile(r"No module named '(?P<module>\w+)")


def build_failed(output: str, source: Path) -> tuple[str, str]:
    """Says why a build of `source` failed: a line, and the lines that show the place.

    For a syntax error these name the developer's own file; for anything else they are the build's output.
    """
    error = _SYNTAX_ERROR.search(output)
    file = find(error["file"], source) if error else None
    if error is None or file is None:
        last_line = output.rpartition("\n")[2].strip()
        return f"its source does not build: {last_line}", output
    where = shown(file)
    code = textwrap.indent(textwrap.dedent(error["code"]), "    ")
    place = f'  File "{where}", line {error["line"]}\n{code}{error["error"]}\n{SAVE}'
    return f"syntax error in {where}, line {error['line']}: {error['reason']}", place


def for_error(error_type: str, message: str, build: Path, source: Path, package: str) -> str:
    """Advice on an error of a function, whose handler is in `package`. Empty if there is none."""
    if error_type == "Runtime.UserCodeSyntaxError":
        return SAVE
    if error_type == "Runtime.MarshalError":
        return RULES["not-serializable"].advice
    missing = _MISSING.search(message)
    if error_type not in ("Runtime.ImportModuleError", "ModuleNotFoundError") or not missing:
        return ""
    module = missing["module"]
    if _holds(build, module):
        return ""
    if _holds(source, module):
        return f"{shown(source / module)} exists, but the function's build leaves it out: copy it there."
    return (
        f"Lambda's Python has the standard library and {', '.join(PYTHON_PACKAGES)}; other packages go into the "
        f"function's zip. Name the package that has {module} in {_requirements(source, package)}"
    )


def _holds(folder: Path, module: str) -> bool:
    return (folder / module).is_dir() or (folder / f"{module}.py").is_file()


def _requirements(source: Path, package: str) -> str:
    """A function that shares its CodeUri with others is built by a Makefile, and has requirements of its own."""
    if (source / "Makefile").is_file():
        own = shown(source / package / "requirements.txt")
        return (
            f"{own} if the Makefile installs that, or give the function a CodeUri of its own with a requirements.txt."
        )
    return f"{shown(source / 'requirements.txt')} and save: `sam build` installs it."
