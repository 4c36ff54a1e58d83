"""The headers that CloudFront adds: which, with which value, and who sees them."""

import logging

import pytest

from cloudfront_local.distribution.behaviors import CacheBehavior
from cloudfront_local.distribution.error_responses import ErrorResponse
from cloudfront_local.distribution.policies import CachePolicy, OriginRequestPolicy, Selection
from cloudfront_local.distribution.viewer_headers import devices, places
from cloudfront_local.distribution.viewer_headers.viewer import Viewer
from cloudfront_local.rules import facts

# Developer Guide, managed policy AllViewerAndCloudFrontHeaders-2022-06.
MANAGED = {
    "cloudfront-forwarded-proto": "https",
    "cloudfront-is-android-viewer": "false",
    "cloudfront-is-desktop-viewer": "true",
    "cloudfront-is-ios-viewer": "false",
    "cloudfront-is-mobile-viewer": "false",
    "cloudfront-is-smarttv-viewer": "false",
    "cloudfront-is-tablet-viewer": "false",
    "cloudfront-viewer-address": "203.0.113.178:46532",
    "cloudfront-viewer-asn": "7018",
    "cloudfront-viewer-city": "Cleveland",
    "cloudfront-viewer-country": "US",
    "cloudfront-viewer-country-name": "United States",
    "cloudfront-viewer-country-region": "OH",
    "cloudfront-viewer-country-region-name": "Ohio",
    "cloudfront-viewer-http-version": "2.0",
    "cloudfront-viewer-latitude": "41.58820",
    "cloudfront-viewer-longitude": "-81.54920",
    "cloudfront-viewer-metro-code": "510",
    "cloudfront-viewer-postal-code": "44119",
    "cloudfront-viewer-time-zone": "America/New_York",
    "cloudfront-viewer-tls": "TLSv1.3:TLS_AES_128_GCM_SHA256:fullHandshake",
}
COUNTRY = "CloudFront-Viewer-Country"


def names(*headers: str, behavior: str = "whitelist") -> Selection:
    return Selection(behavior, frozenset(name.lower() for name in headers))


def to_origin(*headers: str, behavior: str = "whitelist") -> dict[str, OriginRequestPolicy]:
    return {"origin_request_policy": OriginRequestPolicy(headers=names(*headers, behavior=behavior))}


def viewer(country: str = "US", device: str = "auto") -> Viewer:
    return Viewer(places.place(country), devices.named(device))


async def made(edge, headers: dict[str, str] | None = None, *, policy, **parts) -> dict[str, str]:
    """The CloudFront-* headers that the origin gets."""
    at = edge(**policy)
    at.origin.reply()
    await at.get(headers=headers, **parts)
    sent = at.origin.requests[0].headers
    return {name.lower(): value for name, value in sent.items() if name.lower().startswith("cloudfront-")}


@pytest.mark.parametrize(
    "policy",
    [
        to_origin(*MANAGED),
        to_origin(*MANAGED, behavior="allViewerAndWhitelistCloudFront"),
        to_origin("Host", behavior="allExcept"),
        {"cache_policy": CachePolicy(1, 60, 60, headers=names(*MANAGED))},
    ],
    ids=["whitelist", "allViewerAndWhitelistCloudFront", "allExcept", "cache policy"],
)
async def test_by_policy(edge, policy) -> None:
    """The origin gets the headers that the policies name, and with `allExcept` the 21 of the managed policy."""
    assert await made(edge, policy=policy, http_version="2.0", client_port=46532) == MANAGED


@pytest.mark.parametrize("policy", [{}, to_origin(behavior="allViewer"), to_origin("Accept")])
async def test_not_asked_for(edge, policy) -> None:
    """No header is added that no policy names. One that the viewer sends under such a name does not pass."""
    assert await made(edge, {COUNTRY: "FR", "Accept": "*/*"}, policy=policy) == {}


async def test_replaced(edge) -> None:
    """CloudFront's value takes the place of what the viewer sent under the name."""
    sent = {COUNTRY.lower(): "FR", "CLOUDFRONT-Viewer-Country": "DE"}
    assert await made(edge, sent, policy=to_origin(COUNTRY)) == {"cloudfront-viewer-country": "US"}


@pytest.mark.parametrize(
    ("country", "city", "name"),
    [("NZ", "Auckland", "New Zealand"), ("BR", "S%C3%A3o%20Paulo", "Brazil"), ("FJ", None, "Fiji")],
)
async def test_place(edge, country, city, name) -> None:
    """A place's letters outside ASCII are percent-encoded. A value that is not known has no header."""
    asked = to_origin(COUNTRY, f"{COUNTRY}-Name", "CloudFront-Viewer-City", "CloudFront-Viewer-Metro-Code")
    found = await made(edge, policy=asked, viewer=viewer(country))
    expected = {"cloudfront-viewer-country": country, "cloudfront-viewer-country-name": name}
    assert found == expected | ({"cloudfront-viewer-city": city} if city else {})


