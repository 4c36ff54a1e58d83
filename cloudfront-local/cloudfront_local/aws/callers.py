"""Looks up the policies for a request to a function URL: those of the function, and those of the caller's role."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.iam.policies import Policy
from cloudfront_local.origins.function_url import Account, Target

# On AWS, changes of IAM take longer to apply. Without this cache, each request would cost eight calls of the embedded
# AWS.
_FRESH_SECONDS = 1.0

T = TypeVar("T")


def account(endpoint: Endpoint, role: Callable[[str], str | None]) -> Account:
    """Returns look-ups in the embedded AWS. Answers are kept for one second: a changed policy soon applies.

    `role(access key)` returns the role that the key was issued for, or None.
    """
    functions, iam = endpoint.client("lambda"), endpoint.client("iam")
    return Account(
        target=_Lookup(lambda domain: _target(functions, domain)),
        role=role,
        policies=_Lookup(lambda role_arn: _role_policies(iam, role_arn.rpartition("/")[2])),
    )


class _Lookup(Generic[T]):
    """Calls `look_up(key)` in a thread, and keeps the answer for `_FRESH_SECONDS`. A failure is not kept."""

    def __init__(self, look_up: Callable[[str], T]) -> None:
        self._look_up = look_up
        self._asked: dict[str, asyncio.Task[T]] = {}

    async def __call__(self, key: str) -> T:
        if key not in self._asked:
            self._asked[key] = task = asyncio.create_task(asyncio.to_thread(self._look_up, key))
            task.add_done_callback(lambda done: self._answered(key, done))
        return await asyncio.shield(self._asked[key])  # Other callers may wait for the same task.

    def _answered(self, key: str, task: asyncio.Task[T]) -> None:
        if task.cancelled() or task.exception():
            del self._asked[key]
        else:
            task.get_loop().call_later(_FRESH_SECONDS, self._asked.pop, key, None)


def _target(client: Any, domain: str) -> Target | None:
    """Finds the function whose URL has this domain. It asks every function: a stack on a laptop has few."""
    for page in client.get_paginator("list_functions").paginate():
        for function in page["Functions"]:
            name = function["FunctionName"]
            for url in client.list_function_url_configs(FunctionName=name)["FunctionUrlConfigs"]:
                if urlsplit(url["FunctionUrl"]).hostname == domain:
                    return Target(url["FunctionArn"], url["AuthType"], _function_policy(client, url["FunctionArn"]))
    return None


def _function_policy(client: Any, arn: str) -> Policy | None:
    name, _, qualifier = arn.partition(":function:")[2].partition(":")
    with contextlib.suppress(client.exceptions.ResourceNotFoundException):
        answer = client.get_policy(FunctionName=name, **({"Qualifier": qualifier} if qualifier else {}))
        policy: Policy = json.loads(answer["Policy"])
        return policy
    return None


def _role_policies(client: Any, name: str) -> list[Policy]:
    """Returns the role's inline and attached policies."""
    inline = client.list_role_policies(RoleName=name)["PolicyNames"]
    policies = [client.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"] for policy in inline]
    for attached in client.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        version = client.get_policy(PolicyArn=attached["PolicyArn"])["Policy"]["DefaultVersionId"]
        document = client.get_policy_version(PolicyArn=attached["PolicyArn"], VersionId=version)
        policies.append(document["PolicyVersion"]["Document"])
    return policies
