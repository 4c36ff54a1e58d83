"""The distribution of a template alone, for a session of tests."""

from __future__ import annotations

import asyncio
import datetime
import logging
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cfnlint.decode import decode

from cloudfront_local.aws import distribution as distributions
from cloudfront_local.aws.cloudfront_functions import Deployed
from cloudfront_local.aws.configuration import ConfigurationError
from cloudfront_local.distribution.cloudfront_functions import RunFunction, no_function
from cloudfront_local.distribution.config import DistributionConfig
from cloudfront_local.distribution.edge_locations import edge_host
from cloudfront_local.distribution.functions import Invoke
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import Origin
from cloudfront_local.distribution.pipeline import Distribution as Pipeline
from cloudfront_local.errors import LocalError, aws_extra
from cloudfront_local.lambda_edge.credentials import Credentials
from cloudfront_local.lambda_edge.edge import EdgeRuntime
from cloudfront_local.lambda_edge.function import Function
from cloudfront_local.lambda_edge.outbound import Outbound
from cloudfront_local.lint.catalog import RULES
from cloudfront_local.lint.findings import found_by
from cloudfront_local.lint.template import Template
from cloudfront_local.serving import template_lint
from cloudfront_local.testing.distribution import outbound
from cloudfront_local.testing.distribution.background import Background
from cloudfront_local.testing.distribution.clock import Clock
from cloudfront_local.testing.distribution.distribution import Distribution
from cloudfront_local.testing.distribution.origins import Origins
from cloudfront_local.testing.distribution.surroundings import Surroundings
from cloudfront_local.testing.template_alone.cloudfront import TemplateCloudFront
from cloudfront_local.testing.template_alone.functions import TemplateFunctions
from cloudfront_local.testing.template_alone.values import REGION, Values

log = logging.getLogger("functions")


# The items of key value stores, by the stores' logical ids.
Stores = dict[str, dict[str, str]]


class TemplateDistribution(Distribution):
    """A distribution without AWS: the test answers for all its origins."""

    def __init__(
        self, served: Pipeline, clock: Clock, origins: Origins, background: Background, stores: Stores
    ) -> None:
        super().__init__(served, clock, origins, background)
        self._stores = stores

    def key_value_store(self, name: str) -> dict[str, str]:
        """The items of the key value store with this logical id: none when the test begins."""
        return self._stores.setdefault(name, {})


@dataclass(frozen=True)
class TemplateSession:
    """A distribution that tests share."""

    served: Pipeline
    surroundings: Surroundings
    stores: Stores
    background: Background

    @contextmanager
    def test(self) -> Iterator[TemplateDistribution]:
        """The distribution for one test."""
        clock, origins = Clock(), Origins()
        self.surroundings.clock, self.surroundings.origins = clock, origins
        self.served.clear_cache()
        self.stores.clear()
        yield TemplateDistribution(self.served, clock, origins, self.background, self.stores)


@contextmanager
def template_alone(template: Path, temporary: Path) -> Iterator[TemplateSession]:
    """Runs the template's first distribution while the `with` block runs. `temporary` is a folder for files.

    Raises LocalError.
    """
    surroundings, stores = Surroundings(lambda _: False), Stores()
    read = _read(template)
    with Background() as background:
        running = _running(read, template.parent, temporary, surroundings, stores)
        served = background.run(running.__aenter__())
        try:
            _warn(read, template.name)
            yield TemplateSession(served, surroundings, stores, background)
        finally:
            background.run(running.__aexit__(None, None, None))


