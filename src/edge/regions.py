"""Sorts AWS Regions by their distance."""

from __future__ import annotations

from math import cos, hypot, radians, sin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    T = TypeVar("T")

    Point = tuple[float, float, float]  # on the unit sphere

# Latitude and longitude, in degrees, of the city or area that AWS's list of Regions names.
# https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
_PLACES = {
    "af-south-1": (-34, 18),  # Cape Town
    "ap-east-1": (22, 114),  # Hong Kong
    "ap-east-2": (25, 121),  # Taipei
    "ap-northeast-1": (36, 140),  # Tokyo
    "ap-northeast-2": (37, 127),  # Seoul
    "ap-northeast-3": (35, 135),  # Osaka
    "ap-south-1": (19, 73),  # Mumbai
    "ap-south-2": (17, 78),  # Hyderabad
    "ap-southeast-1": (1, 104),  # Singapore
    "ap-southeast-2": (-34, 151),  # Sydney
    "ap-southeast-3": (-6, 107),  # Jakarta
    "ap-southeast-4": (-38, 145),  # Melbourne
    "ap-southeast-5": (3, 102),  # Malaysia
    "ap-southeast-6": (-37, 175),  # New Zealand
    "ap-southeast-7": (14, 100),  # Thailand
    "ca-central-1": (45, -74),  # Montreal
    "ca-west-1": (51, -114),  # Calgary
    "cn-north-1": (40, 116),  # Beijing
    "cn-northwest-1": (37, 106),  # Ningxia
    "eu-central-1": (50, 9),  # Frankfurt
    "eu-central-2": (47, 9),  # Zurich
    "eu-north-1": (59, 18),  # Stockholm
    "eu-south-1": (45, 9),  # Milan
    "eu-south-2": (42, -1),  # Aragon
    "eu-west-1": (53, -6),  # Ireland
    "eu-west-2": (52, 0),  # London
    "eu-west-3": (49, 2),  # Paris
    "eusc-de-east-1": (52, 13),  # Brandenburg
    "il-central-1": (32, 35),  # Tel Aviv
    "me-central-1": (24, 54),  # UAE
    "me-south-1": (26, 51),  # Bahrain
    "mx-central-1": (21, -100),  # Queretaro
    "sa-east-1": (-24, -47),  # São Paulo
    "us-east-1": (39, -77),  # Virginia
    "us-east-2": (40, -83),  # Ohio
    "us-gov-east-1": (40, -83),  # Ohio
    "us-gov-west-1": (46, -120),  # Oregon
    "us-west-1": (37, -122),  # California
    "us-west-2": (46, -120),  # Oregon
}


def nearest_first(candidates: Sequence[T], here: str, region_of: Callable[[T], str]) -> list[T]:
    """The candidates, sorted by the great-circle distance of their Regions from the Region `here`.

    Candidates at the same distance keep their order. If this module does not know a Region, its place is the middle of
    the known Regions with the same prefix ("eu-"); without such Regions, it is farther away than all others.
    """
    place = _point(here)
    return sorted(candidates, key=lambda candidate: _distance(region_of(candidate), here, place))


def _distance(region: str, here: str, place: Point | None) -> float:
    """A number that grows with the distance: 0 for the same Region, 1 to 3 for others, 4 if a place is unknown."""
    if region == here:
        return 0
    other = _point(region)
    if place is None or other is None:
        return 4
    return 2 - sum([a * b for a, b in zip(place, other, strict=True)])


def _point(region: str) -> Point | None:
    """The place of a Region. If it is not listed, the mean of the listed Regions with the same prefix, or None."""
    area = region.partition("-")[0] + "-"
    places = [_PLACES[region]] if region in _PLACES else [p for name, p in _PLACES.items() if name.startswith(area)]
    if not places:
        return None
    x, y, z = 0.0, 0.0, 0.0
    for latitude, longitude in places:
        x += cos(radians(latitude)) * cos(radians(longitude))
        y += cos(radians(latitude)) * sin(radians(longitude))
        z += sin(radians(latitude))
    radius = hypot(x, y, z)  # back onto the unit sphere
    return x / radius, y / radius, z / radius
