"""Places where a simulated viewer can be: a city for each of some countries, else the country alone.

CloudFront leaves out a header whose value it does not know. Source: Developer Guide, "Add CloudFront request headers".
"""

from __future__ import annotations

from dataclasses import dataclass

from cloudfront_local.distribution.viewer_headers.countries import NAMES


@dataclass(frozen=True)
class Place:
    """A viewer's place. `country` is a code of ISO 3166-1, and `region` one of ISO 3166-2 without the country.

    Latitude and longitude are in degrees, with five decimals. `asn` is the number of a network that has viewers there.
    `metro_code` is that of an American television market. A part that is empty is unknown.
    """

    country: str
    region: str = ""
    region_name: str = ""
    city: str = ""
    postal_code: str = ""
    time_zone: str = ""
    latitude: str = ""
    longitude: str = ""
    asn: str = ""
    metro_code: str = ""

    @property
    def country_name(self) -> str:
        return NAMES[self.country]


_CITIES = (
    Place(
        "AR",
        "C",
        "Buenos Aires F.D.",
        "Buenos Aires",
        "C1000",
        "America/Argentina/Buenos_Aires",
        "-34.60370",
        "-58.38160",
        "7303",
    ),
    Place("AU", "NSW", "New South Wales", "Sydney", "2000", "Australia/Sydney", "-33.86880", "151.20930", "1221"),
    Place("BR", "SP", "São Paulo", "São Paulo", "01000", "America/Sao_Paulo", "-23.55050", "-46.63330", "27699"),
    Place("CA", "ON", "Ontario", "Toronto", "M5H", "America/Toronto", "43.65320", "-79.38320", "577"),
    Place("CH", "ZH", "Zurich", "Zurich", "8001", "Europe/Zurich", "47.37690", "8.54170", "3303"),
    Place("CN", "SH", "Shanghai", "Shanghai", "200000", "Asia/Shanghai", "31.23040", "121.47370", "4134"),
    Place("DE", "HE", "Hesse", "Frankfurt am Main", "60311", "Europe/Berlin", "50.11090", "8.68210", "3320"),
    Place("EG", "C", "Cairo Governorate", "Cairo", "11511", "Africa/Cairo", "30.04440", "31.23570", "8452"),
    Place("ES", "MD", "Madrid", "Madrid", "28001", "Europe/Madrid", "40.41680", "-3.70380", "3352"),
    Place("FR", "IDF", "Île-de-France", "Paris", "75001", "Europe/Paris", "48.85660", "2.35220", "3215"),
    Place("GB", "ENG", "England", "London", "EC1A", "Europe/London", "51.50740", "-0.12780", "2856"),
    Place("ID", "JK", "Jakarta", "Jakarta", "10110", "Asia/Jakarta", "-6.20880", "106.84560", "7713"),
    Place("IE", "L", "Leinster", "Dublin", "D02", "Europe/Dublin", "53.34980", "-6.26030", "5466"),
    Place("IN", "MH", "Maharashtra", "Mumbai", "400001", "Asia/Kolkata", "19.07600", "72.87770", "55836"),
    Place("IT", "25", "Lombardy", "Milan", "20121", "Europe/Rome", "45.46420", "9.19000", "3269"),
    Place("JP", "13", "Tokyo", "Tokyo", "100-0001", "Asia/Tokyo", "35.68950", "139.69170", "4713"),
    Place("KE", "30", "Nairobi County", "Nairobi", "00100", "Africa/Nairobi", "-1.29210", "36.82190", "33771"),
    Place("KR", "11", "Seoul", "Seoul", "04524", "Asia/Seoul", "37.56650", "126.97800", "4766"),
    Place("MX", "CMX", "Mexico City", "Mexico City", "06000", "America/Mexico_City", "19.43260", "-99.13320", "8151"),
    Place("NG", "LA", "Lagos", "Lagos", "100001", "Africa/Lagos", "6.52440", "3.37920", "29465"),
    Place("NL", "NH", "North Holland", "Amsterdam", "1012", "Europe/Amsterdam", "52.36760", "4.90410", "1136"),
    Place("NZ", "AUK", "Auckland", "Auckland", "1010", "Pacific/Auckland", "-36.84850", "174.76330", "4771"),
    Place("PL", "14", "Mazovia", "Warsaw", "00-001", "Europe/Warsaw", "52.22970", "21.01220", "5617"),
    Place("SE", "AB", "Stockholm County", "Stockholm", "111 20", "Europe/Stockholm", "59.32930", "18.06860", "3301"),
    Place("SG", "", "", "Singapore", "018989", "Asia/Singapore", "1.35210", "103.81980", "7473"),
    Place("US", "OH", "Ohio", "Cleveland", "44119", "America/New_York", "41.58820", "-81.54920", "7018", "510"),
    Place("ZA", "WC", "Western Cape", "Cape Town", "8001", "Africa/Johannesburg", "-33.92490", "18.42410", "5713"),
)

_BY_COUNTRY = {place.country: place for place in _CITIES}

DEFAULT = _BY_COUNTRY["US"]


def place(country: str) -> Place:
    """The place in a country: a city, if the table has one. Raises ValueError, with what is wrong and what to do."""
    code = country.strip().upper()
    if code not in NAMES:
        raise ValueError(f"{country[:20]!a} is not a country. Give a two-letter code of ISO 3166-1, such as NZ.")
    return _BY_COUNTRY.get(code) or Place(code)
