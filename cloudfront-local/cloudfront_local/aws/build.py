"""Builds one function as `sam build` does. Simple builds do not start sam, which alone takes seconds.

Source: aws-lambda-builders, the workflows CustomMakeBuilder, PythonPipBuilder and NodejsNpmBuilder. A test compares
the results with those of sam.
"""

from __future__ import annotations

import asyncio
import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cloudfront_local.aws import programs
from cloudfront_local.aws.project import Project
from cloudfront_local.aws.sam import Sam
from cloudfront_local.errors import LocalError

# The files that sam leaves out of the copy in which it runs make, and of a Node.js function's build.
EXCLUDES = (".aws-sam", ".git")
# The files that sam leaves out of a Python function's build.
PYTHON_EXCLUDES = (
    *(".aws-sam", ".chalice", ".git", ".gitignore", "*.pyc", "__pycache__", "*.so", ".Python", "*.egg-info", "*.egg"),
    *("pip-log.txt", "pip-delete-this-directory.txt", "htmlcov", ".tox", ".nox", ".coverage", ".cache"),
    *(".pytest_cache", ".python-version", ".mypy_cache", ".dmypy.json", ".pyre", ".env", ".venv", "venv", "venv.bak"),
    *("env.bak", "ENV", "env", ".vscode", ".idea"),
)
# The settings of `sam build` in samconfig.toml that do not change the result.
HARMLESS = frozenset({"cached", "debug", "parallel", "profile", "region", "stack_name"})


@dataclass(frozen=True)
class Definition:
    """A function in the list of builds that `sam build` writes. `source` is the folder of its CodeUri."""

    source: Path
    runtime: str = ""
    package_type: str = "Zip"
    metadata: Mapping[str, Any] = field(default_factory=dict)


class Builder:
    """Builds the functions of a project that `sam build` has built once, with sam's environment variables."""

    def __init__(self, project: Project, sam: Sam, environment: Mapping[str, str]) -> None:
        self._sam = sam
        self._environment = environment
        self._changes_builds = project.parameters("build").keys() - HARMLESS
        self.definitions = _definitions(project.build_dir.with_name("build.toml"))

    async def build(self, logical_id: str, folder: Path) -> Path:
        """Builds one function into an empty folder. Returns its artifact's folder in there. Raises LocalError."""
        definition = self.definitions[logical_id]
        if self._changes_builds or definition.package_type != "Zip":
            return await self._sam.rebuild(logical_id, folder)
        if definition.metadata == {"BuildMethod": "makefile"}:
            return await self._make(logical_id, definition.source, folder)
        excludes = None if definition.metadata else _copied_without(definition)
        if excludes is None:
            return await self._sam.rebuild(logical_id, folder)
        return await asyncio.to_thread(_copy, definition.source, folder / logical_id, excludes)

    async def _make(self, logical_id: str, source: Path, folder: Path) -> Path:
        scratch = await asyncio.to_thread(_copy, source, folder / "scratch", EXCLUDES)
        artifact = folder / logical_id
        artifact.mkdir()
        ended = await programs.run(
            ["make", "--makefile", str(source / "Makefile"), f"build-{logical_id}"],
            scratch,
            {**self._environment, "ARTIFACTS_DIR": str(artifact)},
        )
        await asyncio.to_thread(shutil.rmtree, scratch)
        if ended.status != 0:
            raise LocalError((ended.output + ended.errors).strip())
        return artifact


def _copied_without(definition: Definition) -> tuple[str, ...] | None:
    """The files that sam leaves out of the copy that is the build; None if sam does more than to copy."""
    kinds = (("python", "requirements.txt", PYTHON_EXCLUDES), ("nodejs", "package.json", EXCLUDES))
    for family, manifest, excludes in kinds:
        if definition.runtime.startswith(family) and not (definition.source / manifest).exists():
            return excludes
    return None


def _copy(source: Path, target: Path, excludes: tuple[str, ...]) -> Path:
    try:
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(*excludes))
    except shutil.Error as error:  # It holds one (source, target, reason) for each file.
        raise LocalError("\n".join(f"{file}: {reason}" for file, _, reason in error.args[0])) from error
    return target


def _definitions(path: Path) -> dict[str, Definition]:
    """The functions by logical id, from the file `build.toml` that `sam build` writes."""
    found = tomllib.loads(path.read_text()).get("function_build_definitions", {}).values()
    return {
        name: Definition(Path(each["codeuri"]), each["runtime"], each["packagetype"], each.get("metadata", {}))
        for each in found
        for name in each["functions"]
        if "codeuri" in each
    }
