"""Translates the SAM properties that the rules read to CloudFormation.

AWS_SAM: https://github.com/aws/serverless-application-model/blob/develop/docs/internals/generated_resources.rst
Keys and values stay those of the file, so that a finding has its line there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cfnlint.decode.node import dict_node, str_node

from cloudfront_local.lint.deployment import section

TRANSFORM = "AWS::Serverless-2016-10-31"
FUNCTION = "AWS::Serverless::Function"
NO_VALUE = {"Ref": "AWS::NoValue"}

# The SAM properties whose name differs from Lambda's, with the place of the value in Lambda's.
MOVED = {
    "InlineCode": ("Code", "ZipFile"),
    "CodeUri": ("Code",),
    "Tracing": ("TracingConfig", "Mode"),
    "DeadLetterQueue": ("DeadLetterConfig",),
}
TRUST_OF_LAMBDA = {
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": ["lambda.amazonaws.com"]}}]
}
LOGS = "arn:*:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"

Properties = Mapping[str, Any]


def translated(template: Mapping[str, Any]) -> dict[str, Any]:
    """A template without SAM functions: each is there with its version, alias, role and URL.

    `Function.Version` and `Function.Alias` are resources of these names, for so a template refers to them.
    """
    inherited = section(section(template, "Globals"), "Function")
    resources: dict[str, Any] = {}
    for name, resource in section(template, "Resources").items():
        if isinstance(resource, dict) and resource.get("Type") == FUNCTION:
            resources.update(_function(name, resource, _merged(_inherited(resource, inherited), _properties(resource))))
        else:
            resources[name] = resource
    return {**template, "Resources": resources}


def _function(name: str, resource: dict[str, Any], sam: Properties) -> Iterator[tuple[str, dict[str, Any]]]:
    role = f"{name}Role"
    properties = dict(_moved(sam))
    properties["Role"] = _given(sam.get("Role", NO_VALUE), {"Fn::GetAtt": [role, "Arn"]})
    yield name, {**resource, "Type": "AWS::Lambda::Function", "Properties": _at(resource, properties)}

    def generated(kind: str, properties: Properties) -> dict[str, Any]:
        condition = {"Condition": resource["Condition"]} if "Condition" in resource else {}
        return {"Type": kind, **condition, "Properties": dict(properties)}

    if properties["Role"] != sam.get("Role"):
        yield role, generated("AWS::IAM::Role", _role(sam))
    if "FunctionUrlConfig" in sam:
        url = {**section(sam, "FunctionUrlConfig"), "TargetFunctionArn": {"Ref": name}}
        yield f"{name}Url", generated("AWS::Lambda::Url", url)
    if sam.get("AutoPublishAlias", NO_VALUE) != NO_VALUE:
        concurrency = {key: sam[key] for key in sam if key == "ProvisionedConcurrencyConfig"}
        yield f"{name}.Version", generated("AWS::Lambda::Version", {"FunctionName": {"Ref": name}})
        alias = generated("AWS::Lambda::Alias", {"FunctionName": {"Ref": name}, **concurrency})
        yield f"{name}.Alias", alias
        yield f"{name}Alias{sam['AutoPublishAlias']}", alias


def _role(sam: Properties) -> Properties:
    policies = sam.get("Policies", [])
    policies = policies if isinstance(policies, list) else [policies]
    return {
        "AssumeRolePolicyDocument": sam.get("AssumeRolePolicyDocument", TRUST_OF_LAMBDA),
        "ManagedPolicyArns": [LOGS, *map(_managed, policies)],
        "Policies": list(map(_inline, policies)),
    }


def _managed(policy: Any) -> Any:
    """The policy if it is a managed one, by its name, ARN or an expression for these."""
    match policy:
        case {"Fn::If": [condition, yes, no]}:
            return {"Fn::If": [condition, _managed(yes), _managed(no)]}
        case str() | {"Ref": _} | {"Fn::GetAtt": _} | {"Fn::Sub": _} | {"Fn::Join": _} | {"Fn::ImportValue": _}:
            return policy
    return NO_VALUE


def _inline(policy: Any) -> Any:
    """The policy if it is written out, or SAM's policy template for calls of a function."""
    match policy:
        case {"Fn::If": [condition, yes, no]}:
            return {"Fn::If": [condition, _inline(yes), _inline(no)]}
        case {"Statement": _}:
            return {"PolicyDocument": policy}
        case {"LambdaInvokePolicy": {"FunctionName": function}}:
            arn = {"Fn::Join": ["", ["arn:aws:lambda:us-east-1:*:function:", function, "*"]]}
            statement = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": arn}
            return {"PolicyDocument": {"Statement": [statement]}}
    return NO_VALUE


def _given(value: Any, otherwise: Any) -> Any:
    """A value with `otherwise`, SAM's default, in place of AWS::NoValue."""
    match value:
        case {"Fn::If": [condition, yes, no]}:
            return {"Fn::If": [condition, _given(yes, otherwise), _given(no, otherwise)]}
        case {"Ref": "AWS::NoValue"}:
            return otherwise
    return value


def _moved(sam: Properties) -> Iterator[tuple[str, Any]]:
    for key, value in sam.items():
        first, *rest = MOVED.get(key, (key,))
        for inner in reversed(rest):
            value = {_named(inner, key): value}
        yield _named(first, key), value


def _named(name: str, like: Any) -> str:
    """A key with the place in the file of another."""
    return str_node(name, like.start_mark, like.end_mark) if hasattr(like, "start_mark") else name


def _at(resource: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    written: Any = resource.get("Properties")
    return dict_node(properties, written.start_mark, written.end_mark) if hasattr(written, "start_mark") else properties


def _properties(resource: dict[str, Any]) -> dict[str, Any]:
    return section(resource, "Properties")


def _inherited(resource: dict[str, Any], inherited: dict[str, Any]) -> dict[str, Any]:
    ignored = resource.get("IgnoreGlobals", [])
    return {key: value for key, value in inherited.items() if ignored != "*" and key not in ignored}


def _merged(inherited: Any, own: Any) -> Any:
    """Globals under a function's own: mappings are merged, lists follow each other, else its own value counts."""
    if isinstance(inherited, list) and isinstance(own, list):
        return [*inherited, *own]
    if not isinstance(inherited, dict) or not isinstance(own, dict) or _computed(inherited) or _computed(own):
        return own
    merged = {key: value for key, value in inherited.items() if key not in own}
    return merged | {key: _merged(inherited[key], value) if key in inherited else value for key, value in own.items()}


def _computed(value: dict[str, Any]) -> bool:
    return len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::"))
