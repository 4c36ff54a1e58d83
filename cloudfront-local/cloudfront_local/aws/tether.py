"""Runs a command and ends it when the parent process ends: `python tether.py DIRECTORY COMMAND...`.

A parent that is killed cannot clean up. So this program runs the command, with a pipe from the parent as its standard
input. The system closes the pipe when the parent ends. Then this program kills the command's process group and removes
the directory. The command's output goes to `DIRECTORY/log`; this program prints its last ten lines at the end.
It is started by its path, in isolated mode, and uses the standard library alone.
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
    """Runs the command. Returns its exit status, or the negative number of the signal that killed it."""
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
    _kill_group(child.pid)  # The command has ended, but processes that it started may still run.
    return status


def _terminations() -> int:
    """Returns a file descriptor that becomes readable when SIGTERM arrives, even if nothing reads it yet."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    signal.signal(signal.SIGTERM, lambda *_: None)
    return reading


def _await_end(terminated: int, process_group: int) -> None:
    """Kills the group when the parent closes the pipe on standard input, or when this program gets SIGTERM."""
    select.select([0, terminated], [], [])
    _kill_group(process_group)


def _kill_group(process_group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: EPERM for a group of zombies
        os.killpg(process_group, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
