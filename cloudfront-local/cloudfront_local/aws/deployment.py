"""What a deployed stack holds: its distributions and its outputs, read back from CloudFormation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.errors import LocalError


@dataclass(frozen=True)
class Deployment:
    """`distributions` are ids by logical id, in the order of the template; at least one."""

    stack_name: str
    distributions: Mapping[str, str]
    outputs: Mapping[str, str]

    @property
    def served(self) -> str:
        """The id of the distribution that is served here: the first."""
        return next(iter(self.distributions.values()))


def read(endpoint: Endpoint, stack_name: str) -> Deployment:
    """Reads a stack back. Raises LocalError if it has no distribution to serve."""
    cloudformation = endpoint.client("cloudformation")
    resources = cloudformation.describe_stack_resources(StackName=stack_name)["StackResources"]
    distributions = {
        resource["LogicalResourceId"]: resource["PhysicalResourceId"]
        for resource in resources
        if resource["ResourceType"] == "AWS::CloudFront::Distribution"
    }
    if not distributions:
        raise LocalError(f"The stack {stack_name} has no AWS::CloudFront::Distribution: there is nothing to serve.")
    outputs = cloudformation.describe_stacks(StackName=stack_name)["Stacks"][0].get("Outputs", [])
    return Deployment(stack_name, distributions, {output["OutputKey"]: output["OutputValue"] for output in outputs})
