"""A distribution that exists already: `attach` puts the stack's functions on it, `detach` takes them off."""

import copy
from base64 import b64encode
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from multidict import CIMultiDict

from cloudfront_local.distribution.messages import Request
from tests.events.record import distribution as distribution_at

# Which other origins the pages may connect to is a setting of the demonstration's, not of each stack.
CONNECT = ("--header", "x-security-headers-connect=https://api.github.com")
DEMO = {"Authorization": f"Basic {b64encode(b'demo:demo').decode()}"}
ATTACHED = (
    ("*", "AuthorizerFunction"),
    ("*", "SecurityHeadersFunction"),
    ("/api/*", "AuthorizerFunction"),
    ("/api/*", "SignerFunction"),
    ("/files/*", "AuthorizerFunction"),
    ("/files/*", "RouterFunction"),
    ("/files/*", "SecurityHeadersFunction"),
    ("/assets/*", "SecurityHeadersFunction"),
    ("/members*", "SecurityHeadersFunction"),
    ("/demo/*", "RedirectFunction"),
    ("/demo/*", "SecurityHeadersFunction"),
    ("/blog*", "SecurityHeadersFunction"),
)


def behaviors(config: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield config["DefaultCacheBehavior"]
    yield from config["CacheBehaviors"]["Items"]


def without_functions(config: dict[str, Any]) -> dict[str, Any]:
    """The stack's configuration as somebody has it who has no functions at the edge."""
    config = copy.deepcopy(config) | {"CallerReference": "theirs", "Aliases": {"Quantity": 0}}
    for behavior in behaviors(config):
        behavior["LambdaFunctionAssociations"] = {"Quantity": 0}
    for origin in config["Origins"]["Items"]:
        origin["CustomHeaders"] = {"Quantity": 0}
    return with_ports(config)


def without(config: dict[str, Any], arn: str) -> None:
    """Takes a function off all behaviors of a configuration."""
    for behavior in behaviors(config):
        items = behavior["LambdaFunctionAssociations"].get("Items", [])
        left = [each for each in items if each["LambdaFunctionARN"] != arn]
        behavior["LambdaFunctionAssociations"] = {"Quantity": len(left), "Items": left}


def with_ports(config: dict[str, Any]) -> dict[str, Any]:
    """The configuration with the ports that the API asks for. CloudFormation has defaults for them."""
    for origin in config["Origins"]["Items"]:
        if custom := origin.get("CustomOriginConfig"):
            custom.update({"HTTPPort": 80, "HTTPSPort": 443, **custom})
    return config


def normal(config: Any) -> Any:
    """A configuration whose lists are in one order, without empty ones and without what is off by default."""
    if isinstance(config, dict):
        parts = {key: normal(value) for key, value in config.items() if key != "CallerReference"}
        return {key: value for key, value in parts.items() if value not in ({"Quantity": 0}, [], {}, False)}
    return sorted(map(normal, config), key=str) if isinstance(config, list) else config


@pytest.fixture
def theirs(running_stack) -> Iterator[str]:
    """The id of a distribution without functions."""
    cloudfront = running_stack.client("cloudfront")
    own = cloudfront.get_distribution_config(Id=running_stack.description.distribution_id)["DistributionConfig"]
    made = cloudfront.create_distribution(DistributionConfig=without_functions(own))["Distribution"]["Id"]
    yield made
    found = cloudfront.get_distribution_config(Id=made)
    config = found["DistributionConfig"] | {"Enabled": False}
    etag = cloudfront.update_distribution(Id=made, IfMatch=found["ETag"], DistributionConfig=config)["ETag"]
    cloudfront.delete_distribution(Id=made, IfMatch=etag)


async def test_attach(running_stack, theirs: str) -> None:
    """With all functions attached it is configured as the template's own, and serves so; detached, as before. Sign-in
    is for the template's own alone."""
    before, own = config_of(running_stack, theirs), config_of(running_stack, running_stack.description.distribution_id)
    refused = command(running_stack, theirs, "attach", "/members*", "SignInFunction")
    assert (refused.returncode, config_of(running_stack, theirs)) == (1, before)
    assert refused.stderr == (
        "SignInFunction cannot be attached. The provider sends browsers back to the stack's own distribution, so "
        "nobody could sign in on another one. Serve the pages through the stack's own: add their origin to "
        "template.yaml, with a behavior that runs SignInFunction.\n"
    )
    without(own, running_stack.output("SignInFunctionVersion"))
    for path, function in ATTACHED:
        settings = CONNECT if function == "SecurityHeadersFunction" and path != "/files/*" else ()
        done = command(running_stack, theirs, "attach", path, function, *settings)
        assert done.returncode == 0, done.stderr
    assert normal(config_of(running_stack, theirs)) == normal(with_ports(own))
    assert (await answer(running_stack, theirs, "/api/books")).status == 401
    assert (await answer(running_stack, theirs, "/api/books", DEMO)).status == 200
    assert (await answer(running_stack, theirs, "/files/hello", DEMO)).status == 200
    assert "content-security-policy" in (await answer(running_stack, theirs, "/files/hello", DEMO)).headers

    for path, function in ATTACHED:
        done = command(running_stack, theirs, "detach", path, function)
        assert done.returncode == 0, done.stderr
    assert normal(config_of(running_stack, theirs)) == normal(before)
    assert (await answer(running_stack, theirs, "/api/books")).status == 403  # the function URL's own


def config_of(running_stack: Any, distribution_id: str) -> dict[str, Any]:
    cloudfront = running_stack.client("cloudfront")
    config: dict[str, Any] = cloudfront.get_distribution_config(Id=distribution_id)["DistributionConfig"]
    return config


def command(running_stack: Any, distribution_id: str, name: str, path: str, function: str, *more: str) -> Any:
    """`python -m stack --local attach ...`"""
    named = ("--distribution", distribution_id, "--path", path, "--function", function)
    return running_stack.command(name, *named, "--yes", *more)


async def answer(running_stack: Any, distribution_id: str, path: str, sent: Mapping[str, str] | None = None) -> Any:
    """The distribution's answer to a GET request."""
    async with distribution_at(running_stack.description, "us-east-1", distribution_id) as distribution:
        headers = CIMultiDict({"Host": distribution.config.domain_name, **(sent or {})})
        return await distribution.handle(Request("GET", path, headers=headers))