@asynccontextmanager
async def _running(
    template: Template, folder: Path, temporary: Path, surroundings: Surroundings, stores: Stores
) -> AsyncIterator[Pipeline]:
    values = Values(template)
    api = TemplateCloudFront(values)
    config = _configuration(api)
    functions = TemplateFunctions(values, folder, temporary)

    async def fetch(request: Request, origin: Origin, _: str) -> Response:
        answer = await surroundings.answer(request, origin)
        assert answer is not None  # noqa: S101 - for the type checker: no origin answers for itself
        return answer

    async with (
        outbound.answering(surroundings.outbound, temporary) as leading,
        _lambda_at_edge(functions, config, leading) as invoke,
        _cloudfront_functions(api, config, stores) as run,
    ):
        yield Pipeline(config, invoke, fetch, edge_host(REGION), surroundings.now, run_function=run)


@asynccontextmanager
async def _lambda_at_edge(
    functions: TemplateFunctions, config: DistributionConfig, leading: Outbound
) -> AsyncIterator[Invoke]:
    """Calls the distribution's functions of Lambda@Edge. Their connections go to the test."""
    arns = dict.fromkeys(at.function_arn for each in config.behaviors for at in each.functions.values())
    at_edge = {arn: await asyncio.to_thread(functions.function, arn) for arn in arns}

    async def resolve(arn: str) -> Function:
        return at_edge[arn]

    runtime = EdgeRuntime(
        resolve, _credentials, region=REGION, endpoint_url=None, console=_print_line, outbound=leading
    )
    try:
        yield runtime.invoke
    finally:
        await runtime.close()


@asynccontextmanager
async def _cloudfront_functions(
    api: TemplateCloudFront, config: DistributionConfig, stores: Stores
) -> AsyncIterator[RunFunction]:
    """Runs the distribution's CloudFront Functions, if it has some."""
    used = {arn for behavior in config.behaviors for arn in behavior.cloudfront_functions.values()}
    if not used:
        yield no_function
        return
    with aws_extra("CloudFront Functions run in QuickJS, which comes with the extra `aws`"):
        from cloudfront_local.functions.key_value_store import KeyValueStore
        from cloudfront_local.serving.function_runner import FunctionRunner

    async def store_of(function: Deployed) -> KeyValueStore:
        arn = function.stores[0]
        return KeyValueStore(arn, dict(stores.get(arn.rpartition(":")[2], {})))

    runner = FunctionRunner(edge_host(REGION).pop[:3], REGION, store_of)
    try:
        await runner.load({arn: function for arn, function in api.functions().items() if arn in used})
        yield runner.run
    finally:
        await runner.close()


def _read(template: Path) -> Template:
    if not template.is_file():
        raise LocalError(
            f"There is no template {template}. Name it in pytest's settings, such as cloudfront_template = infra.yaml."
        )
    read, problems = decode(str(template))
    if not isinstance(read, dict):
        said = problems[0].message if problems else "it is no mapping"
        raise LocalError(f"{template} cannot be read as a template: {said}. `cloudfront-local lint` says where.")
    return Template(read, template)


def _warn(template: Template, name: str) -> None:
    """Warns of what the fixture `distribution` refuses, because AWS does."""
    rules = [rule() for rule in RULES if template_lint.stops(rule.id)]
    if errors := [f"{name}:{line} {rule}: {message}" for line, rule, message in found_by(rules, template)]:
        problem = (
            f"AWS would refuse {name}, which `edge_distribution` runs all the same. Correct these errors before you "
            "deploy:"
        )
        warnings.warn("\n  ".join([problem, *errors]), stacklevel=2)


def _configuration(api: TemplateCloudFront) -> DistributionConfig:
    try:
        return distributions.read(api, "")
    except ConfigurationError as error:
        raise LocalError(str(error)) from None
    except RecursionError:
        raise LocalError("The template's expressions name each other in a circle.") from None


async def _credentials(_: str) -> Credentials:
    """Credentials that nobody verifies: the test answers what a function asks of AWS."""
    return {
        "AccessKeyId": "ASIAIOSFODNN7EXAMPLE",
        "SecretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "SessionToken": "IQoJb3JpZ2luX2VjEXAMPLE",
        "Expiration": datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1),
    }


def _print_line(function: str, _: str, line: str) -> None:
    log.info("%s: %s", function, line)
