"""A stack's distributions: what runs where on them, and taking the functions off."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stack.progress import looks

if TYPE_CHECKING:
    from stack.target import Stack

# CloudFront takes minutes.
LONGEST_PAUSE = 15


@dataclass(frozen=True)
class Distribution:
    """`config` as CloudFront's API has it, `etag` the version of it that an update must name."""

    id: str
    status: str
    config: dict[str, Any]
    etag: str

    @property
    def deployed(self) -> bool:
        """Whether each edge location has the last change."""
        return self.status == "Deployed"

    @property
    def detached(self) -> bool:
        """Whether it serves nothing and no function is associated with it."""
        return not self.config["Enabled"] and not any(arns for _, arns in functions(self.config))


def of(stack: Stack) -> list[Distribution]:
    """The stack's distributions, but for those that were deleted behind its back."""
    cloudfront = stack.client("cloudfront")
    found = (read(cloudfront, physical_id) for physical_id in stack.resources("AWS::CloudFront::Distribution").values())
    return [distribution for distribution in found if distribution]


def read(cloudfront: Any, distribution_id: str) -> Distribution | None:
    """A distribution, None if there is none of that id."""
    try:
        found = cloudfront.get_distribution(Id=distribution_id)
    except cloudfront.exceptions.NoSuchDistribution:
        return None
    distribution = found["Distribution"]
    return Distribution(distribution_id, distribution["Status"], distribution["DistributionConfig"], found["ETag"])


def behaviors(config: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """In the order in which CloudFront tries them."""
    yield from config.get("CacheBehaviors", {}).get("Items", [])
    yield config["DefaultCacheBehavior"]


def functions(config: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """The path pattern of each behavior, and the ARNs of the Lambda@Edge functions that run on it."""
    for behavior in behaviors(config):
        associations = behavior.get("LambdaFunctionAssociations", {}).get("Items", [])
        yield behavior.get("PathPattern", "*"), [association["LambdaFunctionARN"] for association in associations]


def detach(cloudfront: Any, distribution: Distribution) -> None:
    """Takes all functions off a distribution and disables it, in one step: what they guard never lies open.

    CloudFront begins to spread that to its edge locations.
    """
    config = copy.deepcopy(distribution.config) | {"Enabled": False}
    for behavior in behaviors(config):
        behavior["LambdaFunctionAssociations"] = {"Quantity": 0}
    cloudfront.update_distribution(Id=distribution.id, IfMatch=distribution.etag, DistributionConfig=config)


def await_deployed(cloudfront: Any, distribution_id: str, say: Callable[[str], None]) -> None:
    """Waits until each edge location has the last change."""
    for _ in looks(LONGEST_PAUSE):
        distribution = read(cloudfront, distribution_id)
        if distribution is None or distribution.deployed:
            return
        say(f"CloudFront takes the functions off {distribution_id} everywhere, in 5 to 15 minutes ...")
