"""The real `sam build` and `sam deploy`, pointed at the embedded AWS, apart from the user's own builds and settings."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from collections.abc import Callable
from pathlib import Path

from cloudfront_local.aws import installation, programs, slow_resources
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.aws.project import Project
from cloudfront_local.errors import LocalError

# It takes three.
DEPLOY_SECONDS = 120


# Errors of sam that leave open what to do, and what that is.
ADVICE = {"binary: npm was not successful": "sam builds Node.js functions with the command `npm`. Install npm."}


class SamError(LocalError):
    """`sam build` or `sam deploy` failed. The text ends with sam's own error message."""


class Sam:
    """Builds and deploys one project. Raises SamError."""

    def __init__(self, project: Project, endpoint: Endpoint) -> None:
        self._project = project
        self._endpoint = endpoint
        self._environment = endpoint.environment() | {
            "SAM_CLI_TELEMETRY": "0",
            "SAM_CLI_POLL_DELAY": "0.3",  # Seconds; sam's own 5 are meant for AWS.
            # npm asks the network for packages that its cache lacks, and for nothing else.
            **dict.fromkeys(("npm_config_audit", "npm_config_fund", "npm_config_update_notifier"), "false"),
            "npm_config_prefer_offline": "true",
        }

    async def build(self) -> None:
        """Builds every function into the project's `build_dir`."""
        await self._build(self._project.build_dir)

    async def rebuild(self, logical_id: str, folder: Path) -> Path:
        """Builds one function into an empty folder, while the stack runs. Returns its artifact's folder in there."""
        await self._build(folder / "build", logical_id, remedy="save")  # sam writes beside this folder, too.
        return folder / "build" / logical_id

    async def _build(self, build_dir: Path, *function: str, remedy: str = "start again") -> None:
        template = str(self._project.template)
        options = ["--template-file", template, "--build-dir", str(build_dir)]
        await self._run("build", *function, *options, remedy=remedy)

    async def deploy(self, tell: Callable[[str], None]) -> None:
        """Deploys what was built. `tell` gets a text about each resource that is not ready after 20 s."""
        template = str(self._project.build_dir / "template.yaml")
        said: list[str] = []

        def say(text: str) -> None:
            said.append(text)
            tell(text)

        telling = asyncio.create_task(slow_resources.told(self._endpoint, self._project.stack_name, say))
        try:
            async with asyncio.timeout(DEPLOY_SECONDS):
                await self._run("deploy", "--template-file", template)
        except TimeoutError:
            problem = f"`sam deploy` of {self._project.template} did not end within {DEPLOY_SECONDS} s."
            unknown = (
                "Some mistakes in a template make the embedded AWS hang. To find them, run `cloudfront-local lint`."
            )
            raise SamError("\n  ".join([problem, *(said or [unknown])])) from None
        finally:
            telling.cancel()
            await asyncio.wait([telling])

    async def _run(self, command: str, *arguments: str, remedy: str = "start again") -> None:
        settings = str(self._project.write_samconfig())
        with tempfile.TemporaryDirectory(prefix="cloudfront-local-sam-", ignore_cleanup_errors=True) as temporary:
            ended = await programs.run(
                await installation.sam(command, "--config-file", settings, *arguments),
                self._project.template.parent,
                {**self._environment, "TMPDIR": temporary},  # sam leaves some of its own behind.
            )
        if ended.status != 0:
            failure = f"`sam {command}` of {self._project.template} failed. Correct the error below and {remedy}:"
            reasons = _failed_resources(self._endpoint, self._project.stack_name) if command == "deploy" else []
            raise SamError("\n  ".join([failure, *reasons, *_error(ended.output + ended.errors)]))


def _error(output: str) -> list[str]:
    """The lines of sam's output that say why it failed: from its `Error:` on, less its own traceback; else the last."""
    lines = [line.rstrip() for line in output.splitlines() if line.strip()]
    starts = [index for index, line in enumerate(lines) if line.startswith("Error:")]
    error = lines[starts[-1] :] if starts else lines[-8:]
    own = list(itertools.takewhile(lambda line: not line.startswith("Traceback"), error))
    return own + [advice for text, advice in ADVICE.items() if text in output]


def _failed_resources(endpoint: Endpoint, stack_name: str) -> list[str]:
    """CloudFormation's own reasons, which sam prints in columns too narrow to read."""
    from botocore.exceptions import ClientError

    try:
        events = endpoint.client("cloudformation").describe_stack_events(StackName=stack_name)["StackEvents"]
    except ClientError:  # It never came to a stack; sam's own error says why.
        return []
    return [
        f"{event['LogicalResourceId']} ({event['ResourceType']}): {event['ResourceStatusReason']}"
        for event in reversed(events)
        if event["ResourceStatus"].endswith("_FAILED") and event.get("ResourceStatusReason")
    ]
