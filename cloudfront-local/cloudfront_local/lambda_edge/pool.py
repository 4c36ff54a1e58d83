"""The sandboxes of one function: starts more under load, reuses idle ones and ends outdated ones."""

import asyncio
import contextlib
import os
from collections import deque
from typing import Any

from cloudfront_local.distribution.failure import FunctionFailed
from cloudfront_local.lambda_edge import advice
from cloudfront_local.lambda_edge.artifact import Build, BuildError
from cloudfront_local.lambda_edge.credentials import Credentials, RoleCredentials
from cloudfront_local.lambda_edge.function import Function
from cloudfront_local.lambda_edge.output import Console
from cloudfront_local.lambda_edge.replica import Replica
from cloudfront_local.lambda_edge.sandbox import NotTakenFailure, Sandbox

# Sandboxes that start at the same time. More of them would only share the processors, of which this tool and the
# embedded AWS need some. A request that waits meanwhile goes to whichever sandbox is ready first.
STARTS = max(1, (os.cpu_count() or 1) // 2)
# Seconds. A start lasts until the sandbox has answered its first request, which often does the work of a start, too. It
# lasts this long at most after the Init phase: a function that waits for something needs no processor.
FIRST_REQUEST = 0.25


class Pool:
    """Runs at most `concurrency` requests at a time; further requests wait in order."""

    def __init__(self, replica: Replica, credentials: RoleCredentials, console: Console, concurrency: int) -> None:
        self._replica = replica
        self._credentials = credentials
        self._console = console
        self._concurrency = concurrency
        self._turns = asyncio.Semaphore(concurrency)
        self._starting = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        """The requests that wait until a sandbox is idle or may start, in order."""
        self._cold: dict[Sandbox, asyncio.TimerHandle] = {}
        """The sandboxes that have not answered yet, and the timers that end their starts."""
        self._newest: tuple[Credentials, Build] | None = None
        self._idle: list[Sandbox] = []
        self._sandboxes: set[Sandbox] = set()

    @property
    def function(self) -> Function:
        return self._replica.function

    async def prepare(self) -> None:
        """Gets the credentials, and starts the sandbox that is debugged. If that fails, a request says why."""
        with contextlib.suppress(FunctionFailed):
            await self._role_credentials()
            if self._replica.debug_port is not None:
                async with self._turns:
                    sandbox = await self._take()
                    self._idle.append(sandbox)
                    self._started(sandbox)

    async def invoke(self, event: object) -> Any:
        """Calls the function in an idle sandbox or a new one. Returns its result. Raises FunctionFailed."""
        async with self._turns:
            try:
                return await self._ask(event)
            except NotTakenFailure:  # An idle process may end in the very moment in which it is chosen.
                return await self._ask(event)

    async def close(self) -> None:
        """Kills every sandbox, waits until all have ended, and removes the function's build."""
        for sandbox in self._sandboxes:
            sandbox.kill()
        await asyncio.gather(*(sandbox.ended for sandbox in self._sandboxes))
        self._replica.function.artifact.close()

    async def retire(self) -> None:
        """Closes the pool after the requests that are under way or wait for their turn."""
        for _ in range(self._concurrency):
            await self._turns.acquire()
        await self.close()

    async def _ask(self, event: object) -> Any:
        sandbox = await self._take()
        try:
            return await sandbox.invoke(event)
        finally:
            self._idle.append(sandbox)
            if not self._is_current(sandbox):
                self._retire_outdated()
            self._started(sandbox)

    async def _take(self) -> Sandbox:
        """An idle sandbox, or a new one. While others start, the request waits for whatever is ready first."""
        try:
            while True:
                credentials = await self._role_credentials()
                build = await self._current_build()
                if (credentials, build) != self._newest:
                    self._newest = (credentials, build)
                    self._retire_outdated()
                if sandbox := self._idle_sandbox():
                    return sandbox
                if self._starting + len(self._cold) < STARTS:
                    return await self._start(build, credentials)
                await self._woken()
        except BaseException:
            self._wake_next()  # What this request was woken for is another's now.
            raise

    async def _woken(self) -> None:
        """Waits for `_wake_next`."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        await waiter

    def _wake_next(self) -> None:
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():  # Not cancelled.
                waiter.set_result(None)
                return

    def _idle_sandbox(self) -> Sandbox | None:
        """The sandbox that was used last comes first, as on Lambda."""
        while self._idle:
            sandbox = self._idle.pop()
            if sandbox.alive:
                return sandbox
            sandbox.kill()
        return None

    def _retire_outdated(self) -> None:
        outdated = [sandbox for sandbox in self._idle if not self._is_current(sandbox)]
        for sandbox in outdated:
            self._idle.remove(sandbox)
            sandbox.kill()

    def _is_current(self, sandbox: Sandbox) -> bool:
        return not sandbox.build.superseded and self._credentials.usable(sandbox.credentials)

    async def _start(self, build: Build, credentials: Credentials) -> Sandbox:
        self._starting += 1
        try:
            if self._replica.debug_port is not None:  # The one before has the port until it has ended.
                await asyncio.gather(*(sandbox.ended for sandbox in self._sandboxes))
            sandbox = await Sandbox.spawn(self._replica, build, credentials, self._console)
            self._sandboxes.add(sandbox)
            sandbox.ended.add_done_callback(lambda _: self._sandboxes.discard(sandbox))
            await sandbox.initialize()
        except OSError as error:
            raise FunctionFailed("init", self._name, f"its process could not be started: {error}") from error
        finally:
            self._starting -= 1
            self._wake_next()
        self._cold[sandbox] = asyncio.get_running_loop().call_later(FIRST_REQUEST, self._started, sandbox)
        return sandbox

    def _started(self, sandbox: Sandbox) -> None:
        if timer := self._cold.pop(sandbox, None):
            timer.cancel()
        self._wake_next()

    async def _role_credentials(self) -> Credentials:
        role = self._replica.function.role
        try:
            return await self._credentials.get(role)
        except Exception as error:
            raise FunctionFailed("credentials", self._name, f"cannot assume {role}: {error}") from error

    async def _current_build(self) -> Build:
        try:
            return await self._replica.function.artifact.current()
        except BuildError as failure:
            message, detail = advice.build_failed(str(failure).strip(), self._replica.function.artifact.source)
            raise FunctionFailed("build", self._name, message, detail) from failure

    @property
    def _name(self) -> str:
        return self._replica.function.name
