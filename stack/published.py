"""A published version of a function, as the rules for functions at the edge judge it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cloudfront_local.lint.deployed import DeployedFunction
from stack.errors import StackError

if TYPE_CHECKING:
    from stack.target import Stack


def read(stack: Stack, name: str, arn: str) -> DeployedFunction:
    """The version with this ARN. Raises StackError if it or its role is gone."""
    lambda_, iam = stack.client("lambda"), stack.client("iam")
    try:
        configuration = lambda_.get_function_configuration(FunctionName=arn)
    except lambda_.exceptions.ResourceNotFoundException:
        raise StackError(
            f"There is no version {arn} of {name} any more. Publish one: `sam build && sam deploy`."
        ) from None
    role = configuration["Role"].rpartition("/")[2]
    try:
        trust = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    except iam.exceptions.NoSuchEntityException:
        raise StackError(
            f"{name} has the role {role}, which is deleted, so CloudFront cannot assume it. Give the function a role "
            "with another logical id, and deploy: that publishes a version."
        ) from None
    function, _, version = arn.rpartition(":")
    updated = lambda_.get_runtime_management_config(FunctionName=function, Qualifier=version)
    return DeployedFunction(
        name, configuration, trust, _provisioned(lambda_, function, version), updated.get("UpdateRuntimeOn", "Auto")
    )


def _provisioned(lambda_: Any, function: str, version: str) -> bool:
    try:
        lambda_.get_provisioned_concurrency_config(FunctionName=function, Qualifier=version)
    except lambda_.exceptions.ProvisionedConcurrencyConfigNotFoundException:
        return False
    return True
