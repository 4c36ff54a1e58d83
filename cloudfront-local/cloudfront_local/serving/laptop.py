"""Puts together a deployed stack's distribution with its functions and origins, and serves it over HTTP."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.credentials import Credentials

from cloudfront_local.aws import addresses, callers
from cloudfront_local.aws import distribution as distributions
from cloudfront_local.aws.configuration import ConfigurationError
from cloudfront_local.aws.deployment import Deployment
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.aws.functions import Functions
from cloudfront_local.aws.ports import unavailable
from cloudfront_local.aws.updates import Updates
from cloudfront_local.distribution.config import DistributionConfig
from cloudfront_local.distribution.edge_locations import edge_host
from cloudfront_local.distribution.events import Event
from cloudfront_local.distribution.functions import Invoke
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import Origin
from cloudfront_local.distribution.pipeline import Distribution
from cloudfront_local.distribution.viewer_headers.viewer import Viewer
from cloudfront_local.errors import LocalError
from cloudfront_local.lambda_edge.edge import EdgeRuntime
from cloudfront_local.origins.fetch import Origins
from cloudfront_local.origins.function_url import FunctionUrls
from cloudfront_local.origins.real_aws import RealAws
from cloudfront_local.origins.s3 import S3
from cloudfront_local.origins.transport import Transport
from cloudfront_local.serving import access_logs, server
from cloudfront_local.serving.access_logs import AccessLogs
from cloudfront_local.serving.recording.examples import Examples
from cloudfront_local.serving.recording.recorder import Recorder
from cloudfront_local.serving.server import Https

log = logging.getLogger("functions")


@dataclass(frozen=True)
class _Deployed:
    """One deployment of the stack: its distribution, its functions, and how they are called."""

    config: DistributionConfig
    functions: Functions
    updates: Updates
    invoke: Invoke


class Laptop:
    """A stack's first distribution, at the edge location nearest to a Region. `running` makes it."""

    distribution: Distribution
    _deployed: _Deployed

    def __init__(
        self,
        endpoint: Endpoint,
        edge_region: str,
        record: Path | None,
        login: str,
        real_aws: RealAws | None,
        access_log: Path | None,
    ) -> None:
        self._endpoint = endpoint
        self._record = record
        self._login = login
        self._real_aws = real_aws
        self._edge_host = edge_host(edge_region)
        self.access_logs = AccessLogs(lambda: self.distribution.config, endpoint, access_log)
        self._transport = Transport(endpoint.url, endpoint.headers("forward"))
        self._runtime = EdgeRuntime(
            lambda arn: self._deployed.functions.resolve(arn),
            lambda role: self._deployed.functions.assume_role(role),
            region=edge_region,
            endpoint_url=endpoint.url,
            console=_print_line,
        )

    @property
    def updates(self) -> Updates:
        return self._deployed.updates

    async def start(self, stack: Deployment, functions: Functions) -> None:
        """Puts the distribution together. Raises LocalError."""
        self._deployed = deployed = await self._read(stack, functions)
        root, account = Credentials(*self._endpoint.key), callers.account(self._endpoint, self._runtime.role)
        self._origins = Origins(
            self._transport,
            S3(self._transport, deployed.config.arn, root, account, self._real_aws),
            FunctionUrls(self._transport, account, deployed.config.arn, root, self._real_aws),
        )
        self.distribution = Distribution(deployed.config, self._invoke, self._fetch, self._edge_host)
        self._switch_access_logs()

    async def change(self, stack: Deployment, functions: Functions) -> None:
        """Goes over to a later deployment of the stack, in one step. Requests under way end as they began.

        Raises LocalError if that needs a new start; then everything is as before.
        """
        deployed = await self._read(stack, functions, self.updates.updated)
        if deployed.config.id != self.distribution.config.id:
            raise LocalError("The change replaces the distribution, which gets another id. Start again to serve it.")
        self._deployed = deployed
        self.distribution.config = deployed.config
        self._switch_access_logs()
        self.distribution.clear_cache()
        await self._runtime.renew()

    def _switch_access_logs(self) -> None:
        self.distribution.write = self.access_logs.write if self.access_logs.is_on else None

    async def prepare(self) -> set[str]:
        """Looks the functions at the edge up. Returns their runtimes. If a look-up fails, a request says why."""
        preparing = (self._runtime.prepare(arn) for arn in _edge(self._deployed.config))
        found = await asyncio.gather(*preparing, return_exceptions=True)
        return {function.runtime for function in found if not isinstance(function, BaseException)}

    def invalidate(self, distribution_id: str, paths: list[str]) -> None:
        """Removes objects of the distribution from the cache; the terminal says how many."""
        if distribution_id != self.distribution.config.id:
            return
        try:
            count = self.distribution.invalidate(paths)
        except ValueError as error:
            log.warning("%s", error)
        else:
            log.info("Invalidated %s: %d cached objects are removed.", " ".join(paths), count)

    async def close(self) -> None:
        await self._runtime.close()
        await self._transport.close()
        if self._real_aws:
            await self._real_aws.transport.close()

    async def _read(self, stack: Deployment, functions: Functions, unsure: Collection[str] = ()) -> _Deployed:
        config, examples = await asyncio.to_thread(configuration, self._endpoint, stack.served)
        updates = await asyncio.to_thread(
            Updates, functions, self._endpoint, stack.stack_name, _edge(config), self._clear_cache, unsure
        )
        invoke: Invoke = self._runtime.invoke
        if self._record:
            invoke = Recorder(self._record, examples, self._login, invoke, functions.resolve).invoke
        return _Deployed(config, functions, updates, invoke)

    async def _invoke(self, function_arn: str, event: Event) -> Any:
        if event["Records"][0]["cf"]["config"]["eventType"].startswith("origin-"):
            await self.updates.regional()  # The function may call one of them.
        return await self._deployed.invoke(function_arn, event)

    async def _fetch(self, request: Request, origin: Origin, request_id: str) -> Response:
        await self.updates.regional()  # The origin may be one of them.
        return await self._origins.fetch(request, origin, request_id)

    def _clear_cache(self) -> None:
        self.distribution.clear_cache()


