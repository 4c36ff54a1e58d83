"""The rules of `lint/` on a template: what AWS would refuse, or not take as meant, and the embedded AWS lets pass."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from local import programs
from local.errors import LocalError

PLUGIN = Path(__file__).resolve().parents[1] / "lint" / "plugin"


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
    found = await _findings(template)
    errors = [_line(template, match) for match in found if match["Rule"]["Id"].startswith("E9")]
    if errors:
        what = f"Lambda@Edge would refuse {template}. Correct what these rules name (lint/README.md) and start again:"
        raise LintError("\n  ".join([what, *errors]))
    return [_line(template, match) for match in found if match["Rule"]["Id"].startswith("W9")]


async def _findings(template: Path) -> list[dict[str, Any]]:
    """What cfn-lint finds, its own rules included: `sam build` and `sam deploy` speak of what breaks those."""
    program = str(Path(sys.executable).with_name("cfn-lint"))
    # Without --config-file, the .cfnlintrc of the current folder and the user's own would have their say.
    settings = ["--config-file", os.devnull, "--regions", "us-east-1", "--append-rules", str(PLUGIN)]
    linted = await programs.run([program, "--format", "json", *settings, "--template", str(template)])
    try:
        found: list[dict[str, Any]] = json.loads(linted.output or "[]")
    except ValueError:
        raise LocalError(f"`cfn-lint` failed:\n{linted.errors or linted.output}") from None
    return found


def _line(template: Path, match: dict[str, Any]) -> str:
    line = match["Location"]["Start"]["LineNumber"]
    return f"{template.name}:{line} {match['Rule']['Id']}: {match['Message']}"
