"""A distribution's configuration."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cloudfront_local.distribution.access_log.settings import Logging
from cloudfront_local.distribution.behaviors import CacheBehavior
from cloudfront_local.distribution.error_responses import ErrorResponse
from cloudfront_local.distribution.geo_restriction import EVERY_COUNTRY, GeoRestriction
from cloudfront_local.distribution.origin import Origin
from cloudfront_local.distribution.origin_groups import OriginGroup

_PORT = re.compile(r":[0-9]{1,5}$")


@dataclass(frozen=True)
class DistributionConfig:
    """The configuration of the distribution that the emulator serves.

    `behaviors` are in the order in which CloudFront tries them, the default behavior last. `origins` maps the ids that
    behaviors name to origins, and `origin_groups` to groups of two of them. `aliases` are its other domain names, such
    as `www.example.org` or `*.example.org`. `error_responses` are the custom error responses by error status.
    `not_emulated` has a line for each part that is deployed but has no effect here, and `warnings` a line for each part
    that works here but needs a look.
    """

    id: str
    arn: str
    domain_name: str
    default_root_object: str
    behaviors: tuple[CacheBehavior, ...]
    origins: Mapping[str, Origin]
    origin_groups: Mapping[str, OriginGroup] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    error_responses: Mapping[int, ErrorResponse] = field(default_factory=dict)
    geo_restriction: GeoRestriction = EVERY_COUNTRY
    logging: Logging | None = None
    not_emulated: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def is_named(self, host: str) -> bool:
        """Whether a Host header names this distribution. The header may have a port."""
        name = _PORT.sub("", host).lower()
        return any(
            name.endswith(own[1:]) if own.startswith("*.") else name == own
            for own in (self.domain_name.lower(), *(alias.lower() for alias in self.aliases))
        )
