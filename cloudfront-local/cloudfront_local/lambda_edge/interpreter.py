"""Finds the Python that a template's Runtime names on this machine."""

import functools
import os
import subprocess
import sys

OWN = "python{}.{}".format(*sys.version_info)

# Seconds. A version manager's command may wait for an answer.
LIMIT = 10.0

_PROGRAM = "import sys; print(sys.implementation.name, 'python%d.%d' % sys.version_info[:2], sys.executable)"


@functools.cache
def find(runtime: str) -> str | None:
    """Returns the path of the CPython for a runtime such as `python3.13`; None if this machine has none.

    The command of that name is run once: a version manager's command may be there and fail. pyenv's runs the version
    that PYENV_VERSION names.
    """
    if runtime == OWN:
        return sys.executable
    if not runtime.startswith("python"):
        return None
    try:
        ended = subprocess.run(  # noqa: S603 - a Python
            [runtime, "-I", "-S", "-c", _PROGRAM],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            env={**os.environ, "PYENV_VERSION": runtime.removeprefix("python")},
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    implementation, _, found = ended.stdout.strip().partition(" ")
    name, _, path = found.partition(" ")
    return path if (implementation, name) == ("cpython", runtime) else None
