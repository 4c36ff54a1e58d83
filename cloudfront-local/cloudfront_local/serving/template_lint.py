"""The rules of `lint` on a template: what AWS would refuse, or not take as meant, and the embedded AWS lets pass."""

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
    """The template breaks rules with E9xxx ids. The text has a line for each."""


@contextlib.asynccontextmanager
async def running(template: Path) -> AsyncIterator[asyncio.Task[list[str]]]:
    """Lints beside what else is done meanwhile: await the task for the warnings. It is cancelled in the end."""
    task = asyncio.create_task(warnings(template))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


async def warnings(template: Path) -> list[str]:
    """One line a finding with a W9xxx id. Raises LintError for those with an E9xxx id."""
    found = [(rule, f"{template.name}:{line} {rule}: {message}") for line, rule, message in await _findings(template)]
    errors = [line for rule, line in found if rule.startswith("E9")]
    if errors:
        what = f"Lambda@Edge would refuse {template}. Correct what these rules name and start again:"
        raise LintError("\n  ".join([what, *errors]))
    return [line for rule, line in found if rule.startswith("W9")]


async def _findings(template: Path) -> list[tuple[int, str, str]]:
    """Line, rule and message. Of what cfn-lint itself would find, `sam build` and `sam deploy` speak."""
    linted = await programs.run([sys.executable, "-m", "cloudfront_local.lint", str(template)])
    if linted.status != 0:
        raise LocalError(f"`cfn-lint` failed:\n{linted.errors}")
    return [(line, rule, message) for line, rule, message in json.loads(linted.output)]
