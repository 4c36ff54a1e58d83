"""Gives the edge runtime the configuration, the build and the credentials of each of the stack's functions."""

from __future__ import annotations

import asyncio
import functools
import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import aiohttp

from cloudfront_local.aws.build import Builder
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.aws.project import Project
from cloudfront_local.aws.sam import Sam
from cloudfront_local.errors import LocalError
from cloudfront_local.lambda_edge import interpreter
from cloudfront_local.lambda_edge.artifact import Artifact
from cloudfront_local.lambda_edge.credentials import Credentials
from cloudfront_local.lambda_edge.function import Function
from cloudfront_local.lambda_edge.source_folder import Fingerprint, Source, fingerprint, links_out

# CloudFormation gives every resource this tag.
LOGICAL_ID = "aws:cloudformation:logical-id"


class Functions:
    """Looks functions up in the embedded AWS, as root. `built_at` is the time when `sam build` began, in nanoseconds
    since 1970; 0 if that time is unknown."""

    def __init__(self, project: Project, sam: Sam, endpoint: Endpoint, built_at: int) -> None:
        self._project = project
        self._builder = Builder(project, sam, endpoint.environment())
        self._built_at = built_at
        self._sources: dict[Path, Source] = {}
        self._artifacts: dict[str, Artifact] = {}
        self._pass = endpoint.headers("administer")
        self._lambda = endpoint.client("lambda")
        self._sts = endpoint.client("sts")

    @property
    def logical_ids(self) -> list[str]:
        """The functions that `sam build` builds."""
        return list(self._builder.definitions)

    def links_out(self) -> list[Path]:
        """The symbolic links in source folders that lead out of the project. A build holds copies of their targets."""
        folders = {definition.source for definition in self._builder.definitions.values()}
        project = self._project.template.parent
        return sorted({link for folder in folders for link in links_out(folder, project)})

    async def resolve(self, function_arn: str) -> Function:
        """Returns the configuration of a numbered version, with the build of its source."""
        found = await asyncio.to_thread(self._lambda.get_function, FunctionName=function_arn)
        configuration = found["Configuration"]
        logical_id = _logical_id(found)
        is_built = logical_id in self._builder.definitions
        return Function(
            arn=function_arn,
            handler=configuration["Handler"],
            runtime=configuration["Runtime"],
            timeout=configuration["Timeout"],
            memory_size=configuration["MemorySize"],
            role=configuration["Role"],
            artifact=self.artifact(logical_id) if is_built else await self._downloaded(found),
            logical_id=logical_id,
            program=await asyncio.to_thread(interpreter.program, configuration["Runtime"]),
        )

    async def assume_role(self, role_arn: str) -> Credentials:
        """Returns temporary credentials of the role: a call that the role may not make fails here, as on AWS."""
        answer = await asyncio.to_thread(self._sts.assume_role, RoleArn=role_arn, RoleSessionName="edge")
        credentials: Credentials = answer["Credentials"]
        return credentials

    def artifact(self, logical_id: str) -> Artifact:
        """The build of a function's source, the same for all its versions."""
        if logical_id not in self._artifacts:
            folder = self._builder.definitions[logical_id].source
            source = self._sources.setdefault(folder, Source(folder))
            self._artifacts[logical_id] = Artifact(
                source,
                functools.partial(self._builder.build, logical_id),
                built=self._project.build_dir / logical_id,
                built_from=self._built_from(source),
                scratch=self._project.rebuilt,
            )
        return self._artifacts[logical_id]

    def _built_from(self, source: Source) -> Fingerprint | None:
        """The source's fingerprint, if the build was made from it; None if a file was edited after the build began."""
        now = source.fingerprint()
        return None if any(modified >= self._built_at for _, modified, _, _ in now) else now

    async def _downloaded(self, found: dict[str, Any]) -> Artifact:
        """The template itself holds the code (InlineCode): no source folder is watched."""
        async with (
            aiohttp.ClientSession(raise_for_status=True, headers=self._pass) as session,
            session.get(found["Code"]["Location"]) as response,
        ):
            code = await response.read()
        self._project.rebuilt.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="downloaded-", dir=self._project.rebuilt))
        await asyncio.to_thread(zipfile.ZipFile(io.BytesIO(code)).extractall, folder)
        return Artifact(Source(folder), _no_build, built=folder, built_from=fingerprint(folder), root=folder)


async def _no_build(_: Path) -> Path:
    raise LocalError("Its code lies in the template, and the copy of the code was changed. Start again.")


def _logical_id(found: dict[str, Any]) -> str:
    return str(found.get("Tags", {}).get(LOGICAL_ID, ""))
