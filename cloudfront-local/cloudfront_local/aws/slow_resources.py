"""Names the resources that a deployment waits for, with the log of the functions that may hold a custom resource up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from cloudfront_local.aws.endpoint import Endpoint

# Seconds.
SLOW = 20.0
PAUSE = 2.0
LOG_LINES = 8


async def told(endpoint: Endpoint, stack_name: str, tell: Callable[[str], None], slow: float = SLOW) -> None:
    """Calls `tell` with the text about each resource that is not ready after `slow` seconds, once. Never returns."""
    seen: dict[str, float] = {}
    said: set[str] = set()
    while True:
        await asyncio.sleep(min(PAUSE, slow))
        waiting = await asyncio.to_thread(_waiting, endpoint, stack_name)
        now = time.monotonic()
        seen = {name: seen.get(name, now) for name in waiting}
        for name in sorted(name for name, since in seen.items() if now - since >= slow - PAUSE and name not in said):
            said.add(name)
            tell(await asyncio.to_thread(_text, endpoint, stack_name, name, waiting[name], slow))


def _waiting(endpoint: Endpoint, stack_name: str) -> dict[str, str]:
    """The types of the resources that are in progress, by logical id."""
    try:
        events = _cloudformation(endpoint).describe_stack_events(StackName=stack_name)["StackEvents"]
    except (BotoCoreError, ClientError):  # There is no such stack yet.
        return {}
    newest: dict[str, dict[str, Any]] = {}
    for event in events:  # The newest is the first.
        newest.setdefault(event["LogicalResourceId"], event)
    return {
        name: event["ResourceType"]
        for name, event in newest.items()
        if event["ResourceStatus"].endswith("_IN_PROGRESS") and event["ResourceType"] != "AWS::CloudFormation::Stack"
    }


def _text(endpoint: Endpoint, stack_name: str, name: str, kind: str, slow: float) -> str:
    text = f"{name} ({kind}) is not ready after {slow:.0f} s."
    if not kind.startswith("Custom::") and kind != "AWS::CloudFormation::CustomResource":
        return text
    lines = [line for function in _functions(endpoint, stack_name) for line in _log(endpoint, function)]
    if not lines:
        return f"{text} Its function must answer to the event's ResponseURL, and has printed nothing."
    shown = "\n".join(f"    {line}" for line in lines)
    return f"{text} Its function must answer to the event's ResponseURL. The stack's functions have printed:\n{shown}"


def _cloudformation(endpoint: Endpoint) -> Any:
    return endpoint.client("cloudformation", read_timeout=PAUSE)


def _functions(endpoint: Endpoint, stack_name: str) -> list[str]:
    resources = _cloudformation(endpoint).describe_stack_resources(StackName=stack_name)["StackResources"]
    return [each["PhysicalResourceId"] for each in resources if each["ResourceType"] == "AWS::Lambda::Function"]


def _log(endpoint: Endpoint, function: str) -> Iterator[str]:
    """The last lines that a function has printed, without Lambda's own."""
    logs = endpoint.client("logs", read_timeout=PAUSE)
    try:
        events = logs.filter_log_events(logGroupName=f"/aws/lambda/{function}")["events"]
    except (BotoCoreError, ClientError):  # It has not run.
        return
    lines = [line for event in events for line in event["message"].splitlines()]
    printed = [line for line in lines if not line.startswith(("START ", "END ", "REPORT "))]
    yield from (f"{function}: {line}" for line in printed[-LOG_LINES:])
