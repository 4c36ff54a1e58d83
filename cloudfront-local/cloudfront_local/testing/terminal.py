"""A terminal in which a test starts a program, as a person does, types, and sees what the program prints."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import subprocess
import termios
import time

from cloudfront_local.testing.workplace import Workplace


class Terminal:
    """A command in a terminal of its own."""

    def __init__(self, place: Workplace, *command: str) -> None:
        self.shown = ""
        self._since = ""
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(  # noqa: S603 - a test's own command
            command,
            cwd=place.folder,
            env=place.environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)

    def await_text(self, text: str) -> None:
        """Waits until the terminal shows this text, after all that was waited for before."""
        until = time.monotonic() + 60
        while text not in self._since:
            if not select.select([self._ours], [], [], max(0.0, until - time.monotonic()))[0]:
                raise AssertionError(f"no {text!r}:\n{self.shown}")
            read = os.read(self._ours, 4096).decode()
            self.shown += read
            self._since += read
        self._since = self._since.partition(text)[2]

    @property
    def echoes(self) -> bool:
        """Whether the terminal shows what is typed."""
        return bool(termios.tcgetattr(self._ours)[3] & termios.ECHO)

    def type(self, line: str) -> None:
        """Types a line and its end."""
        os.write(self._ours, f"{line}\n".encode())

    def end(self) -> None:
        """Ends the program and closes the terminal."""
        self.process.terminate()
        with contextlib.suppress(OSError):  # The other end of the terminal is closed.
            while os.read(self._ours, 4096):
                pass
        self.process.wait(30)
        os.close(self._ours)
