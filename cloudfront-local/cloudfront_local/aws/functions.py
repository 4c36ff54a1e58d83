"""The stack's functions as the edge runtime asks for them: configuration, build and credentials."""

from __future__ import annotations

import asyncio
import functools
import io
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import aiohttp

from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.aws.project import Project
from cloudfront_local.aws.sam import Sam
from cloudfront_local.lambda_edge.artifact import Artifact, Fingerprint, fingerprint
from cloudfront_local.lambda_edge.credentials import Credentials
from cloudfront_local.lambda_edge.function import Function

# What CloudFormation tags every resource with.
LOGICAL_ID = "aws:cloudformation:logical-id"


class Functions:
    """Looks functions up in the embedded AWS, as its root. `built_at` is when `sam build` began, in ns of the epoch."""

    def __init__(self, project: Project, sam: Sam, endpoint: Endpoint, built_at: int) -> None:
        self._project = project
        self._sam = sam
        self._built_at = built_at
        self._lambda = endpoint.client("lambda")
        self._sts = endpoint.client("sts")

    async def resolve(self, function_arn: str) -> Function:
        """A numbered version's configuration, with the build of its source."""
        found = await asyncio.to_thread(self._lambda.get_function, FunctionName=function_arn)
        configuration = found["Configuration"]
        return Function(
            arn=function_arn,
            handler=configuration["Handler"],
            runtime=configuration["Runtime"],
            timeout=configuration["Timeout"],
            memory_size=configuration["MemorySize"],
            role=configuration["Role"],
            artifact=await self._artifact(found),
            logical_id=_logical_id(found),
        )

    async def assume_role(self, role_arn: str) -> Credentials:
        """The role's own temporary credentials, so that what it may not do fails here as it would on AWS."""
        answer = await asyncio.to_thread(self._sts.assume_role, RoleArn=role_arn, RoleSessionName="edge")
        credentials: Credentials = answer["Credentials"]
        return credentials

    async def _artifact(self, found: dict[str, Any]) -> Artifact:
        logical_id = _logical_id(found)
        source = self._sources().get(logical_id)
        if source is None:  # Its code stands in the template itself: there is no source to watch.
            source = built = await self._downloaded(found)
            built_from: Fingerprint | None = fingerprint(source)
        else:
            built = self._project.build_dir / logical_id
            built_from = self._built_from(source)
        rebuild = functools.partial(self._sam.rebuild, logical_id)
        scratch = self._project.folder / "rebuilt"
        return Artifact(source, rebuild, built=built, built_from=built_from, scratch=scratch)

    def _sources(self) -> dict[str, Path]:
        """The folder that each function was built from (its CodeUri), by logical id, as sam noted it."""
        graph = tomllib.loads(self._project.build_dir.with_name("build.toml").read_text())
        definitions = graph.get("function_build_definitions", {}).values()
        return {name: Path(definition["codeuri"]) for definition in definitions for name in definition["functions"]}

    def _built_from(self, source: Path) -> Fingerprint | None:
        """The source's fingerprint when it was built; None, which is not known, if it was edited since then."""
        now = fingerprint(source)
        return None if any(modified >= self._built_at for _, modified, _, _ in now) else now

    async def _downloaded(self, found: dict[str, Any]) -> Path:
        folder: Path = self._project.folder / "downloaded" / found["Configuration"]["FunctionName"]
        async with (
            aiohttp.ClientSession(raise_for_status=True) as session,
            session.get(found["Code"]["Location"]) as response,
        ):
            code = await response.read()
        await asyncio.to_thread(zipfile.ZipFile(io.BytesIO(code)).extractall, folder)
        return folder


def _logical_id(found: dict[str, Any]) -> str:
    return str(found.get("Tags", {}).get(LOGICAL_ID, ""))
