"""Who calls a function URL, which function is behind it, and what either side's policies say."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from local.aws.endpoint import Endpoint
from local.cloudfront.origins.function_url import Account, Target
from local.iam.policies import Policy


def account(endpoint: Endpoint, role: Callable[[str], str | None]) -> Account:
    """Answers from the embedded AWS, read at every request: a changed policy counts at once."""
    functions, iam = endpoint.client("lambda"), endpoint.client("iam")

    async def target(domain: str) -> Target | None:
        return await asyncio.to_thread(_target, functions, domain)

    async def policies(role_arn: str) -> Sequence[Policy]:
        return await asyncio.to_thread(_role_policies, iam, role_arn.rpartition("/")[2])

    return Account(target, role, policies)


def _target(client: Any, domain: str) -> Target | None:
    """By asking every function for its URL: a stack on a laptop has few."""
    for page in client.get_paginator("list_functions").paginate():
        for function in page["Functions"]:
            name = function["FunctionName"]
            for url in client.list_function_url_configs(FunctionName=name)["FunctionUrlConfigs"]:
                if urlsplit(url["FunctionUrl"]).hostname == domain:
                    return Target(url["FunctionArn"], url["AuthType"], _function_policy(client, url["FunctionArn"]))
    return None


def _function_policy(client: Any, arn: str) -> Policy | None:
    _, _, name_and_qualifier = arn.partition(":function:")
    name, _, qualifier = name_and_qualifier.partition(":")
    with contextlib.suppress(client.exceptions.ResourceNotFoundException):
        policy: Policy = json.loads(
            client.get_policy(FunctionName=name, **({"Qualifier": qualifier} if qualifier else {}))["Policy"]
        )
        return policy
    return None


def _role_policies(client: Any, name: str) -> list[Policy]:
    """The role's inline and attached policies."""
    inline = client.list_role_policies(RoleName=name)["PolicyNames"]
    policies = [client.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"] for policy in inline]
    for attached in client.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        version = client.get_policy(PolicyArn=attached["PolicyArn"])["Policy"]["DefaultVersionId"]
        document = client.get_policy_version(PolicyArn=attached["PolicyArn"], VersionId=version)
        policies.append(document["PolicyVersion"]["Document"])
    return policies
