"""The process of a sandbox: it gets no environment variable and no package of the developer's or of this project's.

bootstrap.py or bootstrap.mjs runs in the process; bootstrap.py describes the messages between the two.
"""

import asyncio
import contextvars
import os
import signal
import socket
from contextlib import ExitStack, suppress
from pathlib import Path

from cloudfront_local.lambda_edge.bootstrap import MARK, kill_marked
from cloudfront_local.lambda_edge.channel import Channel
from cloudfront_local.lambda_edge.language import Language
from cloudfront_local.lambda_edge.output import Console, Output
from cloudfront_local.lambda_edge.stack import Stack

# Seconds: the longest wait for the stack of a process that is about to be killed.
STACK_TIMEOUT = 1.0

# A program that was built with shared libraries may need these variables to start. The function does not see them.
LOADER_VARIABLES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FRAMEWORK_PATH")


class ExitedError(Exception):
    """The process ended before it answered. The text is Lambda's text for the exit status."""


class NotTakenError(ExitedError):
    """The process ended before it had read the question: another process may be asked the same."""


class Process:
    """A process, made by `start`. The task `ended` is done when the process and every process that it started have
    ended and the file descriptors are closed."""

    def __init__(
        self,
        language: Language,
        process: asyncio.subprocess.Process,
        mark: str,
        channel: Channel,
        lifeline: int,
        output: Output,
    ) -> None:
        self._language = language
        self._process = process
        self._mark = mark
        self._channel = channel
        self._lifeline = lifeline
        self._output = output
        self._killed = False
        self._in_use = asyncio.Lock()
        self.ended = asyncio.create_task(self._clean_up())

    @classmethod
    async def start(
        cls, language: Language, command: tuple[str, ...], folder: Path, mark: str, name: str, console: Console
    ) -> "Process":
        """Starts a program in `folder`. `console` gets the lines that it prints, with `name`. Raises OSError.

        `command` runs the bootstrap with the language's interpreter. `mark` is the value of the variable MARK, by which
        its children are found if they leave its process group.
        """
        with ExitStack() as undo:
            ours, theirs = socket.socketpair()
            undo.callback(ours.close)
            held, lifeline = os.pipe()
            undo.callback(os.close, lifeline)
            reading, writing = os.pipe()
            undo.callback(os.close, reading)
            try:
                process = await _execute(command, (theirs.fileno(), held), writing, folder, mark)
            finally:
                theirs.close()
                os.close(held)
                os.close(writing)
            undo.pop_all()  # From here on, `_clean_up` closes them.
        ours.setblocking(False)
        return cls(language, process, mark, await Channel.open(ours), lifeline, Output(reading, name, console))

    @property
    def alive(self) -> bool:
        """Whether it can be asked. A process that ended just now is told by its end of the channel, which is closed."""
        return not self._killed and self._process.returncode is None and self._channel.is_open

    async def ask(self, message: bytes, request_id: str = "") -> tuple[bytes, bytes]:
        """Sends a message. Returns the kind of the answer and its payload. The console has every line printed by then.

        The process gets one message at a time. If the caller stops waiting (a timeout, a cancelled task), the process
        cannot be asked again. Raises ExitedError, or NotTakenError if the process had not read the message.
        """
        async with self._in_use:
            self._output.request_id, self._output.context = request_id, contextvars.copy_context()
            try:
                answer = await self._channel.ask(message)
            except EOFError:
                raise ExitedError(_exit_text(await self._process.wait())) from None
            except ConnectionError:  # nobody was there to write to, or the question was left unread
                raise NotTakenError(_exit_text(await self._process.wait())) from None
            finally:
                self._output.drain()
                self._output.request_id = ""
        return answer[:1], answer[1:]

    async def stack(self) -> str:
        """Where the process is, as a traceback has it; empty if the process does not say so in time."""
        self._output.drain()
        stack = self._output.stack = Stack()
        with suppress(TimeoutError, ProcessLookupError, BrokenPipeError):
            async with asyncio.timeout(STACK_TIMEOUT):
                self._ask_for_stack()
                await stack.complete.wait()
        return str(stack)

    def kill(self) -> None:
        """Kills the process and every process that it started. The task `ended` is done when they have ended."""
        self._killed = True
        if not self.ended.done():
            # The group has ended already. On macOS, a group of zombies gives EPERM.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _ask_for_stack(self) -> None:
        if self._language.stack_signal is None:
            os.write(self._lifeline, b"\n")
        else:
            self._process.send_signal(self._language.stack_signal)

    async def _clean_up(self) -> None:
        await self._process.wait()
        os.close(self._lifeline)
        self.kill()  # Ends the processes that this one started and left behind.
        await asyncio.to_thread(kill_marked, self._mark)
        await self._channel.close()
        async with self._in_use:
            self._output.close()


async def _execute(
    command: tuple[str, ...], ends: tuple[int, int], output: int, folder: Path, mark: str
) -> asyncio.subprocess.Process:
    """`ends` are the process's ends of the channel and of the lifeline."""
    return await asyncio.create_subprocess_exec(
        *(*command, *map(str, ends)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=output,
        stderr=asyncio.subprocess.STDOUT,
        pass_fds=ends,
        cwd=folder,
        env={MARK: mark} | {name: os.environ[name] for name in LOADER_VARIABLES if name in os.environ},
        start_new_session=True,  # A process group of its own. Ctrl-C in the terminal reaches the parent alone.
    )


def _exit_text(returncode: int) -> str:
    if returncode < 0:
        name = signal.strsignal(-returncode) or str(-returncode)
        return f"Runtime exited with error: signal: {name.partition(':')[0].lower()}"  # macOS: "Killed: 9"
    if returncode:
        return f"Runtime exited with error: exit status {returncode}"
    return "Runtime exited without providing a reason"
