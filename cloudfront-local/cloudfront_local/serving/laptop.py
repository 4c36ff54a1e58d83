"""Puts together a deployed stack's distributions with their functions and origins, and serves them over HTTP."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cloudfront_local.aws import addresses, callers, cloudfront_functions
from cloudfront_local.aws import distribution as distributions
from cloudfront_local.aws.cloudfront_functions import Deployed
from cloudfront_local.aws.configuration import ConfigurationError
from cloudfront_local.aws.deployment import Deployment
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.aws.functions import Functions
from cloudfront_local.aws.updates import Updates
from cloudfront_local.distribution import journal
from cloudfront_local.distribution.cloudfront_functions import Ran, RunFunction
from cloudfront_local.distribution.config import DistributionConfig
from cloudfront_local.distribution.edge_locations import edge_host
from cloudfront_local.distribution.events import Event
from cloudfront_local.distribution.function_events import Event as FunctionEvent
from cloudfront_local.distribution.functions import Invoke
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import Origin
from cloudfront_local.distribution.pipeline import Distribution
from cloudfront_local.distribution.viewer_headers.viewer import Viewer
from cloudfront_local.errors import LocalError
from cloudfront_local.lambda_edge.debug import NO_DEBUG, Debug
from cloudfront_local.lambda_edge.edge import EdgeRuntime
from cloudfront_local.lambda_edge.function import Function
from cloudfront_local.lambda_edge.outbound import Outbound
from cloudfront_local.origins.real_aws import RealAws
from cloudfront_local.origins.transport import Transport
from cloudfront_local.serving import access_logs, server
from cloudfront_local.serving.access_logs import AccessLogs
from cloudfront_local.serving.function_runner import FindStore, FunctionRunner, no_store
from cloudfront_local.serving.origins_of_stack import origins_of_stack
from cloudfront_local.serving.recording.examples import Examples
from cloudfront_local.serving.recording.recorder import Recording, recorded_invoke, recorded_run
from cloudfront_local.serving.server import Https

log = logging.getLogger("functions")


# (request, origin) -> the answer in the origin's place; None if the origin is asked
AnswerFor = Callable[[Request, Origin], Awaitable[Response | None]]


async def _no_answer(_: Request, __: Origin) -> Response | None:
    return None


@dataclass(frozen=True)
class World:
    """What a test gives in the world's place: `clock` returns Unix time, `answer` may answer in the place of origins,
    and `outbound` leads the functions' own connections."""

    clock: Callable[[], float] = time.time
    answer: AnswerFor = _no_answer
    outbound: Outbound | None = None


@dataclass(frozen=True)
class _Calls:
    """How a distribution calls functions of Lambda@Edge, and how it runs CloudFront Functions."""

    invoke: Invoke
    run: RunFunction


class Served:
    """One distribution of the stack, with its own cache, access logs and origins."""

    def __init__(self, distribution: Distribution, access_logs: AccessLogs, calls: _Calls) -> None:
        self.distribution = distribution
        self.access_logs = access_logs
        self.calls = calls
        self._switch_access_logs()

    def change(self, config: DistributionConfig, calls: _Calls) -> None:
        """Goes over to another configuration, in one step. Requests under way end as they began."""
        self.distribution.config = config
        self.calls = calls
        self._switch_access_logs()
        self.distribution.clear_cache()

    def _switch_access_logs(self) -> None:
        self.distribution.write = self.access_logs.write if self.access_logs.is_on else None


@dataclass(frozen=True)
class _Deployed:
    """One deployment of the stack: its functions, CloudFront Functions by ARN, and distributions by id, with how they
    call functions."""

    functions: Functions
    updates: Updates
    cloudfront_functions: Mapping[str, Deployed]
    distributions: Mapping[str, tuple[DistributionConfig, _Calls]]


