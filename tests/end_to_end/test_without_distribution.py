"""A stack without a distribution: `make local` calls its functions, and `attach` puts them on one that exists."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.end_to_end.conftest import RunningStack

ORIGIN = {
    "Id": "theirs",
    "DomainName": "www.example.org",
    "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"},
}
CONFIG = {
    "CallerReference": "theirs",
    "Comment": "",
    "Enabled": True,
    "Origins": {"Quantity": 1, "Items": [ORIGIN]},
    "DefaultCacheBehavior": {
        "TargetOriginId": "theirs",
        "ViewerProtocolPolicy": "https-only",
        "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",  # Managed-CachingOptimized
    },
}


@pytest.fixture(autouse=True)
def without_distribution(running_stack: RunningStack) -> None:
    if running_stack.description.distributions:
        pytest.skip("the stack has a distribution")


@pytest.fixture
def functions(running_stack: RunningStack) -> list[str]:
    """The logical ids of the stack's functions for a distribution."""
    (stack,) = running_stack.client("cloudformation").describe_stacks(StackName=running_stack.description.stack_name)[
        "Stacks"
    ]
    found = re.findall(r"'(\w+Function)Version'", str([each["OutputKey"] for each in stack["Outputs"]]))
    assert found
    return found


def test_make_local(running_stack: RunningStack, functions: list[str]) -> None:
    """The terminal says what is missing, and how to call each function. The recorded events serve for that."""
    output = running_stack.project.output
    assert "The template has no AWS::CloudFront::Distribution, so there is nothing to serve." in output
    tried = dict(re.findall(r"^  make invoke FUNCTION=(\w+) EVENT=(\S+)$", output, re.MULTILINE))
    assert tried.keys() == set(functions)
    for name, event in tried.items():
        # The same without a container.
        called = running_stack.project.run("python3", "-m", "cloudfront_local", "invoke", name, "-e", event)
        assert isinstance(json.loads(called.stdout), dict), called.stderr


def test_attach(running_stack: RunningStack, functions: list[str]) -> None:
    """Each function is attached to a distribution, one after the other, and detached again: all is as before."""
    cloudfront = running_stack.client("cloudfront")
    created = cloudfront.create_distribution(DistributionConfig=CONFIG)["Distribution"]
    for name in functions:
        named = ("--distribution", created["Id"], "--path", "*", "--function", name, "--yes")
        attached = running_stack.command("attach", *named)
        assert attached.returncode == 0, attached.stderr
        assert associations(cloudfront, created["Id"]) == [running_stack.output(f"{name}Version")]
        detached = running_stack.command("detach", *named)
        assert detached.returncode == 0, detached.stderr
        assert associations(cloudfront, created["Id"]) == []


def associations(cloudfront: Any, distribution_id: str) -> list[str]:
    """The ARNs of the functions at the default behavior."""
    config = cloudfront.get_distribution_config(Id=distribution_id)["DistributionConfig"]
    found = config["DefaultCacheBehavior"].get("LambdaFunctionAssociations", {}).get("Items", [])
    return [each["LambdaFunctionARN"] for each in found]
