"""A distribution's configuration."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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

    @property
    def names(self) -> tuple[str, ...]:
        """The domain name and the aliases."""
        return (self.domain_name, *self.aliases)

    def is_named(self, host: str) -> bool:
        """Whether a Host header names this distribution. The header may have a port."""
        return self.closeness(host) > 0

    def closeness(self, host: str) -> int:
        """How closely a Host header names this distribution: 2 for a name of it, 1 for a wildcard, 0 for neither."""
        name = without_port(host).lower()
        own = [each.lower() for each in self.names]
        if name in own:
            return 2
        return int(any(name.endswith(each[1:]) for each in own if each.startswith("*.")))

    def is_below_wildcard(self, host: str) -> bool:
        """Whether only a wildcard names a host, with several labels in place of its `*`."""
        parent = without_port(host).lower().partition(".")[2]
        return self.closeness(host) == 1 and f"*.{parent}" not in [each.lower() for each in self.aliases]


def without_port(host: str) -> str:
    """The name or address in a Host header."""
    return _PORT.sub("", host)


def named(configs: Sequence[DistributionConfig], host: str) -> int:
    """The index of the distribution that a Host header names; the first if it names none. An exact name beats a
    wildcard.

    Source: Developer Guide, "Add an alternate domain name" (restrictions on using alternate domain names).
    """
    return max(range(len(configs)), key=lambda index: configs[index].closeness(host))
