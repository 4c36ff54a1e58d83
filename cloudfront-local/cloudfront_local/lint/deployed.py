"""The rules on a distribution of an account: lint's errors in a configuration of CloudFront's API.

A change of the configuration can so be refused before CloudFront is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cloudfront_local.lint.catalog import RULES
from cloudfront_local.lint.findings import found_by
from cloudfront_local.lint.functions import FUNCTION, VERSION
from cloudfront_local.lint.iam import ROLE
from cloudfront_local.lint.template import Template

# What CloudFormation calls otherwise than the API.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-distribution-origin.html
RENAMED = {"CustomHeaders": "OriginCustomHeaders", "OriginSslProtocols": "OriginSSLProtocols"}
# The lists that have a Quantity in CloudFormation, too.
COUNTED = ("OriginGroups", "Members", "StatusCodes")


@dataclass(frozen=True)
class DeployedFunction:
    """A version of a function, as Lambda and IAM describe it.

    `name` is the function's name in messages, `configuration` Lambda's FunctionConfiguration, `trust` the role's trust
    policy. `provisioned` tells whether the version has provisioned concurrency; `updated` is when its runtime is
    updated (Lambda's UpdateRuntimeOn).
    """

    name: str
    configuration: Mapping[str, Any]
    trust: Mapping[str, Any]
    provisioned: bool = False
    updated: str = "Auto"


def refusals(
    distribution_id: str, before: Mapping[str, Any], after: Mapping[str, Any], function: DeployedFunction
) -> list[str]:
    """Lint's errors in the configuration `after`, without those that `before` has already.

    `function` is the function that the change is about. Of other functions only the ARNs are known.
    """
    known, found = (_errors(distribution_id, config, function) for config in (before, after))
    return [message for message in found if message not in known]


def _errors(distribution_id: str, config: Mapping[str, Any], function: DeployedFunction) -> list[str]:
    resources = {
        distribution_id: {
            "Type": "AWS::CloudFront::Distribution",
            "Properties": {"DistributionConfig": _in_cloudformation(config)},
        },
        **dict(_resources(function)),
    }
    errors = [rule() for rule in RULES if rule.id.startswith("E")]
    return [message for _, _, message in found_by(errors, Template({"Resources": resources}))]


def _resources(function: DeployedFunction) -> Iterator[tuple[str, dict[str, Any]]]:
    role = function.configuration["Role"].rpartition("/")[2]
    yield role, {"Type": ROLE, "Properties": {"AssumeRolePolicyDocument": function.trust}}
    properties = {
        **function.configuration,
        "Role": {"Fn::GetAtt": [role, "Arn"]},
        "RuntimeManagementConfig": {"UpdateRuntimeOn": function.updated},
    }
    yield function.name, {"Type": FUNCTION, "Properties": properties}
    if function.provisioned:
        version = {"FunctionName": {"Ref": function.name}, "ProvisionedConcurrencyConfig": {}}
        yield f"{function.name}.Version", {"Type": VERSION, "Properties": version}


def _in_cloudformation(value: Any, key: str = "") -> Any:
    """A part of the API's DistributionConfig as CloudFormation has it: lists without a Quantity."""
    if isinstance(value, Mapping):
        if "Quantity" in value and key not in COUNTED:
            return [_in_cloudformation(item) for item in value.get("Items", [])]
        return dict(_properties(value))
    return [_in_cloudformation(item) for item in value] if isinstance(value, list) else value


def _properties(value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, part in value.items():
        yield RENAMED.get(key, key), _in_cloudformation(part, key)
        if key == "AllowedMethods":
            yield "CachedMethods", _in_cloudformation(part.get("CachedMethods", {"Quantity": 0}))
