"""A page of another origin calls the distribution, whose response headers policy says what Chromium lets it do."""

from typing import Any

import pytest

from cloudfront_local.distribution.policies import CachePolicy, OriginRequestPolicy, Selection
from cloudfront_local.distribution.response_headers_policy import response_headers_policy

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"})


def cors(*origins: str, credentials: bool = False) -> Any:
    """A policy that allows pages of these origins to send PUT and the header X-Key, and to read X-Team."""

    def items(*names: str) -> dict[str, Any]:
        return {"Quantity": len(names), "Items": list(names)}

    section = {
        "AccessControlAllowOrigins": items(*origins),
        "AccessControlAllowHeaders": items("X-Key"),
        "AccessControlAllowMethods": items("GET", "PUT"),
        "AccessControlExposeHeaders": items("X-Team"),
        "AccessControlAllowCredentials": credentials,
        "OriginOverride": True,
    }
    custom = {"Items": [{"Header": "X-Team", "Value": "books", "Override": True}]}
    return response_headers_policy({"Name": "cors", "CorsConfig": section, "CustomHeadersConfig": custom})


@pytest.fixture
async def call(edge, serve, page):
    """Calls a distribution with this policy from a page of another origin, with the options of JavaScript's `fetch`.

    Returns status, body and X-Team as the page sees them, or the name of JavaScript's error; and the methods that the
    origin got.
    """

    async def call(policy: Any, options: dict[str, Any], status: int = 200) -> tuple[list[Any], list[str]]:
        site = edge()
        site.origin.reply(200, b"<!doctype html>", {"Content-Type": "text/html"})
        api = edge(
            cache_policy=CachePolicy(0, 0, 0),
            origin_request_policy=OriginRequestPolicy(headers=Selection("allExcept", frozenset({"host"}))),
            allowed_methods=METHODS,
            response_headers_policy=policy,
        )
        api.origin.reply(status, b"hello")
        await page.goto(f"http://127.0.0.1:{await serve(site)}/")
        url = f"http://localhost:{await serve(api)}/api"
        seen = await page.evaluate(
            """([url, options]) => fetch(url, options).then(
                async (answer) => [answer.status, await answer.text(), answer.headers.get("X-Team")],
                (error) => [error.name],
            )""",
            [url, options],
        )
        return seen, [request.method for request in api.origin.requests]

    return call


PAGE = "http://127.0.0.1:*"
PUT = {"method": "PUT", "body": "1", "headers": {"X-Key": "k"}}


@pytest.mark.parametrize("origins", [[PAGE], ["*"], ["https://example.org", PAGE]])
async def test_preflight(call, origins: list[str]) -> None:
    """The origin answers the preflight request, the policy adds the headers, and Chromium sends the PUT."""
    assert await call(cors(*origins), PUT) == ([200, "hello", "books"], ["OPTIONS", "PUT"])


async def test_credentials(call) -> None:
    """With credentials, the answer names the page's origin."""
    assert (await call(cors(PAGE, credentials=True), {**PUT, "credentials": "include"}))[0] == [200, "hello", "books"]
    assert await call(cors(PAGE), {**PUT, "credentials": "include"}) == (["TypeError"], ["OPTIONS"])


@pytest.mark.parametrize(
    ("policy", "options"),
    [
        (cors(PAGE), {**PUT, "headers": {"X-Other": "1"}}),
        (cors(PAGE), {"method": "DELETE"}),
        (cors("https://example.org"), PUT),
        (None, PUT),
    ],
    ids=["header", "method", "origin", "no policy"],
)
async def test_refused_preflight(call, policy: Any, options: dict[str, Any]) -> None:
    """What the policy does not allow, Chromium does not send."""
    assert await call(policy, options) == (["TypeError"], ["OPTIONS"])


async def test_origin_that_refuses_preflights(call) -> None:
    """The origin answers OPTIONS. If its status is an error, the policy's headers do not help."""
    assert await call(cors(PAGE), PUT, status=403) == (["TypeError"], ["OPTIONS"])


@pytest.mark.parametrize(("origin", "seen"), [(PAGE, [200, "hello", "books"]), ("https://example.org", ["TypeError"])])
async def test_simple_request(call, origin: str, seen: list[Any]) -> None:
    """A GET needs no preflight request. The page may read the answer if the policy allows its origin."""
    assert await call(cors(origin), {}) == (seen, ["GET"])
