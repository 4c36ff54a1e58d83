"""Puts edited code into the embedded AWS: that of the functions behind URLs, APIs and events, which it runs."""

from __future__ import annotations

import asyncio
import io
import logging
import zipfile
from collections.abc import Callable, Collection
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.aws.functions import Functions
from cloudfront_local.errors import LocalError

log = logging.getLogger("functions")


class Updates:
    """Keeps the code of a deployed stack's functions up to date.

    `edge` are the ARNs of the functions at the edge: their edited code is built, and nothing else. `changed()` is
    called when a function has new code. `unsure` are the logical ids of functions whose code in the embedded AWS may
    not be that of `sam build`.
    """

    def __init__(
        self,
        functions: Functions,
        endpoint: Endpoint,
        stack_name: str,
        edge: Collection[str],
        changed: Callable[[], None],
        unsure: Collection[str] = (),
    ) -> None:
        self._functions = functions
        self._changed = changed
        self._lambda = endpoint.client("lambda")
        self._names = _physical_names(endpoint, stack_name, functions.logical_ids)
        at_edge = {arn.split(":")[6] for arn in edge}
        self._regional = [each for each, name in self._names.items() if name not in at_edge]
        self._running = {each: functions.artifact(each).last for each in self._names if each not in unsure}
        self._failures: dict[str, str] = {}
        self._one_at_a_time = {each: asyncio.Lock() for each in self._names}
        self.updated: set[str] = set(unsure)  # logical ids of the functions whose code `sam deploy` did not deploy

    async def regional(self) -> None:
        """Returns when the embedded AWS has the current code of every function that does not run at the edge.

        If a build fails, its function keeps its code, and the failure is printed once.
        """
        await asyncio.gather(*map(self._update, self._regional))

    async def everything(self) -> None:
        """Like `regional`, and builds the functions at the edge, too. Their next request then waits for no build."""
        await asyncio.gather(*map(self._update, self._names))

    async def _update(self, logical_id: str) -> None:
        async with self._one_at_a_time[logical_id]:
            try:
                build = await self._functions.artifact(logical_id).current()
                if build is not self._running.get(logical_id):
                    if logical_id in self._regional:
                        self.updated.add(logical_id)
                        await asyncio.to_thread(self._deploy, logical_id, build.folder)
                    self._running[logical_id] = build
                    self._changed()
            except (LocalError, OSError, BotoCoreError, ClientError) as failure:
                self._say_once(logical_id, str(failure))
            else:
                self._failures.pop(logical_id, None)

    def _say_once(self, logical_id: str, failure: str) -> None:
        if self._failures.get(logical_id) != failure:
            self._failures[logical_id] = failure
            log.error("%s: the edited code does not run:\n%s", logical_id, failure)

    def _deploy(self, logical_id: str, build: Path) -> None:
        name = self._names[logical_id]
        newest = _newest(self._lambda.list_versions_by_function(FunctionName=name)["Versions"])
        self._lambda.update_function_code(FunctionName=name, ZipFile=zipped(build))
        # SAM's AutoPublishAlias is the newest version's alias.
        aliases = self._lambda.list_aliases(FunctionName=name)["Aliases"]
        moved = [each["Name"] for each in aliases if each["FunctionVersion"] == newest]
        if moved:
            version = self._lambda.publish_version(FunctionName=name)["Version"]
            for alias in moved:
                self._lambda.update_alias(FunctionName=name, Name=alias, FunctionVersion=version)
        log.info("%s: the edited code is in the embedded AWS.", logical_id)


def zipped(folder: Path) -> bytes:
    """Returns the ZIP file of a build."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as written:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                written.write(path, path.relative_to(folder))
    return archive.getvalue()


def _newest(versions: list[dict[str, str]]) -> str:
    numbers = [int(each["Version"]) for each in versions if each["Version"].isdigit()]
    return str(max(numbers, default=0))


def _physical_names(endpoint: Endpoint, stack_name: str, logical_ids: Collection[str]) -> dict[str, str]:
    resources = endpoint.client("cloudformation").describe_stack_resources(StackName=stack_name)["StackResources"]
    return {
        each["LogicalResourceId"]: each["PhysicalResourceId"]
        for each in resources
        if each["LogicalResourceId"] in logical_ids
    }
