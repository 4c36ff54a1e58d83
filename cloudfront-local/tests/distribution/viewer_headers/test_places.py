"""Where viewers can be."""

import zoneinfo

import pytest

from cloudfront_local.distribution.viewer_headers import places
from cloudfront_local.distribution.viewer_headers.countries import NAMES


def test_countries() -> None:
    """Every country of ISO 3166-1 is a place; a code may be in lower case."""
    assert len(NAMES) == 249
    assert {places.place(code.lower()).country for code in NAMES} == NAMES.keys()
    assert (NAMES["GB"], NAMES["US"], NAMES["CC"]) == ("United Kingdom", "United States", "Cocos (Keeling) Islands")


def test_cities() -> None:
    """A known city has a time zone that there is, and coordinates with five decimals."""
    cities = [place for place in map(places.place, NAMES) if place.city]
    assert len(cities) >= 20
    for city in cities:
        assert zoneinfo.ZoneInfo(city.time_zone)
        for degrees, limit in ((city.latitude, 90), (city.longitude, 180)):
            assert len(degrees.partition(".")[2]) == 5
            assert abs(float(degrees)) < limit
        assert city.asn.isdecimal()
        assert bool(city.metro_code) == (city.country == "US")


@pytest.mark.parametrize("code", ["", "XX", "USA", "ñz", "U" * 100_000])
def test_no_country(code: str) -> None:
    """A code that is none is refused, in one short line."""
    with pytest.raises(ValueError, match="is not a country") as refused:
        places.place(code)
    assert len(str(refused.value)) < 200
