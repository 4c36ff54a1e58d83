"""The restriction of a whole distribution to viewers of some countries.

Source: Developer Guide, "Restrict the geographic distribution of your content".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class GeoRestriction:
    """`countries` are codes of ISO 3166-1. If `is_allow_list`, only they are admitted; else all but they are."""

    countries: frozenset[str] = frozenset()
    is_allow_list: bool = False

    def admits(self, country: str) -> bool:
        return (country in self.countries) == self.is_allow_list


EVERY_COUNTRY = GeoRestriction()


def geo_restriction(restrictions: Mapping[str, Any]) -> GeoRestriction:
    """The `Restrictions` of a `DistributionConfig` of the CloudFront API."""
    found = restrictions.get("GeoRestriction", {})
    if found.get("RestrictionType", "none") == "none":
        return EVERY_COUNTRY
    countries = frozenset(str(code).upper() for code in found.get("Items", ()))
    return GeoRestriction(countries, found["RestrictionType"] == "whitelist")
