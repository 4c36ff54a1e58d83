"""The distribution's geographic restriction: by the viewer's country, before any function runs."""

from typing import Any

import pytest

from cloudfront_local.distribution.error_responses import ErrorResponse
from cloudfront_local.distribution.geo_restriction import GeoRestriction, geo_restriction
from cloudfront_local.distribution.viewer_headers.places import Place
from cloudfront_local.distribution.viewer_headers.viewer import Viewer

SENTENCE = b"The Amazon CloudFront distribution is configured to block access from your country."
ONLY_GERMANY = GeoRestriction(frozenset({"DE"}), is_allow_list=True)


@pytest.mark.parametrize(
    ("restrictions", "country", "admitted"),
    [
        ({}, "DE", True),
        ({"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}}, "DE", True),
        ({"GeoRestriction": {"RestrictionType": "whitelist", "Quantity": 1, "Items": ["DE"]}}, "DE", True),
        ({"GeoRestriction": {"RestrictionType": "whitelist", "Quantity": 1, "Items": ["DE"]}}, "FR", False),
        ({"GeoRestriction": {"RestrictionType": "blacklist", "Quantity": 2, "Items": ["DE", "fr"]}}, "FR", False),
        ({"GeoRestriction": {"RestrictionType": "blacklist", "Quantity": 1, "Items": ["DE"]}}, "FR", True),
    ],
)
def test_admits(restrictions: dict[str, Any], country: str, admitted: bool) -> None:
    assert geo_restriction(restrictions).admits(country) is admitted


async def test_blocked(edge, caplog) -> None:
    """A viewer elsewhere gets CloudFront's 403 before the viewer-request function; the terminal says why."""
    at = edge(functions={"viewer-request": lambda _: 1 / 0}, config={"geo_restriction": ONLY_GERMANY})
    blocked = await at.get(viewer=Viewer(Place("FR")))
    assert (blocked.status, blocked.headers["X-Cache"]) == (403, "Error from cloudfront")
    assert SENTENCE in blocked.body
    assert at.origin.requests == []
    assert "does not admit viewers from FR" in caplog.text


async def test_admitted(edge) -> None:
    """A viewer in an admitted country gets the object, and a cached object is not given to others."""
    at = edge(config={"geo_restriction": ONLY_GERMANY})
    at.origin.reply(body=b"for Germany")
    answers = [await at.get(viewer=Viewer(Place(country))) for country in ("DE", "FR", "DE")]
    assert [answer.status for answer in answers] == [200, 403, 200]


async def test_page(edge) -> None:
    """The custom error page for 403 takes the place of the refusal. The page itself is for everybody."""
    page = ErrorResponse(page_path="/blocked.html", response_code=451)
    at = edge(config={"geo_restriction": ONLY_GERMANY, "error_responses": {403: page}})
    at.origin.reply(body=b"not here")
    answer = await at.get(viewer=Viewer(Place("FR")))
    assert (answer.status, answer.body) == (451, b"not here")
