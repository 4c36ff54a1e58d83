"""Gives the edge runtime the configuration, the build and the credentials of each of the stack's functions."""

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

# CloudFormation gives every resource this tag.
LOGICAL_ID = "aws:cloudformation:logical-id"


class Functions:
    """Looks functions up in the embedded AWS, as root. `built_at` is the time when `sam build` began, in nanoseconds
    since 1970; 0 if that time is unknown."""

    def __init__(self, project: Project, sam: Sam, endpoint: Endpoint, built_at: int) -> None:
        self._project = project
        self._sam = sam
        self._built_at = built_at
        self._lambda = endpoint.client("lambda")
        self._sts = endpoint.client("sts")

    async def resolve(self, function_arn: str) -> Function:
        """Returns the configuration of a numbered version, with the build of its source."""
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
        """Returns temporary credentials of the role: a call that the role may not make fails here, as on AWS."""
        answer = await asyncio.to_thread(self._sts.assume_role, RoleArn=role_arn, RoleSessionName="edge")
        credentials: Credentials = answer["Credentials"]
        return credentials

    async def _artifact(self, found: dict[str, Any]) -> Artifact:
        logical_id = _logical_id(found)
        source = self._sources().get(logical_id)
        if source is None:  # The template itself holds the code (InlineCode): there is no source folder to watch.
            source = built = await self._downloaded(found)
            built_from: Fingerprint | None = fingerprint(source)
        else:
            built = self._project.build_dir / logical_id
            built_from = self._built_from(source)
        rebuild = functools.partial(self._sam.rebuild, logical_id)
        scratch = self._project.folder / "rebuilt"
        return Artifact(source, rebuild, built=built, built_from=built_from, scratch=scratch)

    def _sources(self) -> dict[str, Path]:
        """The source folder (CodeUri) of each function by its logical id, from the file that `sam build` writes."""
        graph = tomllib.loads(self._project.build_dir.with_name("build.toml").read_text())
        definitions = graph.get("function_build_definitions", {}).values()
        return {name: Path(definition["codeuri"]) for definition in definitions for name in definition["functions"]}

    def _built_from(self, source: Path) -> Fingerprint | None:
        """The source's fingerprint, if the build was made from it; None if a file was edited after the build began."""
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
