"""Looks up the policies for a request to a function URL: those of the function, and those of the caller's role."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.aws.fresh import Fresh
from cloudfront_local.iam.policies import Policy
from cloudfront_local.origins.function_url import Account, Target


def account(endpoint: Endpoint, role: Callable[[str], str | None]) -> Account:
    """Returns look-ups in the embedded AWS. Answers are kept for one second: a changed policy soon applies.

    `role(access key)` returns the role that the key was issued for, or None.
    """
    functions, iam = endpoint.client("lambda"), endpoint.client("iam")
    return Account(
        target=Fresh[str, Target | None](lambda domain: _target(functions, domain)),
        role=role,
        policies=Fresh[str, list[Policy]](lambda role_arn: _role_policies(iam, role_arn.rpartition("/")[2])),
    )


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
