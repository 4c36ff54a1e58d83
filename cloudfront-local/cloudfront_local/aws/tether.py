"""Runs a command no longer than its parent lives: `python tether.py DIRECTORY COMMAND...`, standard input a pipe.

A parent that is killed cannot clean up. So the command runs under this program, which waits for the parent's end of
the pipe to close, whatever closed it, then kills the command's whole process group and removes the directory. What the
command writes goes to `DIRECTORY/log`; the last lines of it are printed at the end.
It uses the standard library alone and is started by its path, in isolated mode.
"""

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path


def main(directory: str, *command: str) -> int:
    """Returns the command's exit status; minus the signal's number if it was killed."""
    log = Path(directory, "log")
    try:
        status = _run(command, directory, log)
        with contextlib.suppress(BrokenPipeError):
            os.write(1, b"".join(log.read_bytes().splitlines(keepends=True)[-10:]))
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    return status


def _run(command: tuple[str, ...], directory: str, log: Path) -> int:
    terminated = _terminations()
    with log.open("wb") as output:
        child = subprocess.Popen(  # noqa: S603 - the command is our own
            command,
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    threading.Thread(target=_await_end, args=(terminated, child.pid), daemon=True).start()
    status = child.wait()
    _kill_group(child.pid)  # The command is gone; processes that it started may not be.
    return status


def _terminations() -> int:
    """A file descriptor that can be read from once SIGTERM has come, be it before anybody looks."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    signal.signal(signal.SIGTERM, lambda *_: None)
    return reading


def _await_end(terminated: int, process_group: int) -> None:
    """Kills the group when the parent closes the pipe on standard input, or when somebody terminates this program."""
    select.select([0, terminated], [], [])
    _kill_group(process_group)


def _kill_group(process_group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: EPERM for a group of zombies
        os.killpg(process_group, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
