"""A project's stack in an embedded AWS of its own, whose distribution tests ask without HTTP."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from cloudfront_local.aws import environment_file, ministack
from cloudfront_local.aws.deployment import Deployment
from cloudfront_local.aws.ministack import Ministack
from cloudfront_local.aws.project import Project
from cloudfront_local.distribution.origin import Origin as DistributionOrigin
from cloudfront_local.distribution.origin import S3Origin
from cloudfront_local.errors import LocalError
from cloudfront_local.origins.transport import AWS_DOMAINS
from cloudfront_local.serving import deploying, laptop, running, seed, template_lint
from cloudfront_local.serving.deploying import Told
from cloudfront_local.serving.laptop import Laptop, World
from cloudfront_local.serving.running import RunningStack
from cloudfront_local.testing.distribution import outbound
from cloudfront_local.testing.distribution.clock import Clock
from cloudfront_local.testing.distribution.origins import Origins
from cloudfront_local.testing.distribution.surroundings import Surroundings

REGION = "us-east-1"


@dataclass
class Stack:
    """The running stack. Each test gives it a clock and origins of its own."""

    aws: Ministack
    laptop: Laptop
    deployment: Deployment
    surroundings: Surroundings

    async def begin(self, clock: Clock, origins: Origins) -> None:
        """Begins a test: an empty cache, this time, these origins, and the data of tables and buckets as seeded."""
        self.surroundings.clock, self.surroundings.origins = clock, origins
        self.laptop.clear_caches()

    async def end(self) -> None:
        """Ends a test: the data of tables and buckets is as it was."""
        await self.aws.restore_data()


def _is_own(origin: DistributionOrigin) -> bool:
    """Whether an origin is in the embedded AWS."""
    return isinstance(origin, S3Origin) or origin.domain_name.endswith(AWS_DOMAINS)


@asynccontextmanager
async def running_stack(template: Path, temporary: Path) -> AsyncIterator[Stack]:
    """Deploys the template, as `serve` does, and runs its distributions while the `with` block runs.

    `temporary` is a folder for files. Raises LocalError.
    """
    surroundings = Surroundings(_is_own)
    project = Project(template)
    async with AsyncExitStack() as undo:
        undo.enter_context(running.claimed(template.parent))
        undo.callback(shutil.rmtree, project.folder, ignore_errors=True)
        project.clear()
        linted = await undo.enter_async_context(template_lint.running(template))
        aws = await undo.enter_async_context(ministack.running(0, project.region))
        undo.enter_context(environment_file.written(project.folder, aws.endpoint))
        told = Told(lambda _: nullcontext(), lambda _: None)
        made = await deploying.deployed(project, [], "", aws.endpoint, await linted, told)
        project = made.project
        served, _ = await asyncio.to_thread(laptop.configuration, aws.endpoint, first(made.stack))
        undo.enter_context(running.described(_description(made, aws, f"https://{served.domain_name}")))
        if project.seed:
            await seed.run(project.seed, template.parent, aws.endpoint.environment())
        await aws.keep_data()
        leading = await undo.enter_async_context(outbound.answering(surroundings.outbound, temporary))
        world = World(surroundings.now, surroundings.answer, leading)
        stack = await undo.enter_async_context(
            laptop.running(
                aws.endpoint,
                made.stack,
                made.functions,
                REGION,
                store_of=aws.key_value_stores.of,
                world=world,
            )
        )
        await stack.prepare()
        aws.invalidations.follow(stack.invalidate)
        yield Stack(aws, stack, made.stack, surroundings)


def first(stack: Deployment) -> str:
    """The id of the template's first distribution. Raises LocalError if there is none."""
    if not stack.distributions:
        raise LocalError(
            f"The stack {stack.stack_name} has no AWS::CloudFront::Distribution to test. Add one to its template."
        )
    return next(iter(stack.distributions.values()))


def _description(made: deploying.Deployed, aws: Ministack, url: str) -> RunningStack:
    """For the project's own commands, such as its seed. `url` is the one that tests ask: no port serves it."""
    return RunningStack(
        pid=os.getpid(),
        url=url,
        endpoint_url=aws.endpoint.url,
        stack_name=made.project.stack_name,
        region=made.project.region,
        edge_region=REGION,
        distributions=dict(made.stack.distributions),
        template=str(made.project.template),
        build_dir=str(made.project.build_dir),
        built_at=made.built_at,
        parameter_overrides=list(made.project.parameter_overrides),
        deployment=made.project.deployment,
    )
