"""Puts together a deployed stack's distribution with its functions and origins, and serves it over HTTP."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from botocore.credentials import Credentials

from cloudfront_local.aws import addresses, callers
from cloudfront_local.aws import distribution as distributions
from cloudfront_local.aws.deployment import Deployment
from cloudfront_local.aws.endpoint import ROOT_KEYS, Endpoint
from cloudfront_local.aws.functions import Functions
from cloudfront_local.aws.ports import unavailable
from cloudfront_local.distribution.config import DistributionConfig
from cloudfront_local.distribution.edge_locations import edge_host
from cloudfront_local.distribution.pipeline import Distribution
from cloudfront_local.errors import LocalError
from cloudfront_local.lambda_edge.edge import EdgeRuntime
from cloudfront_local.origins.fetch import Origins
from cloudfront_local.origins.function_url import FunctionUrls
from cloudfront_local.origins.s3 import S3
from cloudfront_local.origins.transport import Transport
from cloudfront_local.serving import server
from cloudfront_local.serving.recording.examples import Examples
from cloudfront_local.serving.recording.recorder import Recorder

log = logging.getLogger("functions")


@asynccontextmanager
async def distribution(
    endpoint: Endpoint,
    stack: Deployment,
    functions: Functions,
    edge_region: str,
    record: Path | None = None,
    login: str = "",
) -> AsyncIterator[Distribution]:
    """The stack's first distribution, at the edge location nearest to the Region `edge_region`.

    `record` is the folder for recorded events; None records nothing. Recorded events may show `login`
    (`user:password`). The functions' processes end with the `with` block. Raises LocalError.
    """
    found, examples = await asyncio.to_thread(configuration, endpoint, stack.served)
    runtime = EdgeRuntime(
        functions.resolve, functions.assume_role, region=edge_region, endpoint_url=endpoint.url, console=_print_line
    )
    invoke = Recorder(record, examples, login, runtime.invoke, functions.resolve).invoke if record else runtime.invoke
    transport = Transport(endpoint.url)
    root, account = Credentials(*ROOT_KEYS), callers.account(endpoint, runtime.role)
    origins = Origins(
        transport,
        S3(transport, found.arn, root, account),
        FunctionUrls(transport, account, found.arn, root),
    )
    try:
        yield Distribution(found, invoke, origins.fetch, edge_host(edge_region))
    finally:
        await runtime.close()
        await transport.close()


def configuration(
    endpoint: Endpoint, distribution_id: str, seen: Endpoint | None = None
) -> tuple[DistributionConfig, Examples]:
    """Reads a deployed distribution. Returns it as it is served here, and the example values for its own values.

    `seen` is the endpoint where the functions reach the embedded AWS, if it differs from `endpoint` (in a container).
    Raises LocalError.
    """
    try:
        deployed = distributions.read(endpoint.client("cloudfront"), distribution_id)
    except distributions.ConfigurationError as error:
        raise LocalError(str(error)) from None
    served = addresses.localized(deployed, seen or endpoint, addresses.default_stages(endpoint))
    return served, Examples(deployed, served)


@asynccontextmanager
async def listening(distribution: Distribution, port: int) -> AsyncIterator[None]:
    """Answers viewers on a port of 127.0.0.1 while the `with` block runs. Raises LocalError if the port is taken."""
    try:
        runner = await server.start(distribution, port)
    except OSError as error:
        raise unavailable(port, "PORT", error) from None
    try:
        yield
    finally:
        await runner.cleanup()


def _print_line(function: str, _: str, line: str) -> None:
    log.info("%s: %s", function, line)
