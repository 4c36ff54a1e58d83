"""The process of a sandbox: started with nothing of ours or the developer's in it, asked by messages, killed whole.

The other end of the channel is bootstrap.py, which says how a message looks.
"""

import asyncio
import json
import os
import signal
import socket
import sys
from contextlib import ExitStack, suppress
from pathlib import Path

from cloudfront_local.lambda_edge.output import Console, Output

BOOTSTRAP = Path(__file__).with_name("bootstrap.py")

# A Python built with a shared library may need these to start at all. The function does not see them.
LOADER_VARIABLES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FRAMEWORK_PATH")


class ExitedError(Exception):
    """The process ended and left a question without an answer. The text is Lambda's for its exit status."""


class NotTakenError(ExitedError):
    """The process ended before it had read the question: another process may be asked the same."""


class Process:
    """Made by `start`. `ended` is done when the process is gone, with all that it started, and its files are closed."""

    def __init__(self, process: asyncio.subprocess.Process, channel: socket.socket, output: Output) -> None:
        self._process = process
        self._channel = channel
        self._output = output
        self._killed = False
        self._in_use = asyncio.Lock()
        self.ended = asyncio.create_task(self._clean_up())

    @classmethod
    async def start(cls, folder: Path, name: str, console: Console) -> "Process":
        """Starts it in `folder`. What it prints goes to `console` under `name`. Raises OSError."""
        with ExitStack() as undo:
            channel, theirs = socket.socketpair()
            undo.callback(channel.close)
            reading, writing = os.pipe()
            undo.callback(os.close, reading)
            try:
                process = await _execute(theirs.fileno(), writing, folder)
            finally:
                theirs.close()
                os.close(writing)
            undo.pop_all()  # from here on `_clean_up` does it
        channel.setblocking(False)
        return cls(process, channel, Output(reading, name, console))

    @property
    def alive(self) -> bool:
        """Whether it can be asked. A process that ended just now is told by its end of the channel, which is closed."""
        if self._killed or self._process.returncode is not None:
            return False
        try:
            return self._channel.recv(1, socket.MSG_PEEK) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False

    async def ask(self, message: object, request_id: str = "") -> tuple[bytes, bytes]:
        """Sends `message`; returns the kind of the answer, and its payload. What was printed by then has been relayed.

        One question at a time. Raises ExitedError, or NotTakenError in particular. A process whose question was given
        up is of no further use.
        """
        async with self._in_use:
            self._output.request_id = request_id
            try:
                await self._send(json.dumps(message).encode())
                answer = await self._receive(int.from_bytes(await self._receive(4), "big"))
            except EOFError:
                raise ExitedError(_exit_text(await self._process.wait())) from None
            except ConnectionError:  # nobody was there to write to, or the question was left unread
                raise NotTakenError(_exit_text(await self._process.wait())) from None
            finally:
                self._output.drain()
                self._output.request_id = ""
        return answer[:1], answer[1:]

    def kill(self) -> None:
        """Ends the process and all that it started, at once. `ended` says when that is done."""
        self._killed = True
        if not self.ended.done():
            # Gone already; or, on macOS, nothing but zombies left in the group.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def _send(self, message: bytes) -> None:
        await asyncio.get_running_loop().sock_sendall(self._channel, len(message).to_bytes(4, "big") + message)

    async def _receive(self, length: int) -> bytes:
        received = bytearray(length)
        rest = memoryview(received)
        while rest:
            count = await asyncio.get_running_loop().sock_recv_into(self._channel, rest)
            if not count:
                raise EOFError
            rest = rest[count:]
        return bytes(received)

    async def _clean_up(self) -> None:
        await self._process.wait()
        self.kill()  # what the process started, and left behind
        with suppress(OSError):
            # Something that left the group may hold the other end: whoever waits for an answer stops waiting.
            self._channel.shutdown(socket.SHUT_RDWR)
        async with self._in_use:
            try:
                self._output.close()
            finally:
                self._channel.close()


async def _execute(channel: int, output: int, folder: Path) -> asyncio.subprocess.Process:
    # -I -S: nothing importable but the standard library. -B: no bytecode into the artifact. -u: prints go out at once.
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", "-B", "-u", "-X", "utf8", str(BOOTSTRAP), str(channel)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=output,
        stderr=asyncio.subprocess.STDOUT,
        pass_fds=[channel],
        cwd=folder,
        env={name: os.environ[name] for name in LOADER_VARIABLES if name in os.environ},
        start_new_session=True,  # a group of its own; and Ctrl-C in the terminal is for the parent
    )


def _exit_text(returncode: int) -> str:
    if returncode < 0:
        name = signal.strsignal(-returncode) or str(-returncode)
        return f"Runtime exited with error: signal: {name.partition(':')[0].lower()}"  # macOS: "Killed: 9"
    if returncode:
        return f"Runtime exited with error: exit status {returncode}"
    return "Runtime exited without providing a reason"
