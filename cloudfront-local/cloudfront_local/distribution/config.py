"""A distribution's configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cloudfront_local.distribution.behaviors import CacheBehavior
from cloudfront_local.distribution.origin import Origin


@dataclass(frozen=True)
class DistributionConfig:
    """The configuration of the distribution that the emulator serves.

    `behaviors` are in the order in which CloudFront tries them, the default behavior last. `origins` maps the ids that
    behaviors name to origins. `not_emulated` has a line for each part that is deployed but has no effect here.
    """

    id: str
    arn: str
    domain_name: str
    default_root_object: str
    behaviors: tuple[CacheBehavior, ...]
    origins: Mapping[str, Origin]
    not_emulated: tuple[str, ...] = ()
