"""Which of several AWS Regions is near."""

from __future__ import annotations

from collections.abc import Callable, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    T = TypeVar("T")

# By the first part of a Region's name, as in "eu-west-1".
_CONTINENTS = {
    "af": "Africa",
    "ap": "Asia Pacific",
    "ca": "North America",
    "cn": "Asia Pacific",
    "eu": "Europe",
    "eusc": "Europe",
    "il": "Middle East",
    "me": "Middle East",
    "mx": "North America",
    "sa": "South America",
    "us": "North America",
}


def nearest(candidates: Sequence[T], here: str, region_of: Callable[[T], str]) -> T:
    """The candidate in this Region, else the first on this continent, else the first. ValueError if there is none."""
    return min(candidates, key=lambda candidate: _distance(region_of(candidate), here))


def _distance(region: str, here: str) -> int:
    if region == here:
        return 0
    continent = _CONTINENTS.get(here.partition("-")[0])
    return 1 if continent and _CONTINENTS.get(region.partition("-")[0]) == continent else 2
