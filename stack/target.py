"""The stack that a command is about: one on AWS, or the one that `make local` runs on this machine."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cloudfront_local.aws import samconfig
from cloudfront_local.errors import LocalError
from stack.errors import StackError

# An edge stack lives there, whatever Region the shell is set to.
EDGE_REGION = "us-east-1"

# A Region that does not answer within that cannot be reached from here.
CONNECT_SECONDS = 5

# What CloudFormation says of a resource that a stack no longer holds.
GONE = ("DELETE_COMPLETE", "DELETE_SKIPPED")


class MakeClient(Protocol):
    """Makes a boto3 client of a service, in the stack's Region unless another is named, with the keys to use."""

    def __call__(self, service: str, region: str | None = None) -> Any: ...


@dataclass(frozen=True)
class Stack:
    """A deployed stack. `command` is how it was named: what a text begins with that says what to run next.

    `url` is where this machine serves it; empty for a stack on AWS.
    """

    name: str
    region: str
    client: MakeClient
    command: str = "python -m stack"
    url: str = ""

    def find(self) -> Mapping[str, Any] | None:
        """What CloudFormation says of it, None if there is no such stack."""
        from botocore.exceptions import ClientError

        try:
            found: Mapping[str, Any] = self.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"][0]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            return None
        return found

    def outputs(self) -> dict[str, str]:
        """Its outputs by name. Raises StackError if there is no such stack."""
        found = self.find()
        if found is None:
            raise StackError(
                f"There is no stack {self.name} in {self.region}. Deploy it with `sam build && sam deploy`, name "
                "another with --stack-name and --region, or use --local for the one of `make local`."
            )
        return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}

    def output(self, name: str) -> str:
        """An output's value. Raises StackError if the stack has none of that name."""
        if value := self.outputs().get(name):
            return value
        raise StackError(f"The stack {self.name} has no output {name}. Deploy this repository's template.yaml first.")

    def resources(self, resource_type: str) -> dict[str, str]:
        """Physical ids by logical id, of the resources of a type that are there."""
        pages = self.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=self.name)
        return {
            resource["LogicalResourceId"]: resource["PhysicalResourceId"]
            for page in pages
            for resource in page["StackResourceSummaries"]
            if resource["ResourceType"] == resource_type
            and resource["ResourceStatus"] not in GONE
            and resource.get("PhysicalResourceId")
        }


def on_aws(name: str | None, region: str | None, environment: str | None, command: str) -> Stack:
    """A stack on AWS, under the credentials of the shell. What is not given is read from samconfig.toml."""
    import boto3
    from botocore.config import Config

    settings = _samconfig(environment or "default", required=environment is not None)
    name = name or settings.get("stack_name")
    if not name:
        raise StackError("Which stack? Give its name with --stack-name: there is none in samconfig.toml here.")
    region = region or settings.get("region", EDGE_REGION)

    @functools.cache  # Made when it is first needed: it raises, and costs a tenth of a second.
    def session() -> Any:
        return boto3.Session(region_name=region)

    @functools.cache
    def client(service: str, region: str | None = None) -> Any:
        # AWS judges what it is given: a distribution's configuration goes back to it as it came.
        config = Config(connect_timeout=CONNECT_SECONDS, parameter_validation=False)
        return session().client(service, region_name=region, config=config)

    return Stack(name, region, client, command)


def on_this_machine(folder: Path, command: str) -> Stack:
    """The stack that `make local` runs, started from `folder`."""
    from cloudfront_local.aws.endpoint import Endpoint
    from cloudfront_local.serving import running

    stack = running.read(folder)
    if stack is None:
        raise StackError("No stack runs on this machine from this folder. Start it with `make local`.")
    endpoint = Endpoint(stack.endpoint_url, stack.region)
    return Stack(stack.stack_name, stack.region, functools.cache(endpoint.client), command, stack.url)


def _samconfig(environment: str, *, required: bool) -> Mapping[str, str]:
    """The stack's name and Region that `sam deploy --config-env <environment>` would use in this folder."""
    try:
        environments = samconfig.environments(Path())
    except LocalError as error:
        raise StackError(f"{str(error).removesuffix('.')}, or give --stack-name.") from None
    if required and environment not in environments:
        known = ", ".join(environments)
        raise StackError(f"samconfig.toml has no environment {environment}. It has: {known or 'none'}.")
    found = samconfig.parameters(environments.get(environment, {}), "deploy")
    return {key: str(value) for key, value in found.items()}
