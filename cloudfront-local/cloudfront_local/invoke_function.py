"""`cloudfront-local invoke` of a CloudFront Function: of the running stack, or of a source file without a stack."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cloudfront_local.aws import cloudfront_functions
from cloudfront_local.aws.configuration import ConfigurationError
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.aws.key_value_stores import KeyValueStores
from cloudfront_local.distribution.config import DistributionConfig
from cloudfront_local.errors import LocalError
from cloudfront_local.functions import trial
from cloudfront_local.functions.function import EdgeFunction
from cloudfront_local.functions.key_value_store import Store
from cloudfront_local.functions.outcome import Outcome
from cloudfront_local.functions.process import FunctionProcess
from cloudfront_local.serving import laptop, running
from cloudfront_local.serving.recording.examples import Examples


@dataclass(frozen=True)
class _Found:
    """A function, with what its distribution gives it. A file has no distribution."""

    function: EdgeFunction
    store: Store | None = None
    origin_ids: Collection[str] | None = None
    examples: Examples | None = None


def main(name: str, event: dict[str, Any]) -> int:
    """Prints the result on standard output; log lines, the estimated compute utilization, errors and violations on
    standard error.

    `name` is the path of a file `*.js`, or the logical id or the name of a function of the running stack. A file runs
    as cloudfront-js-2.0. Returns 0 if CloudFront would accept the result, else 1. Raises LocalError.
    """
    return asyncio.run(_main(name, event))


async def _main(name: str, event: dict[str, Any]) -> int:
    found = _Found(trial.loaded_file(Path(name), name)) if name.endswith(".js") else await _of_stack(name)
    for warning in found.function.warnings:
        _say(f"Warning: {warning}")
    given = found.examples.real(event) if found.examples else event
    process = FunctionProcess(found.function)
    try:
        outcome = await process.run(trial.call(given), found.store)
    finally:
        await process.close()
    return _report(given, outcome, found)


def _report(event: dict[str, Any], outcome: Outcome, found: _Found) -> int:
    for line in outcome.logs:
        _say(line)
    _say(f"Compute utilization, estimated: {outcome.utilization} %")
    if failed := trial.failure(outcome):
        _say(failed)
        return 1
    if outcome.origin:
        _say(f"Origin: {outcome.origin.helper} {outcome.origin.origin_id} {json.dumps(outcome.origin.parameters)}")
    result = found.examples.example(outcome.result) if found.examples else outcome.result
    print(json.dumps(result, indent=2, ensure_ascii=False))
    refused = trial.refusals(event, outcome, found.origin_ids)
    for violation in refused:
        _say(f"CloudFront refuses this result: {violation}")
    return 1 if refused else 0


async def _of_stack(name: str) -> _Found:
    stack = running.read(Path.cwd())
    if stack is None:
        raise LocalError(f"{running.NOT_RUNNING} A function's file runs without a stack: name it, such as rewrite.js.")
    endpoint = running.endpoint(stack)
    config, examples = await asyncio.to_thread(laptop.configuration, endpoint, stack.distribution_id)
    arn = await asyncio.to_thread(_arn, endpoint, stack.stack_name, config, name)
    try:
        deployed = await asyncio.to_thread(cloudfront_functions.read, endpoint.client("cloudfront"), arn)
    except ConfigurationError as error:
        raise LocalError(str(error)) from None
    store = await KeyValueStores(endpoint).of(deployed)
    function = trial.loaded(deployed.source, deployed.name, deployed.runtime)
    return _Found(function, store, config.origins, examples)


def _arn(endpoint: Endpoint, stack_name: str, config: DistributionConfig, name: str) -> str:
    """The ARN of the function of this logical id or name, which may lack the stack's name in front.

    Raises LocalError if no behavior runs it.
    """
    arns = sorted({arn for behavior in config.behaviors for arn in behavior.cloudfront_functions.values()})
    resources = endpoint.client("cloudformation").describe_stack_resources(StackName=stack_name)["StackResources"]
    logical_ids = {
        resource["PhysicalResourceId"].rpartition("/")[2]: resource["LogicalResourceId"]
        for resource in resources
        if resource["ResourceType"] == "AWS::CloudFront::Function"
    }
    names = {arn: arn.rpartition("/")[2] for arn in arns}
    for arn in arns:
        if name in (names[arn], names[arn].removeprefix(f"{stack_name}-"), logical_ids.get(names[arn])):
            return arn
    those = ", ".join(f"{logical_ids.get(each, each)} ({each})" for each in names.values()) or "none"
    raise LocalError(
        f"No behavior of the distribution runs a CloudFront Function {name}. Name one of its functions: {those}."
    )


def _say(text: str) -> None:
    print(text, file=sys.stderr)
