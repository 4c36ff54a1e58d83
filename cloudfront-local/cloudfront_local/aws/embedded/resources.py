"""CloudFormation's resource types that ministack lacks. ministack's own Python runs this module.

Some are made. Every other one is left out: it gets an id that begins with LEFT_OUT, and references to it get
values that lead nowhere.
"""

# ruff: noqa: ARG001, ARG002 - ministack calls its handlers with all arguments

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

from cloudfront_local.aws.embedded import keys
from cloudfront_local.aws.embedded.api_definitions import in_s3
from cloudfront_local.aws.embedded.buckets import bucket
from cloudfront_local.aws.embedded.handlers import Handler, Made, Properties, checking
from cloudfront_local.aws.embedded.http_apis import http_api
from cloudfront_local.aws.embedded.target_groups import target_group
from cloudfront_local.aws.embedded.vpc_origins import vpc_origin

LEFT_OUT = "left-out-"

_TYPE = re.compile(r"(?!AWS::CloudFormation::|AWS::Serverless::|Custom::)\w+::\w+::\w+(::MODULE)?")


def install() -> None:
    """Gives ministack's CloudFormation a handler for each type that it lacks."""
    from ministack.services import alb, apigateway, cloudfront, iam, s3  # type: ignore[import-not-found]
    from ministack.services.cloudformation import provisioners  # type: ignore[import-not-found]

    handlers = Handlers(provisioners._RESOURCE_HANDLERS)
    handlers |= keys.handlers(cloudfront)
    handlers["AWS::CloudFront::VpcOrigin"] = vpc_origin(cloudfront)
    handlers["AWS::ApiGatewayV2::Api"] = http_api(handlers["AWS::ApiGatewayV2::Api"], apigateway)
    for api in ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"):
        handlers[api] = in_s3(handlers[api], s3._get_object_data)
    groups = "AWS::ElasticLoadBalancingV2::TargetGroup"
    handlers[groups] = target_group(handlers[groups], alb)
    handlers["AWS::IAM::RolePolicy"] = role_policy(handlers["AWS::IAM::Policy"])
    handlers["AWS::IAM::Role"] = role(handlers["AWS::IAM::Role"], lambda arn: iam._lookup_policy(arn) is not None)
    handlers["AWS::S3::Bucket"] = bucket(handlers["AWS::S3::Bucket"], provisioners, s3)
    handlers["AWS::CloudFormation::Stack"] = nested_stack(handlers["AWS::CloudFormation::Stack"])
    leave_applications_out()
    for name, module in list(sys.modules.items()):
        if name.startswith("ministack.services.cloudformation") and hasattr(module, "_RESOURCE_HANDLERS"):
            module._RESOURCE_HANDLERS = handlers  # type: ignore[attr-defined]


class Handlers(dict[str, Handler]):
    """ministack's handlers by type, and one that leaves a resource out for every type that it lacks."""

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or (isinstance(name, str) and _TYPE.fullmatch(name) is not None)

    def __missing__(self, name: str) -> Handler:
        if name not in self:
            raise KeyError(name)
        return left_out

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self else default  # noqa: SIM401 - this is that `get`


class Anything(dict[str, str]):
    """Attributes of a resource that is not there: each has a value."""

    def __init__(self, logical_id: str) -> None:
        super().__init__({"Arn": f"arn:aws:left-out:us-east-1:000000000000:{logical_id}"})
        self._logical_id = logical_id

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return f"{LEFT_OUT}{self._logical_id}-{name}"

    def get(self, name: str, default: Any = None) -> Any:
        return self[name]


def _leave_out(logical_id: str, properties: Properties, stack_name: str) -> Made:
    return f"{LEFT_OUT}{logical_id}", Anything(logical_id)


def _update_nothing(physical_id: str, old: Properties, new: Properties, stack_name: str) -> Made:
    return physical_id, Anything(physical_id.removeprefix(LEFT_OUT))


def _delete_nothing(physical_id: str, properties: Properties) -> None:
    pass


left_out: Handler = {"create": _leave_out, "update": _update_nothing, "delete": _delete_nothing}


def leave_applications_out() -> None:
    """Gives applications of the Serverless Application Repository, which only AWS has, the template URL LEFT_OUT."""
    from samtranslator.plugins.application.serverless_app_plugin import (  # type: ignore[import-not-found]
        ServerlessAppPlugin,
    )

    ServerlessAppPlugin._sar_service_call = lambda *_: {"TemplateUrl": LEFT_OUT, "Status": "ACTIVE"}


def nested_stack(known: Handler) -> Handler:
    """ministack's handler of nested stacks; a stack with the template URL LEFT_OUT is left out."""

    def create(logical_id: str, properties: Properties, stack_name: str) -> Made:
        chosen = left_out if properties.get("TemplateURL") == LEFT_OUT else known
        made: Made = chosen["create"](logical_id, properties, stack_name)
        return made

    def update(physical_id: str, old: Properties, new: Properties, stack_name: str) -> Made:
        chosen = left_out if physical_id.startswith(LEFT_OUT) else known
        made: Made = chosen["update"](physical_id, old, new, stack_name)
        return made

    def delete(physical_id: str, properties: Properties) -> None:
        (left_out if physical_id.startswith(LEFT_OUT) else known)["delete"](physical_id, properties)

    return {**known, "create": create, "update": update, "delete": delete}


def role_policy(policy: Handler) -> Handler:
    """The handler of AWS::IAM::RolePolicy: that of AWS::IAM::Policy, for one role."""

    def as_policy(properties: Properties) -> Properties:
        return {**properties, "Roles": [properties.get("RoleName")]}

    def create(logical_id: str, properties: Properties, stack_name: str) -> Made:
        made: Made = policy["create"](logical_id, as_policy(properties), stack_name)
        return made

    def delete(physical_id: str, properties: Properties) -> None:
        policy["delete"](physical_id, as_policy(properties))

    return {"create": create, "delete": delete}


def role(known: Handler, is_policy: Callable[[str], bool]) -> Handler:
    """ministack's handler of AWS::IAM::Role, which refuses AWS managed policies that do not exist, in AWS's words."""

    def checked(properties: Properties) -> None:
        for arn in properties.get("ManagedPolicyArns") or ():
            if isinstance(arn, str) and arn.startswith("arn:aws:iam::aws:policy/") and not is_policy(arn):
                raise ValueError(f"Policy {arn} does not exist or is not attachable.")

    return checking(known, checked)
