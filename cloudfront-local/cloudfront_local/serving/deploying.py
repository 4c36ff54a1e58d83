"""Deploys a project to the embedded AWS: parameters, `sam build`, `sam deploy`, and what came of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from cloudfront_local.aws import deployment
from cloudfront_local.aws.deployment import Deployment
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.aws.functions import Functions
from cloudfront_local.aws.project import Project
from cloudfront_local.aws.sam import Sam
from cloudfront_local.serving import template_lint
from cloudfront_local.serving.parameters import Parameters
from cloudfront_local.serving.template_lint import Linted


@dataclass(frozen=True)
class Told:
    """Who is told: `step` marks a step's beginning and end, by its name, and `line` gets a text for a person."""

    step: Callable[[str], AbstractContextManager[None]]
    line: Callable[[str], None]


@dataclass(frozen=True)
class Deployed:
    """A deployed project. `project` has a value for each parameter; `given` is the project as it was given.

    `built_at` is the time when `sam build` began, in nanoseconds since 1970.
    """

    given: Project
    project: Project
    parameters: Parameters
    stack: Deployment
    functions: Functions
    built_at: int


async def deployed(
    project: Project,
    parts: Sequence[Project],
    distribution: str,
    endpoint: Endpoint,
    linted: Linted,
    told: Told,
) -> Deployed:
    """Deploys the `parts`, each as a stack of its own, then the project. `linted` is of the project's template.

    `distribution` is the logical id of the one distribution to serve; empty for all. Raises LocalError.
    """
    parameters = Parameters(endpoint)
    for part in parts:
        parameters.learn(await _deploy_before(part, parameters, endpoint, told))
    completed = await parameters.completed(project, linted.parameters)
    built_at = time.time_ns()
    await _build_and_deploy(completed, endpoint, told)
    stack = await asyncio.to_thread(deployment.read, endpoint, completed.stack_name)
    functions = Functions(completed, Sam(completed, endpoint), endpoint, built_at)
    return Deployed(
        project, completed, parameters, stack.serving(linted.distributions, distribution), functions, built_at
    )


def parts(templates: Sequence[Path], overrides: Sequence[str]) -> list[Project]:
    """The templates that are deployed before the served one, each as a stack of its own."""
    return [Project(template.resolve(), tuple(overrides), part=template.stem) for template in templates]


async def _deploy_before(project: Project, parameters: Parameters, endpoint: Endpoint, told: Told) -> Mapping[str, str]:
    """Deploys a template. Returns the outputs."""
    linted = await template_lint.linted(project.template)
    for warning in linted.warnings:
        told.line(f"  {warning}")
    project = await parameters.completed(project, linted.parameters)
    await _build_and_deploy(project, endpoint, told)
    return await asyncio.to_thread(deployment.outputs, endpoint, project.stack_name)


async def _build_and_deploy(project: Project, endpoint: Endpoint, told: Told) -> None:
    sam = Sam(project, endpoint)
    with told.step("sam build" if not project.part else f"sam build ({project.template.name})"):
        await sam.build()
    with told.step(f"sam deploy (stack {project.stack_name})"):
        await sam.deploy(lambda text: told.line(f"\n  {text}"))
