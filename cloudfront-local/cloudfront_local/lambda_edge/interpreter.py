"""Finds the Python or Node.js on this machine that runs functions of a template's Runtime."""

from __future__ import annotations

import functools
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence

from cloudfront_local.errors import LocalError
from cloudfront_local.lambda_edge import language
from cloudfront_local.lambda_edge.language import NODE
from cloudfront_local.rules.facts import FUNCTION_RUNTIMES

OWN = "python{}.{}".format(*sys.version_info)
# The oldest interpreters that run bootstrap.py and bootstrap.mjs.
OLDEST_PYTHON, OLDEST_NODE = 10, 18

# Seconds. A version manager's command may wait for an answer.
LIMIT = 10.0

_PYTHON = "import sys; print(sys.implementation.name, 'python%d.%d' % sys.version_info[:2], sys.executable)"
_NODE = "process.version + ' ' + process.execPath"


@functools.cache
def find(runtime: str) -> str | None:
    """Returns the path of the interpreter for a runtime such as `python3.13`; None if this machine has none.

    A Python before 3.10 does not count. Any Node.js from OLDEST_NODE on runs every `nodejs` runtime. The command of a
    Python is run once: a version manager's command may be there and fail. pyenv's runs the version that PYENV_VERSION
    names.
    """
    if language.of(runtime) is NODE:
        return node()[1]
    if runtime == OWN:
        return sys.executable
    minor = runtime.removeprefix("python3.")
    if not (minor.isdecimal() and len(minor) < 4 and int(minor) >= OLDEST_PYTHON):
        return None
    said = _said([runtime, "-I", "-S", "-c", _PYTHON], {"PYENV_VERSION": runtime.removeprefix("python")})
    implementation, _, found = said.partition(" ")
    name, _, path = found.partition(" ")
    return path if (implementation, name) == ("cpython", runtime) else None


@functools.cache
def node() -> tuple[str, str | None]:
    """The version, such as `20.11.1`, and the path of the command `node`; "" and None if there is none, or an older."""
    version, _, path = _said(["node", "-p", _NODE], {}).removeprefix("v").partition(" ")
    major = version.partition(".")[0]
    return (version, path) if major.isdigit() and int(major[:4]) >= OLDEST_NODE else ("", None)


def program(runtime: str) -> str:
    """The path of the interpreter that runs functions of a runtime here: another Python has to do.

    Raises LocalError if there is none.
    """
    if not runtime.startswith(FUNCTION_RUNTIMES):
        raise LocalError(f"its runtime is {runtime}. Lambda@Edge runs Python and Node.js only: change its Runtime.")
    found = find(runtime)
    if found is None and language.of(runtime) is NODE:
        raise LocalError(
            f"{runtime} needs Node.js {OLDEST_NODE} or later on this machine, and the command `node` starts none. "
            "Install Node.js (https://nodejs.org), or put its folder on the PATH, and start again."
        )
    return found or sys.executable


def substitutes(runtimes: Iterable[str]) -> dict[str, list[str]]:
    """The interpreters here, such as `Python 3.11.4`, that run functions of other runtimes than their own.

    Node.js is always named: the patch version of a `nodejs` runtime is unknown.
    """
    found: dict[str, list[str]] = {}
    for runtime in sorted(set(runtimes)):
        if language.of(runtime) is NODE:
            found.setdefault(f"Node.js {node()[0]}", []).append(runtime)
        elif find(runtime) is None:
            found.setdefault(f"Python {platform.python_version()}", []).append(runtime)
    return found


def _said(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """The command's output; empty if the command cannot be run."""
    try:
        ended = subprocess.run(  # noqa: S603 - an interpreter
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            env={**os.environ, **environment},
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ended.stdout.strip()
