"""A `cloudfront-local serve` of one version of the tool, on a copy of `project/`."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parent / "project"
RUNNING = ".aws-sam/local/running.json"
START_TIMEOUT = 240.0
# The files in a function's source folder: an edit of any of them must be noticed.
MODULES = 60


@dataclass(frozen=True)
class Server:
    """`folder` is its project. `pid` is the process of the command, `port` the distribution's. `window` is the window's
    URL; empty without one."""

    folder: Path
    pid: int
    port: int
    window: str

    def edit(self, text: str) -> None:
        """Appends a line to the authorizer's source."""
        with (self.folder / "authorizer/handler.py").open("a") as file:
            file.write(text + "\n")

    @property
    def memory(self) -> float:
        """The resident memory of the command's process, in MB. Its functions' processes do not count."""
        shown = subprocess.run(["ps", "-o", "rss=", "-p", str(self.pid)], capture_output=True, check=True)
        return int(shown.stdout) / 1024


@contextmanager
def serving(tool: Path, *options: str) -> Iterator[Server]:
    """Serves a copy of the project with the version of the tool in the folder `tool`, and with these options."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "project")
        shutil.copytree(PROJECT, folder)
        for number in range(MODULES):
            (folder / "authorizer" / f"module_{number}.py").touch()
        with started(tool, folder, *options) as serving:
            yield serving


@contextmanager
def started(tool: Path, folder: Path, *options: str) -> Iterator[Server]:
    """Serves the project in `folder` with the version of the tool in the folder `tool`. The log is beside `folder`."""
    log = (folder.parent / "log").open("w+")
    process = subprocess.Popen(
        [sys.executable, "-m", "cloudfront_local", "serve", "--port", "0", *options],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(tool)},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        port = _port(folder, process, log.name)
        yield Server(folder, process.pid, port, json.loads((folder / RUNNING).read_text()).get("window") or "")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


@contextmanager
def version(repository: Path, commit: str) -> Iterator[Path]:
    """The folder of the tool as it was at a commit."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "repository")
        subprocess.run(["git", "-C", repository, "worktree", "add", "-q", "--detach", folder, commit], check=True)
        try:
            yield folder / "cloudfront-local"
        finally:
            subprocess.run(["git", "-C", repository, "worktree", "remove", "--force", folder], check=True)


def _port(folder: Path, process: subprocess.Popen[bytes], log: str) -> int:
    description = folder / RUNNING
    until = time.monotonic() + START_TIMEOUT
    while time.monotonic() < until and process.poll() is None:
        if description.is_file():
            port = int(json.loads(description.read_text())["url"].rstrip("/").rpartition(":")[2])
            with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
                return port
        time.sleep(0.05)
    raise RuntimeError(f"cloudfront-local did not start:\n{Path(log).read_text()}")
