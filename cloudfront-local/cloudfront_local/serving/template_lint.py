"""Lints the template while the embedded AWS starts: the embedded AWS accepts mistakes that AWS would refuse."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cloudfront_local.aws import programs
from cloudfront_local.errors import LocalError
from cloudfront_local.lambda_edge import interpreter
from cloudfront_local.lint import absent, schema

# What AWS refuses and this machine runs all the same: other processors, and runtimes that Lambda deprecated.
RUNS_HERE = ("E9009", "E9012")

# What a CloudFront Function's code lacks stops nothing: AWS deploys the code, too. When the function is loaded, the
# terminal says it, with the line.
TOLD_LATER = ("E9026", "W9005")

# The other ids are cfn-lint's, of which sam reports those that matter to it.
STOPPING = ("E9", *absent.IDS, *schema.IDS)


@dataclass(frozen=True)
class Linted:
    """`warnings` has a line for each finding that stops nothing: W9xxx, and those of RUNS_HERE. `parameters` is the
    template's section Parameters, and `distributions` has the logical ids of its distributions in their order."""

    warnings: list[str]
    parameters: Mapping[str, Any]
    distributions: list[str]


def stops(rule: str) -> bool:
    """Whether what a rule finds keeps a template from being deployed here."""
    return rule.startswith(STOPPING) and rule not in (*RUNS_HERE, *TOLD_LATER)


class LintError(LocalError):
    """AWS refuses the template. The text has one line for each finding."""


@contextlib.asynccontextmanager
async def running(template: Path) -> AsyncIterator[asyncio.Task[Linted]]:
    """Lints in a task beside the `with` block: await the task for the result. The block's end cancels the task."""
    task = asyncio.create_task(linted(template))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


async def linted(template: Path) -> Linted:
    """Lints a template.

    Raises LintError for the other errors, and LocalError if this machine cannot run an edge function.
    """
    findings, runtimes, parameters, distributions = await _judged(template)
    await asyncio.to_thread(_check, runtimes)
    found = [
        (rule, f"{template.name}:{line} {rule}: {message}")
        for line, rule, message in findings
        if rule not in TOLD_LATER
    ]
    errors = [line for rule, line in found if stops(rule)]
    if errors:
        problem = f"AWS would refuse {template}. Correct these errors and start again:"
        raise LintError("\n  ".join([problem, *errors]))
    warned = [line for rule, line in found if rule.startswith("W9")]
    runs = [f"{line} It runs here all the same." for rule, line in found if rule in RUNS_HERE]
    return Linted([*warned, *runs], parameters, distributions)


def _check(runtimes: Mapping[str, str]) -> None:
    """Raises LocalError for functions, given by logical id with their runtimes, that this machine cannot run."""
    for function, runtime in runtimes.items():
        try:
            interpreter.program(runtime)
        except LocalError as error:
            raise LocalError(f"{function} cannot run: {error}") from None


async def _judged(template: Path) -> tuple[list[tuple[int, str, str]], dict[str, str], dict[str, Any], list[str]]:
    """Line, rule and message of each finding, the runtimes of edge functions by logical id, the parameters, and the
    logical ids of the distributions.

    Of cfn-lint's own rules, only those about what is not there are among them.
    """
    ended = await programs.run([sys.executable, "-m", "cloudfront_local.lint", str(template)])
    if ended.status != 0:
        raise LocalError(f"`cfn-lint` failed:\n{ended.errors}")
    findings, runtimes, parameters, distributions = json.loads(ended.output)
    return [(line, rule, message) for line, rule, message in findings], runtimes, parameters, distributions
