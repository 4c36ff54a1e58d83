"""`cloudfront-local invoke FUNCTION -e EVENT`: calls a function of the running stack once, as CloudFront would.

The event may hold example values (`serving.recording`). The function gets the running stack's values in their place,
and the result is printed with the example values again.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

from cloudfront_local import check, invoke_function
from cloudfront_local.aws import deployment
from cloudfront_local.aws.container import Containers
from cloudfront_local.aws.container import running as containers_running
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.aws.functions import Functions
from cloudfront_local.aws.project import Project
from cloudfront_local.aws.sam import Sam
from cloudfront_local.distribution.failure import FunctionFailed
from cloudfront_local.errors import LocalError
from cloudfront_local.lambda_edge.edge import EdgeRuntime
from cloudfront_local.lambda_edge.function import Function
from cloudfront_local.rules import cloudfront_functions, violations
from cloudfront_local.serving import laptop, running
from cloudfront_local.serving.recording.examples import Examples


def main(function: str, event: str, *, container: bool) -> int:
    """Prints the result on standard output; the function's log lines and the result's violations on standard error.

    Returns 0 if CloudFront would accept the result, else 1. Raises LocalError.
    """
    given = check.read_event(event)
    if cloudfront_functions.is_event(given):
        if container:
            raise LocalError("A CloudFront Function runs in no container of SAM. Leave --container out.")
        return invoke_function.main(function, given)
    stack = running.read(Path.cwd())
    if stack is None:
        raise LocalError(running.NOT_RUNNING)
    try:
        result = asyncio.run(_invoke(stack, function, given, container=container))
    except FunctionFailed as failure:
        print(*filter(None, (failure.detail, f"{failure} ({failure.kind})")), sep="\n", file=sys.stderr)
        return 1
    print(json.dumps(result, indent=2, ensure_ascii=False))
    refused = violations(given, result)
    for violation in refused:
        print(f"CloudFront refuses this result: {violation}", file=sys.stderr)
    return 1 if refused else 0


async def _invoke(stack: running.RunningStack, name: str, event: dict[str, Any], *, container: bool) -> Any:
    """Returns the function's result, with example values. Raises LocalError, FunctionFailed."""
    endpoint = running.endpoint(stack)
    project = Project(Path(stack.template), tuple(stack.parameter_overrides), stack.deployment)
    functions = Functions(project, Sam(project, endpoint), endpoint, stack.built_at)
    async with contextlib.AsyncExitStack() as undo:
        containers = await undo.enter_async_context(containers_running(endpoint)) if container else None
        seen = containers.inside if containers else endpoint
        arns, examples = await asyncio.to_thread(_called, stack, endpoint, seen)
        function = await _function(functions, arns, name)
        given = examples.real(event)
        if containers:
            result = await _in_container(containers, stack, functions, function, given)
        else:
            result = await _in_process(endpoint, stack, functions, function, given)
    return examples.example(result)


async def _in_process(
    endpoint: Endpoint, stack: running.RunningStack, functions: Functions, function: Function, event: object
) -> Any:
    runtime = EdgeRuntime(
        functions.resolve,
        functions.assume_role,
        region=stack.edge_region,
        endpoint_url=endpoint.url,
        console=lambda _, __, line: print(line, file=sys.stderr),
    )
    try:
        return await runtime.invoke(function.arn, event)
    finally:
        await runtime.close()


async def _in_container(
    containers: Containers, stack: running.RunningStack, functions: Functions, function: Function, event: object
) -> Any:
    credentials = await functions.assume_role(function.role)
    with tempfile.TemporaryDirectory(prefix="invoke-", dir=Path(stack.build_dir).parent) as folder:
        try:
            result, said = await containers.invoke(function, credentials, event, stack.edge_region, Path(folder))
        finally:
            function.artifact.close()
    print(said, end="", file=sys.stderr)
    return result


def _called(stack: running.RunningStack, endpoint: Endpoint, seen: Endpoint) -> tuple[set[str], Examples]:
    """The ARNs of the functions that the distribution runs, and its example values. Raises LocalError.

    Without a distribution, the versions that the stack publishes: another distribution may run those.
    """
    if not stack.distributions:
        return deployment.versions(endpoint, stack.stack_name), Examples({})
    config, examples = laptop.configuration(endpoint, stack.distribution_id, seen)
    return {item.function_arn for each in config.behaviors for item in each.functions.values()}, examples


async def _function(functions: Functions, arns: Collection[str], name: str) -> Function:
    """Finds one of these functions by its logical id or by its package. Raises LocalError."""
    found = [await functions.resolve(arn) for arn in sorted(arns)]
    for function in found:
        if name in (function.logical_id, function.package):
            return function
    those = ", ".join(f"{function.logical_id} ({function.package})" for function in found) or "none"
    raise LocalError(f"The stack has no edge function {name}. Its edge functions: {those}.")