class Laptop:
    """A stack's distributions, at the edge location nearest to a Region. `running` makes it."""

    _deployed: _Deployed

    def __init__(
        self,
        endpoint: Endpoint,
        edge_region: str,
        record: Path | None,
        login: str,
        real_aws: RealAws | None,
        access_log: Path | None,
        store_of: FindStore,
        world: World,
        debug: Debug,
    ) -> None:
        self.served: dict[str, Served] = {}  # by the distribution's id, in the order of the template
        self._endpoint = endpoint
        self._record = record
        self._login = login
        self._real_aws = real_aws
        self._access_log = access_log
        self._world = world
        self._debug = debug
        self._edge_host = edge_host(edge_region)
        self._function_runner = FunctionRunner(self._edge_host.pop[:3], edge_region, store_of)
        self._transport = Transport(endpoint.url, endpoint.headers("forward"))
        self._runtime = EdgeRuntime(
            lambda arn: self._deployed.functions.resolve(arn),
            lambda role: self._deployed.functions.assume_role(role),
            region=edge_region,
            endpoint_url=endpoint.url,
            console=_print_line,
            outbound=world.outbound,
            debug=debug,
        )

    @property
    def updates(self) -> Updates:
        return self._deployed.updates

    @property
    def distributions(self) -> list[Distribution]:
        return [each.distribution for each in self.served.values()]

    @property
    def names(self) -> dict[str, None]:
        """The names of all distributions, each once."""
        return dict.fromkeys(name for each in self.distributions for name in each.config.names)

    async def start(self, stack: Deployment, functions: Functions) -> None:
        """Puts the distributions together. Raises LocalError."""
        self._deployed = await self._read(stack, functions)
        await self._function_runner.load(self._deployed.cloudfront_functions)
        for config, calls in self._deployed.distributions.values():
            self.served[config.id] = self._served(config, calls)

    def _served(self, config: DistributionConfig, calls: _Calls) -> Served:
        account = callers.account(self._endpoint, self._runtime.role)
        origins = origins_of_stack(self._endpoint, self._transport, account, config.arn, self._real_aws)

        async def call(function_arn: str, event: Event) -> Any:
            if event["Records"][0]["cf"]["config"]["eventType"].startswith("origin-"):
                await self.updates.regional()  # The function may call one of them.
            return await served.calls.invoke(function_arn, event)

        async def run(arn: str, event: FunctionEvent, raw_query: str | None) -> Ran:
            return await served.calls.run(arn, event, raw_query)

        async def fetch(request: Request, origin: Origin, request_id: str) -> Response:
            if answer := await self._world.answer(request, origin):
                return answer
            await self.updates.regional()  # The origin may be one of them.
            return await origins.fetch(request, origin, request_id)

        distribution = Distribution(config, call, fetch, self._edge_host, self._world.clock, run_function=run)
        logs = AccessLogs(lambda: distribution.config, self._endpoint, self._access_log)
        served = Served(distribution, logs, calls)
        return served

    async def change(self, stack: Deployment, functions: Functions) -> None:
        """Goes over to a later deployment of the stack, in one step. Requests under way end as they began.

        Raises LocalError if that needs a new start; then everything is as before.
        """
        deployed = await self._read(stack, functions, self.updates.updated)
        if deployed.distributions.keys() != self.served.keys():
            raise LocalError("The change adds, removes or replaces a distribution. Start again to serve it.")
        await self._function_runner.load(deployed.cloudfront_functions)
        self._deployed = deployed
        for distribution_id, (config, calls) in deployed.distributions.items():
            self.served[distribution_id].change(config, calls)
        await self._runtime.renew()

    async def prepare(self) -> list[Function]:
        """Looks the functions at the edge up. Returns those that are found. If a look-up fails, a request says why."""
        configs = [config for config, _ in self._deployed.distributions.values()]
        arns = sorted(_edge(configs))
        if self._debug.ports:  # One after the other: the ports follow the names.
            found = [(await asyncio.gather(self._runtime.prepare(arn), return_exceptions=True))[0] for arn in arns]
        else:
            found = await asyncio.gather(*map(self._runtime.prepare, arns), return_exceptions=True)
        return [function for function in found if not isinstance(function, BaseException)]

    def invalidate(self, distribution_id: str, paths: list[str]) -> None:
        """Removes objects of a distribution from its cache; the terminal says how many."""
        if distribution_id not in self.served:
            return
        try:
            count = self.served[distribution_id].distribution.invalidate(paths)
        except ValueError as error:
            log.warning("%s", error)
        else:
            log.info("Invalidated %s: %d cached objects are removed.", " ".join(paths), count)

    def examples(self, distribution_id: str) -> Examples:
        """The example values for a distribution's own values. Raises LocalError."""
        return configuration(self._endpoint, distribution_id)[1]

    def clear_caches(self) -> None:
        """Later requests ask the origins."""
        for distribution in self.distributions:
            distribution.clear_cache()

    async def close(self) -> None:
        await self._runtime.close()
        await self._function_runner.close()
        await self._transport.close()
        if self._real_aws:
            await self._real_aws.transport.close()

    async def _read(self, stack: Deployment, functions: Functions, unsure: Collection[str] = ()) -> _Deployed:
        ids = stack.distributions.values()
        found = [await asyncio.to_thread(configuration, self._endpoint, each) for each in ids]
        edge = _edge([config for config, _ in found])
        updates = await asyncio.to_thread(
            Updates, functions, self._endpoint, stack.stack_name, edge, self.clear_caches, unsure
        )
        cloudfront_functions = await asyncio.to_thread(
            _cloudfront_functions, self._endpoint, [config for config, _ in found]
        )
        return _Deployed(
            functions,
            updates,
            cloudfront_functions,
            {config.id: (config, self._calls(stack, functions, examples)) for config, examples in found},
        )

    def _calls(self, stack: Deployment, functions: Functions, examples: Examples) -> _Calls:
        invoke, run = self._runtime.invoke, self._function_runner.run
        if self._record is None:
            return _Calls(invoke, run)
        recording = Recording(self._record, examples, self._login)
        return _Calls(
            recorded_invoke(invoke, recording, functions.resolve), recorded_run(run, recording, stack.stack_name)
        )


