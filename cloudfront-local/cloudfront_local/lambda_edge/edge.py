"""Runs edge functions as Lambda@Edge does: by ARN, in processes with Lambda's environment and their credentials."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any

from cloudfront_local.distribution.failure import FunctionFailed, function_name
from cloudfront_local.lambda_edge.credentials import AssumeRole, Clock, RoleCredentials, utc_now
from cloudfront_local.lambda_edge.debug import NO_DEBUG, Debug
from cloudfront_local.lambda_edge.function import Function
from cloudfront_local.lambda_edge.outbound import Outbound
from cloudfront_local.lambda_edge.output import Console
from cloudfront_local.lambda_edge.pool import Pool
from cloudfront_local.lambda_edge.replica import Replica

# Sandboxes for each function. Each is one process and three file descriptors. A process that waits for AWS needs no
# CPU, so there are more than CPUs. A browser makes no use of more than sixteen.
CONCURRENCY = min(16, 4 * (os.cpu_count() or 1))

Resolve = Callable[[str], Awaitable[Function]]


class EdgeRuntime:
    """Runs every edge function of the distribution. A program has one, uses it in one event loop, and closes it.

    `resolve(function_arn)` returns the configuration of a numbered version; it is called once for each version, and
    again after `renew`.
    `assume_role(role_arn)` returns temporary credentials; it is called again before they expire. `region` is the edge
    Region that the functions run in. `endpoint_url` is the AWS that they call; None is the real one. `console` gets
    every line that a function prints. `concurrency` limits the requests that one function serves at a time. `outbound`
    leads the functions' connections to a test; None leads none. `debug` says how functions are debugged; with a
    debugger, a function serves one request at a time.
    """

    def __init__(
        self,
        resolve: Resolve,
        assume_role: AssumeRole,
        *,
        region: str,
        endpoint_url: str | None,
        console: Console,
        concurrency: int = CONCURRENCY,
        clock: Clock = utc_now,
        outbound: Outbound | None = None,
        debug: Debug = NO_DEBUG,
    ) -> None:
        self._resolve = resolve
        self._credentials = RoleCredentials(assume_role, clock)
        self._region = region
        self._endpoint_url = endpoint_url
        self._console = console
        self._concurrency = 1 if debug.ports else concurrency
        self._outbound = outbound
        self._debug = debug
        self._pools: dict[str, Pool] = {}
        self._retiring: set[asyncio.Task[None]] = set()
        self._resolving = asyncio.Lock()
        self._under_way: set[asyncio.Task[Any]] = set()
        self._closed = False

    async def invoke(self, function_arn: str, event: object) -> Any:
        """Calls a function. Returns its result as parsed JSON. Raises FunctionFailed.

        If the caller's task is cancelled, the function's sandbox is killed.
        """
        if self._closed:
            raise self._closed_failure(function_arn)
        request = asyncio.create_task(self._invoke(function_arn, event))
        self._under_way.add(request)
        request.add_done_callback(self._under_way.discard)
        try:
            return await request
        except asyncio.CancelledError:
            caller = asyncio.current_task()
            if self._closed and caller is not None and not caller.cancelling():
                raise self._closed_failure(function_arn) from None
            raise

    async def prepare(self, function_arn: str) -> Function:
        """Looks a function up and gets its credentials, so that its first request need not wait for them.

        Returns its configuration. Raises FunctionFailed if the look-up fails.
        """
        pool = await self._pool(function_arn)
        await pool.prepare()
        return pool.function

    def role(self, access_key: str) -> str | None:
        """The role that an access key was issued for; None for a key that no function got."""
        return self._credentials.role(access_key)

    async def renew(self) -> None:
        """Later requests look their functions up again and get new processes. Requests under way keep theirs."""
        async with self._resolving:
            pools, self._pools = self._pools, {}
        for pool in pools.values():
            task = asyncio.create_task(pool.retire())
            self._retiring.add(task)
            task.add_done_callback(self._retiring.discard)

    async def close(self) -> None:
        """Cancels every running request and ends every process. Later requests fail."""
        self._closed = True
        for request in self._under_way:
            request.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await asyncio.gather(*self._retiring, *(pool.close() for pool in self._pools.values()))

    async def _invoke(self, function_arn: str, event: object) -> Any:
        pool = await self._pool(function_arn)
        return await pool.invoke(event)

    async def _pool(self, function_arn: str) -> Pool:
        if found := self._pools.get(function_arn):
            return found
        async with self._resolving:
            if function_arn not in self._pools:
                function = await self._function(function_arn)
                replica = Replica(function, self._region, self._endpoint_url, self._outbound, self._debug)
                self._pools[function_arn] = Pool(replica, self._credentials, self._console, self._concurrency)
            return self._pools[function_arn]

    async def _function(self, function_arn: str) -> Function:
        try:
            return await self._resolve(function_arn)
        except FunctionFailed:
            raise
        except Exception as error:
            message = f"cannot look up {function_arn}: {error}"
            raise FunctionFailed("configuration", function_name(function_arn), message) from error

    def _closed_failure(self, function_arn: str) -> FunctionFailed:
        return FunctionFailed("closed", function_name(function_arn), "the runtime was closed")
