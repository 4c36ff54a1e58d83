"""Deploys a template that was edited while its stack is served."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace

from cloudfront_local.aws import deployment
from cloudfront_local.aws.deployment import Deployment
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.aws.functions import Functions
from cloudfront_local.aws.project import Project
from cloudfront_local.aws.sam import Sam
from cloudfront_local.errors import LocalError
from cloudfront_local.serving import template_lint
from cloudfront_local.serving.laptop import Laptop
from cloudfront_local.serving.parameters import Parameters

log = logging.getLogger("cloudfront")


class Redeployment:
    """Deploys the project's template and settings as they are now, and hands the new configuration to `laptop`, which
    serves the one distribution with the logical id `distribution`, or all if that is empty.

    `parameters` completes the project's values. `deployed(project, built_at)` is called after a deployment.
    """

    def __init__(
        self,
        project: Project,
        parameters: Parameters,
        endpoint: Endpoint,
        laptop: Laptop,
        distribution: str,
        deployed: Callable[[Project, int], None],
    ) -> None:
        self._project = project
        self._parameters = parameters
        self._number = project.deployment
        self._endpoint = endpoint
        self._laptop = laptop
        self._distribution = distribution
        self._deployed = deployed

    async def __call__(self) -> None:
        """Raises LocalError with the reason if the change cannot be deployed; the previous deployment goes on."""
        started = time.perf_counter()
        self._number += 1
        # A copy: it reads the settings anew.
        project = replace(self._project, deployment=self._number)
        log.info("%s or its settings have changed: deploying ...", project.template.name)
        try:
            await self._change(project)
        except LocalError as error:
            raise LocalError(
                f"The change of {project.template.name} or its settings is not served; the previous deployment goes on."
                f" After a correction, save the file: that is enough.\n{error}"
            ) from None
        log.info("The change is deployed and served (%.1f s).", time.perf_counter() - started)

    async def _change(self, project: Project) -> None:
        if (project.stack_name, project.region) != (self._project.stack_name, self._project.region):
            raise LocalError("samconfig.toml names another stack or Region. Start again to deploy that stack.")
        linted = await template_lint.linted(project.template)
        for warning in linted.warnings:
            log.warning("%s", warning)
        project = await self._parameters.completed(project, linted.parameters)
        built_at = time.time_ns()
        sam = Sam(project, self._endpoint)
        await sam.build()
        await sam.deploy(lambda text: log.warning("%s", text))
        stack: Deployment = await asyncio.to_thread(deployment.read, self._endpoint, project.stack_name)
        stack = stack.serving(linted.distributions, self._distribution)
        await self._laptop.change(stack, Functions(project, sam, self._endpoint, built_at))
        self._deployed(project, built_at)
