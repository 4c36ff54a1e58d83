"""The stack that a command works on: a stack on AWS, or the stack that `make local` runs on this machine."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cloudfront_local.aws import samconfig
from cloudfront_local.errors import LocalError
from stack.errors import StackError

# CloudFront takes Lambda@Edge functions from this Region only, so an edge stack is always here.
EDGE_REGION = "us-east-1"

# A Region that does not answer in this time counts as unreachable.
CONNECT_SECONDS = 5

# CloudFormation's statuses for a resource that a stack no longer has.
GONE = ("DELETE_COMPLETE", "DELETE_SKIPPED")


class MakeClient(Protocol):
    """Creates a boto3 client of a service, by default in the stack's Region, with the stack's credentials."""

    def __call__(self, service: str, region: str | None = None) -> Any: ...


@dataclass(frozen=True)
class Stack:
    """A deployed stack.

    `command` is the beginning of a command line for this stack, with the options that name it: messages that suggest a
    command start with it. `is_local` tells whether the stack is that of `make local`. `url` is its distribution's URL
    on this machine; empty for a stack on AWS, and for a stack without a distribution.
    """

    name: str
    region: str
    client: MakeClient
    command: str = "python -m stack"
    url: str = ""
    is_local: bool = False

    def find(self) -> Mapping[str, Any] | None:
        """CloudFormation's description of the stack, or None if there is no such stack."""
        from botocore.exceptions import ClientError

        try:
            found: Mapping[str, Any] = self.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"][0]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            return None
        return found

    def outputs(self) -> dict[str, str]:
        """The stack's outputs by name. Raises StackError if there is no such stack."""
        found = self.find()
        if found is None:
            raise StackError(
                f"There is no stack {self.name} in {self.region}. Deploy it with `sam build && sam deploy`, name "
                "another stack with --stack-name and --region, or use --local for the stack of `make local`."
            )
        return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}

    def output(self, name: str) -> str:
        """The value of an output. Raises StackError if the stack has no output of this name."""
        if value := self.outputs().get(name):
            return value
        raise StackError(f"The stack {self.name} has no output {name}. Deploy this repository's template.yaml first.")

    def resources(self, resource_type: str) -> dict[str, str]:
        """The physical ids of the stack's resources of a type, by logical id. Deleted resources are left out."""
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
    """A stack on AWS, with the shell's credentials. A missing name or Region is read from samconfig.toml."""
    import boto3
    from botocore.config import Config

    settings = _samconfig(environment or "default", required=environment is not None)
    name = name or settings.get("stack_name")
    if not name:
        raise StackError("samconfig.toml in this folder names no stack. Name the stack with --stack-name.")
    region = region or settings.get("region", EDGE_REGION)

    @functools.cache  # Created when it is first needed, because it may raise and takes a tenth of a second.
    def session() -> Any:
        return boto3.Session(region_name=region)

    @functools.cache
    def client(service: str, region: str | None = None) -> Any:
        # AWS validates the parameters. The SDK must not: `destroy` sends back a configuration that AWS itself returned.
        config = Config(connect_timeout=CONNECT_SECONDS, parameter_validation=False)
        return session().client(service, region_name=region, config=config)

    return Stack(name, region, client, command)


def on_this_machine(folder: Path, command: str) -> Stack:
    """The stack that `make local` runs, started from `folder`."""
    from cloudfront_local.serving import running

    stack = running.read(folder)
    if stack is None:
        raise StackError("No stack runs on this machine from this folder. Start it with `make local`.")
    endpoint = running.endpoint(stack)
    return Stack(stack.stack_name, stack.region, functools.cache(endpoint.client), command, stack.url, is_local=True)


def _samconfig(environment: str, *, required: bool) -> Mapping[str, str]:
    """The parameters in samconfig.toml for `sam deploy --config-env <environment>`, such as stack_name and region."""
    try:
        environments = samconfig.environments(Path())
    except LocalError as error:
        raise StackError(f"{str(error).removesuffix('.')}, or give --stack-name.") from None
    if required and environment not in environments:
        known = ", ".join(environments)
        raise StackError(f"samconfig.toml has no environment {environment}. Its environments: {known or 'none'}.")
    found = samconfig.parameters(environments.get(environment, {}), "deploy")
    return {key: str(value) for key, value in found.items()}