async def test_structure(edge) -> None:
    """The order and the number are those of the viewer's own headers, the order cut at its limit."""
    asked = to_origin("CloudFront-Viewer-Header-Order", "CloudFront-Viewer-Header-Count")
    assert await made(edge, {"X-b": "1", "Accept": "*/*"}, policy=asked) == {
        "cloudfront-viewer-header-order": "Host:X-b:Accept",
        "cloudfront-viewer-header-count": "3",
    }
    long = await made(edge, {"x" * 9000: ""}, policy=asked)
    assert len(long["cloudfront-viewer-header-order"]) == facts.HEADER_ORDER_CHARACTERS


async def test_who_sees_them(edge, passes) -> None:
    """Functions at origin events see CloudFront's value. Functions at viewer events see the viewer's own, if any."""
    at = edge(functions=passes, **to_origin(COUNTRY))
    at.origin.reply()
    await at.get(headers={COUNTRY: "FR"})
    requests = [event["Records"][0]["cf"]["request"]["headers"] for event in at.events]
    seen = [request["cloudfront-viewer-country"][0]["value"] for request in requests]
    assert list(zip(at.event_types, seen, strict=True)) == [
        ("viewer-request", "FR"),
        ("origin-request", "US"),
        ("origin-response", "US"),
        ("viewer-response", "FR"),
    ]


async def test_functions_do_not_choose(edge) -> None:
    """The device is that of the viewer's own User-Agent, even if a viewer-request function changes the header."""

    def rewrites(event):
        request = event["Records"][0]["cf"]["request"]
        return {**request, "headers": request["headers"] | {"user-agent": [{"value": "iPhone"}]}}

    at = edge(functions={"viewer-request": rewrites}, **to_origin("CloudFront-Is-Mobile-Viewer"))
    at.origin.reply()
    await at.get()
    assert at.origin.requests[0].headers["CloudFront-Is-Mobile-Viewer"] == "false"


async def test_cache_key(edge) -> None:
    """A header that the cache policy names is in the cache key: each country has its own object."""
    at = edge(cache_policy=CachePolicy(1, 60, 60, headers=names(COUNTRY)))
    at.origin.reply(body=b"kia ora").reply(body=b"bonjour")
    answers = [await at.get(viewer=viewer(country)) for country in ("NZ", "FR", "NZ")]
    assert [(answer.body, answer.headers["X-Cache"].split()[0]) for answer in answers] == [
        (b"kia ora", "Miss"),
        (b"bonjour", "Miss"),
        (b"kia ora", "Hit"),
    ]


async def test_not_in_the_cache_key(edge) -> None:
    """A header that only the origin request policy names does not split the cache."""
    at = edge(**to_origin(COUNTRY))
    at.origin.reply()
    await at.get(viewer=viewer("NZ"))
    assert (await at.get(viewer=viewer("FR"))).headers["X-Cache"] == "Hit from cloudfront"


async def test_error_page(edge) -> None:
    """The fetch of a custom error page has the failed request's path and query, and the viewer's country."""
    asked = to_origin("CloudFront-Error-Uri", "CloudFront-Error-Args", COUNTRY)
    page = CacheBehavior("/errors/*", "main", CachePolicy(1, 60, 60), **asked)
    errors = {404: ErrorResponse(page_path="/errors/404.html", response_code=404)}
    at = edge(page, config={"error_responses": errors}, **asked)
    at.origin.reply(404).reply(200)
    await at.get("/gone?a=1&b", viewer=viewer("NZ"))
    first, fetch = (
        {k: v for k, v in sent.headers.items() if "Error" in k or k == COUNTRY} for sent in at.origin.requests
    )
    assert first == {COUNTRY: "NZ"}
    assert fetch == {COUNTRY: "NZ", "CloudFront-Error-Uri": "/gone", "CloudFront-Error-Args": "a=1&b"}


async def test_told(edge, caplog) -> None:
    """The terminal says once that the device rules are this tool's own; not if the developer chose the device."""
    at = edge(**to_origin("CloudFront-Is-Mobile-Viewer"))
    at.origin.reply()
    with caplog.at_level(logging.INFO):
        await at.get("/1", viewer=viewer(device="mobile"))
        assert "User-Agent" not in caplog.text
        await at.get("/2")
        await at.get("/3")
    assert caplog.text.count("own reading of the User-Agent") == 1