def _edge(configs: Iterable[DistributionConfig]) -> set[str]:
    """The ARNs of the functions at the edge."""
    behaviors = [behavior for config in configs for behavior in config.behaviors]
    return {item.function_arn for behavior in behaviors for item in behavior.functions.values()}


def _cloudfront_functions(endpoint: Endpoint, configs: Iterable[DistributionConfig]) -> dict[str, Deployed]:
    """The distributions' CloudFront Functions by ARN. Raises LocalError."""
    arns = {
        arn for config in configs for behavior in config.behaviors for arn in behavior.cloudfront_functions.values()
    }
    client = endpoint.client("cloudfront")
    try:
        return {arn: cloudfront_functions.read(client, arn) for arn in sorted(arns)}
    except ConfigurationError as error:
        raise LocalError(str(error)) from None


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
    store_of: FindStore = no_store,
    world: World = World(),
    debug: Debug = NO_DEBUG,
) -> AsyncIterator[Laptop]:
    """The stack's distributions, at the edge location nearest to the Region `edge_region`.

    `record` is the folder for recorded events; None records nothing. Recorded events may show `login`
    (`user:password`). Requests to buckets and function URLs that are not in the stack go to `real_aws`; None has none.
    `access_log` is the folder for access logs; None writes no files. `store_of` finds the key value stores of
    CloudFront Functions. `world` is what a test gives in the world's place. `debug` says how functions of Lambda@Edge
    are debugged.
    The functions' processes end with the `with` block. Raises LocalError.
    """
    laptop = Laptop(endpoint, edge_region, record, login, real_aws, access_log, store_of, world, debug)
    try:
        await laptop.start(stack, functions)
        async with AsyncExitStack() as undo:
            for served in laptop.served.values():
                await undo.enter_async_context(access_logs.delivered(served.access_logs))
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
    return served, Examples.of(deployed, served)


@asynccontextmanager
async def listening(
    distribution: Distribution,
    listener: socket.socket,
    viewer: Viewer,
    https: Https | None = None,
    others: Sequence[Distribution] = (),
) -> AsyncIterator[None]:
    """Answers viewers on the listener's port while the `with` block runs. `viewer` is where requests come from.

    Requests whose Host names one of the `others` go to that one.
    """
    runner = await server.start(distribution, listener, viewer, https, others)
    try:
        yield
    finally:
        await runner.cleanup()


def _print_line(function: str, _: str, line: str) -> None:
    journal.printed(line)
    log.info("%s: %s", function, line)
