"""Lints the template while the embedded AWS starts: the embedded AWS accepts mistakes that AWS would refuse."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from cloudfront_local.aws import programs
from cloudfront_local.errors import LocalError


class LintError(LocalError):
    """The template breaks rules with E9xxx ids. The text has one line for each finding."""


@contextlib.asynccontextmanager
async def running(template: Path) -> AsyncIterator[asyncio.Task[list[str]]]:
    """Lints in a task beside the `with` block: await the task for the warnings. The block's end cancels the task."""
    task = asyncio.create_task(warnings(template))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


async def warnings(template: Path) -> list[str]:
    """Lints a template. Returns one line for each finding with a W9xxx id. Raises LintError for E9xxx ids."""
    found = [(rule, f"{template.name}:{line} {rule}: {message}") for line, rule, message in await _findings(template)]
    errors = [line for rule, line in found if rule.startswith("E9")]
    if errors:
        problem = f"Lambda@Edge would refuse {template}. Correct these errors and start again:"
        raise LintError("\n  ".join([problem, *errors]))
    return [line for rule, line in found if rule.startswith("W9")]


async def _findings(template: Path) -> list[tuple[int, str, str]]:
    """Line, rule and message of each E9xxx and W9xxx finding. `sam` reports cfn-lint's own findings."""
    linted = await programs.run([sys.executable, "-m", "cloudfront_local.lint", str(template)])
    if linted.status != 0:
        raise LocalError(f"`cfn-lint` failed:\n{linted.errors}")
    return [(line, rule, message) for line, rule, message in json.loads(linted.output)]
