"""A distribution's configuration, with types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cloudfront_local.distribution.behaviors import CacheBehavior
from cloudfront_local.distribution.origin import Origin


@dataclass(frozen=True)
class DistributionConfig:
    """What the emulator serves. `behaviors` in the order they are tried, the default one last; `origins` by the id that
    behaviors name. `not_emulated` has a line for each part that is deployed but has no effect here."""

    id: str
    arn: str
    domain_name: str
    default_root_object: str
    behaviors: tuple[CacheBehavior, ...]
    origins: Mapping[str, Origin]
    not_emulated: tuple[str, ...] = ()
