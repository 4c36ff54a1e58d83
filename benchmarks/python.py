"""The Python that runs the measured functions."""

from __future__ import annotations

import subprocess
import sys
from functools import cache

from benchmarks import template
from benchmarks.artifact import ROOT


@cache
def executable() -> str:
    """The path of a Python of the template's `Runtime`, or of the running Python if this machine has no such Python."""
    found = subprocess.run(  # noqa: S603 - a program of ours
        [ROOT / ".ci" / "python", template.runtime()], capture_output=True, text=True, check=False
    )
    return sys.executable if found.returncode else found.stdout.strip()


@cache
def version() -> str:
    """The version of `executable`, such as 3.13.0."""
    command = [executable(), "-I", "-c", "import platform; print(platform.python_version())"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603 - Python