def _edge(config: DistributionConfig) -> set[str]:
    """The ARNs of the functions at the edge."""
    return {item.function_arn for behavior in config.behaviors for item in behavior.functions.values()}


@asynccontextmanager
async def running(
    endpoint: Endpoint,
    stack: Deployment,
    functions: Functions,
    edge_region: str,
    record: Path | None = None,
    login: str = "",
    real_aws: RealAws | None = None,
    access_log: Path | None = None,
) -> AsyncIterator[Laptop]:
    """The stack's first distribution, at the edge location nearest to the Region `edge_region`.

    `record` is the folder for recorded events; None records nothing. Recorded events may show `login`
    (`user:password`). Requests to buckets and function URLs that are not in the stack go to `real_aws`; None has none.
    `access_log` is the folder for access logs; None writes no files.
    The functions' processes end with the `with` block. Raises LocalError.
    """
    laptop = Laptop(endpoint, edge_region, record, login, real_aws, access_log)
    try:
        await laptop.start(stack, functions)
        async with access_logs.delivered(laptop.access_logs):
            yield laptop
    finally:
        await laptop.close()


def configuration(
    endpoint: Endpoint, distribution_id: str, seen: Endpoint | None = None
) -> tuple[DistributionConfig, Examples]:
    """Reads a deployed distribution. Returns it as it is served here, and the example values for its own values.

    `seen` is the endpoint where the functions reach the embedded AWS, if it differs from `endpoint` (in a container).
    Raises LocalError.
    """
    try:
        deployed = distributions.read(endpoint.client("cloudfront"), distribution_id)
    except ConfigurationError as error:
        raise LocalError(str(error)) from None
    served = addresses.localized(deployed, seen or endpoint, addresses.default_stages(endpoint))
    return served, Examples(deployed, served)


@asynccontextmanager
async def listening(
    distribution: Distribution, port: int, viewer: Viewer, https: Https | None = None
) -> AsyncIterator[None]:
    """Answers viewers on a port of 127.0.0.1 while the `with` block runs. `viewer` is where requests come from.

    Raises LocalError if a port is taken.
    """
    try:
        runner = await server.start(distribution, port, viewer, https)
    except OSError as error:
        taken = int(error.filename)
        raise unavailable(taken, "PORT" if taken == port else "HTTPS_PORT", error) from None
    try:
        yield
    finally:
        await runner.cleanup()


def _print_line(function: str, _: str, line: str) -> None:
    log.info("%s: %s", function, line)
