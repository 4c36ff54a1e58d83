"""Reads the distributions and the outputs of a deployed stack from CloudFormation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from cloudfront_local.aws.embedded.resources import LEFT_OUT
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.errors import LocalError


@dataclass(frozen=True)
class Deployment:
    """A deployed stack. `distributions` are the ids of its distributions by logical id.
    `outputs` are the values of its outputs by name. `left_out` are the types of the resources that the embedded AWS
    cannot make, by logical id."""

    stack_name: str
    distributions: Mapping[str, str]
    outputs: Mapping[str, str]
    left_out: Mapping[str, str] = field(default_factory=dict)

    def serving(self, order: Sequence[str], logical_id: str) -> Deployment:
        """The stack with its distributions in this order of logical ids; with one alone, if `logical_id` names it.

        Raises LocalError if there is no such distribution.
        """
        names = sorted(self.distributions, key=lambda name: order.index(name) if name in order else len(order))
        if not logical_id:
            return replace(self, distributions={name: self.distributions[name] for name in names})
        if logical_id not in self.distributions:
            raise LocalError(
                f"The stack {self.stack_name} has no distribution {logical_id}. Its distributions: "
                f"{', '.join(names) or 'none'}."
            )
        return replace(self, distributions={logical_id: self.distributions[logical_id]})


def read(endpoint: Endpoint, stack_name: str) -> Deployment:
    """Reads a deployed stack."""
    resources = _resources(endpoint, stack_name)
    distributions = {
        resource["LogicalResourceId"]: resource["PhysicalResourceId"]
        for resource in resources
        if resource["ResourceType"] == "AWS::CloudFront::Distribution"
    }
    return Deployment(
        stack_name,
        distributions,
        outputs(endpoint, stack_name),
        {
            resource["LogicalResourceId"]: resource["ResourceType"]
            for resource in resources
            if resource["PhysicalResourceId"].startswith(LEFT_OUT)
        },
    )


def logical_ids(endpoint: Endpoint, stack_name: str) -> dict[str, str]:
    """The logical ids of a stack's resources, by their physical ids."""
    resources = _resources(endpoint, stack_name)
    return {resource["PhysicalResourceId"]: resource["LogicalResourceId"] for resource in resources}


def versions(endpoint: Endpoint, stack_name: str) -> set[str]:
    """The ARNs of the numbered versions of functions that a stack publishes."""
    resources = _resources(endpoint, stack_name)
    return {
        resource["PhysicalResourceId"] for resource in resources if resource["ResourceType"] == "AWS::Lambda::Version"
    }


def outputs(endpoint: Endpoint, stack_name: str) -> dict[str, str]:
    """The outputs of a deployed stack, by name."""
    stack = endpoint.client("cloudformation").describe_stacks(StackName=stack_name)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def _resources(endpoint: Endpoint, stack_name: str) -> list[dict[str, str]]:
    found = endpoint.client("cloudformation").describe_stack_resources(StackName=stack_name)
    resources: list[dict[str, str]] = found["StackResources"]
    return resources
