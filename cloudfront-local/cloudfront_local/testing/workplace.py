"""A folder in which a test starts programs, as a person does in a terminal, and reads their output and files."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from cloudfront_local.serving import running

# Nothing of the user's AWS settings, nor of the `make` that may have started the tests.
FOREIGN = ("AWS_", "SAM_", "MAKE", "MFLAGS", "ARGS")
READY = "Press Ctrl-C to stop."


class Workplace:
    """`folder` is the project's, and is made. Temporary files of the programs go to a folder beside."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder / "project"
        self.temporary_files = folder / "tmp"
        for each in (self.folder, self.temporary_files):
            each.mkdir(parents=True)
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        ports = {"PORT": "0", "WINDOW_PORT": "0"}
        self.environment |= {"TMPDIR": str(self.temporary_files), "PYTHONUNBUFFERED": "1", **ports, **environment}
        self._started: list[subprocess.Popen[str]] = []

    def start(self, *command: str, **environment: str) -> subprocess.Popen[str]:
        """Starts a command in the folder, its output in `output.txt`, as a job of its own as a shell would."""
        with (self.folder / "output.txt").open("w") as output:
            process = subprocess.Popen(  # noqa: S603 - a test's own command
                command,
                cwd=self.folder,
                env=self.environment | environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                process_group=0,
            )
        self._started.append(process)
        return process

    def end(self) -> None:
        """Ends the programs that a test has started and, as it failed, not ended."""
        for process in self._started:
            process.terminate()
            process.wait(30)

    def run(self, *command: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """Runs a command to its end."""
        return subprocess.run(  # noqa: S603 - a test's own command
            command, cwd=self.folder, env=self.environment | environment, input=stdin, capture_output=True, text=True
        )

    def leftovers(self) -> list[str]:
        """Processes of the folder, temporary files, and a description of a stack that no longer runs.

        A process that was killed just now, and not by its parent, takes a moment to vanish.
        """
        for _ in range(100):
            if not (found := self._found()):
                break
            time.sleep(0.05)
        return found

    def _found(self) -> list[str]:
        listed = subprocess.run(["ps", "axww", "-o", "command"], capture_output=True, text=True)  # noqa: S607
        files = [*self.temporary_files.rglob("*"), *self.folder.glob(".aws-sam/local/running.json")]
        processes = [line for line in listed.stdout.splitlines() if str(self.folder) in line]
        return processes + [str(path) for path in files]

    @property
    def output(self) -> str:
        """All that the program that was started last has said."""
        return (self.folder / "output.txt").read_text()

    def await_output(self, process: subprocess.Popen[str], text: str) -> None:
        """Waits until the program has said so: two minutes at most, for a machine that is busy with other tests."""
        for _ in range(2400):
            if text in self.output:
                return
            if process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"no {text!r}:\n{self.output}")

    def await_ready(self, process: subprocess.Popen[str]) -> running.RunningStack:
        """Waits until the stack is served, which is when the terminal says how to end it."""
        self.await_output(process, READY)
        stack = running.read(self.folder)
        if stack is None:
            raise AssertionError(f"ready, and described nowhere:\n{self.output}")
        return stack
