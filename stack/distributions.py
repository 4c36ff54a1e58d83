"""A stack's distributions: reads which functions run on them, and removes the functions."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stack.progress import looks

if TYPE_CHECKING:
    from stack.target import Stack

# In seconds. CloudFront takes minutes to deploy a change.
LONGEST_PAUSE = 15


@dataclass(frozen=True)
class Distribution:
    """A distribution. `config` is its DistributionConfig (CloudFront API), `etag` the version that an update names."""

    id: str
    domain_name: str
    status: str
    config: dict[str, Any]
    etag: str

    @property
    def deployed(self) -> bool:
        """Whether all edge locations have the last change."""
        return self.status == "Deployed"

    @property
    def detached(self) -> bool:
        """Whether the distribution is disabled and has no functions."""
        return not self.config["Enabled"] and not any(arns for _, arns in functions(self.config))

    @property
    def host_names(self) -> list[str]:
        """The distribution's own domain name, then its alternate domain names, some of which may be wildcards."""
        return [self.domain_name, *self.config.get("Aliases", {}).get("Items", [])]


def of(stack: Stack) -> list[Distribution]:
    """The stack's distributions, except those that were deleted without CloudFormation."""
    cloudfront = stack.client("cloudfront")
    found = (read(cloudfront, physical_id) for physical_id in stack.resources("AWS::CloudFront::Distribution").values())
    return [distribution for distribution in found if distribution]


def read(cloudfront: Any, distribution_id: str) -> Distribution | None:
    """The distribution with this id, or None."""
    try:
        found = cloudfront.get_distribution(Id=distribution_id)
    except cloudfront.exceptions.NoSuchDistribution:
        return None
    distribution = found["Distribution"]
    return Distribution(
        distribution_id,
        distribution["DomainName"],
        distribution["Status"],
        distribution["DistributionConfig"],
        found["ETag"],
    )


def behaviors(config: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The behaviors in the order in which CloudFront compares their path patterns. The default behavior is the last."""
    yield from config.get("CacheBehaviors", {}).get("Items", [])
    yield config["DefaultCacheBehavior"]


def functions(config: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """The path pattern of each behavior, and the ARNs of the Lambda@Edge functions that run on it."""
    for behavior in behaviors(config):
        associations = behavior.get("LambdaFunctionAssociations", {}).get("Items", [])
        yield behavior.get("PathPattern", "*"), [association["LambdaFunctionARN"] for association in associations]


def detach(cloudfront: Any, distribution: Distribution) -> None:
    """Disables a distribution and removes all its functions in one update.

    With two updates, CloudFront could serve protected pages without their viewer-request function. This function does
    not wait for the deployment of the update to the edge locations.
    """
    config = copy.deepcopy(distribution.config) | {"Enabled": False}
    for behavior in behaviors(config):
        behavior["LambdaFunctionAssociations"] = {"Quantity": 0}
    cloudfront.update_distribution(Id=distribution.id, IfMatch=distribution.etag, DistributionConfig=config)


def await_deployed(cloudfront: Any, distribution_id: str, say: Callable[[str], None], doing: str) -> None:
    """Waits until all edge locations have the last change. `say` receives the progress: what CloudFront is `doing`."""
    for _ in looks(LONGEST_PAUSE):
        distribution = read(cloudfront, distribution_id)
        if distribution is None or distribution.deployed:
            return
        say(f"CloudFront is {doing} {distribution_id}, which takes 5 to 15 minutes ...")
