"""The embedded AWS and `sam`, installed apart from the packages of the project.

ministack and sam each pin one version of botocore or boto3, which would bind the project's own, and no resolver finds
versions of both that agree. So they live in a virtual environment of their own in the user's cache folder. It is made
once, at the first start, for each list of packages and each Python; later starts need no network.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from cloudfront_local.aws import programs
from cloudfront_local.errors import LocalError

# Each package with its version, dependencies included.
LOCK = Path(__file__).with_name("aws.txt")
# The program that starts sam.
SAM = Path(__file__).with_name("embedded") / "sam.py"
# As measured with the packages of LOCK, on Linux.
MEGABYTES = 180
# The variable that names another folder for the environments.
VARIABLE = "CLOUDFRONT_LOCAL_CACHE"


async def python() -> str:
    """The path of the Python that has `ministack` and `samcli`, installed first if need be. Raises LocalError."""
    folder = _folder()
    if not _mark(folder).exists():
        async with _alone(folder):
            if not _mark(folder).exists():  # Another process may have made it meanwhile.
                await _make(folder)
    return str(folder / "bin" / "python")


async def sam(*arguments: str) -> list[str]:
    """The command `sam ARGUMENTS`. It sees neither modules of the current folder nor PYTHONPATH. Raises LocalError."""
    return [await python(), "-I", str(SAM), *arguments]


def _folder() -> Path:
    """The environment's own folder. Its name depends on everything that decides the folder's contents."""
    interpreter = os.path.realpath(sys.executable)
    parts = (LOCK.read_bytes(), sys.version.encode(), interpreter.encode())
    return _cache() / f"aws-{hashlib.sha256(b'/'.join(parts)).hexdigest()[:16]}"


def _cache() -> Path:
    if named := os.environ.get(VARIABLE):
        return Path(named).absolute()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "cloudfront-local"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cloudfront-local"


def _mark(folder: Path) -> Path:
    """This file is there once all packages are."""
    return folder / "installed"


@contextlib.asynccontextmanager
async def _alone(folder: Path) -> AsyncIterator[None]:
    """Waits until no other process makes this environment. The system gives the lock up, however a process ends."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = folder.with_suffix(".lock").open("w")
    except OSError as error:
        raise LocalError(
            f"The embedded AWS and sam cannot be installed into {folder.parent}: {error.strerror}. "
            f"Name another folder with {VARIABLE}."
        ) from None
    with lock:
        if not (locked := _locked(lock.fileno())):
            _say(f"Another process installs the embedded AWS and sam into {folder}. Waiting for it ...\n")
        while not locked:
            await asyncio.sleep(0.2)
            locked = _locked(lock.fileno())
        yield


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


async def _make(folder: Path) -> None:
    """Makes the environment anew, whatever an interrupted start has left. Raises LocalError."""
    count = sum("==" in line for line in LOCK.read_text().splitlines())
    _say(
        f"Installing the embedded AWS (ministack) and sam into {folder}: {count} packages, {MEGABYTES} MB, once. "
        "There they cannot clash with the packages of your project.\n"
    )
    shutil.rmtree(folder, ignore_errors=True)
    await _run(folder, [sys.executable, "-m", "venv", "--without-pip", str(folder)])
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(folder / "bin" / "python")]
    # Without --no-compile, pip would compile thousands of modules that nobody imports.
    await _run(folder, [*pip, "install", "--no-input", "--no-deps", "--no-compile", "-r", str(LOCK)])
    _mark(folder).touch()
    _say("\n")


async def _run(folder: Path, command: Sequence[str]) -> None:
    """Runs a step, with a dot for each package that pip fetches. Raises LocalError with the last lines of a failure."""
    lines: list[str] = []
    async with programs.started(command, errors=asyncio.subprocess.STDOUT) as process:
        assert process.stdout is not None  # noqa: S101 - `started` makes it a pipe
        async for line in process.stdout:
            lines.append(line.decode(errors="replace").rstrip())
            if line.startswith((b"Collecting ", b"Processing ")):
                _say(".")
            elif line.startswith(b"Installing "):
                _say(" installing ...")
    if process.returncode:
        raise LocalError(_failure(folder, lines))


def _failure(folder: Path, lines: Sequence[str]) -> str:
    """Advice, and the last lines that the failed program wrote."""
    output = "\n".join(lines)
    if "No space left on device" in output:
        advice = f"The disk of {folder.parent} is full. Free {MEGABYTES} MB, or name another folder with {VARIABLE}."
    elif "No module named pip" in output:
        advice = f"{sys.executable} has no pip. Install it with: cloudfront-local[aws]"
    else:
        advice = "pip needs the network for it, or the packages in its cache. Correct the error below and start again."
    return "\n  ".join([f"\nThe embedded AWS and sam could not be installed. {advice}", *lines[-5:]])


def _say(text: str) -> None:
    print(text, end="", file=sys.stderr, flush=True)
