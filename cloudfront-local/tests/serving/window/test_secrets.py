"""Secrets are masked in everything that the window gives, unless somebody asks for them."""

import json

import pytest

from cloudfront_local.distribution.cloudfront_functions import Ran
from cloudfront_local.distribution.origin import CustomOrigin
from cloudfront_local.distribution.policies import CachePolicy, OriginRequestPolicy, Selection

ALL = Selection("all")
SECRETS = {
    "authorization": "c2VjcmV0OnNlY3JldA",
    "cookie": "cookie-value-4711",
    "parameter": "parameter-value-4711",
    "api key": "api-key-4711",
    "custom header": "custom-header-value-4711",
    "signature": "0123456789abcdef-signature",
    "set-cookie": "set-cookie-value-4711",
    "token in JSON": "access-token-4711",
}
HEADERS = {
    "Authorization": f"Bearer {SECRETS['authorization']}",
    "Cookie": f"theme=dark; session={SECRETS['cookie']}",
    "X-Api-Key": SECRETS["api key"],
}
TARGET = f"/page?lang=en&token={SECRETS['parameter']}&X-Amz-Signature={SECRETS['signature']}"


@pytest.fixture
def at(edge):
    """A distribution whose function, origin and log repeat the secrets that they get."""

    def repeats(event):
        request = event["Records"][0]["cf"]["request"]
        cookie = request["headers"]["cookie"][0]["value"]
        request["headers"]["x-seen"] = [
            {"key": "X-Seen", "value": f"{cookie} {request['headers']['authorization'][0]['value']}"}
        ]
        return request

    at = edge(
        functions={"origin-request": repeats},
        cache_policy=CachePolicy(
            0,
            0,
            60,
            headers=Selection("whitelist", frozenset({"x-api-key", "authorization"})),
            cookies=ALL,
            query_strings=ALL,
        ),
        origin_request_policy=OriginRequestPolicy(Selection("allViewer"), ALL, ALL),
        origin=CustomOrigin(domain_name="origin.example.org", custom_headers=(("X-Origin", SECRETS["custom header"]),)),
    )
    body = json.dumps({"name": "shown", "access_token": SECRETS["token in JSON"]}).encode()
    at.origin.reply(
        body=body,
        headers={"Set-Cookie": f"id={SECRETS['set-cookie']}; Path=/", "Cache-Control": "max-age=60"},
    )
    return at


async def test_masked(at, opened):
    """No address of the window gives a secret; names and what is no secret stay."""
    window = await opened(at)
    await at.get(TARGET, HEADERS)
    async with window.session.get(f"{window.url}/requests/stream") as stream:
        await stream.content.readuntil(b"\n\n")
        await at.get(TARGET, HEADERS)
        event = (await stream.content.readuntil(b"\n\n")).decode()
    for number in (0, 1):
        found = (await window.get("/requests"))[number]
        texts = {
            "list": json.dumps(found),
            "event": event,
            "request": json.dumps(await window.get(f"/requests/{found['id']}")),
            "curl": await window.get(f"/requests/{found['id']}/curl"),
            "cache": json.dumps(await window.get("/cache")),
        }
        leaks = [(where, name) for where, text in texts.items() for name, secret in SECRETS.items() if secret in text]
        assert leaks == []
        assert "lang=en" in texts["list"]
        assert "theme=" in texts["request"]
        assert "Bearer \\u2022" in texts["request"]
        assert "Bearer •••" in texts["curl"]


async def test_asked_for(at, opened):
    """With secrets=true, everything is there."""
    window = await opened(at)
    await at.get(TARGET, HEADERS)
    text = json.dumps(await window.last("?secrets=true"))
    assert [name for name, secret in SECRETS.items() if secret not in text] == []
    found = (await window.get("/requests"))[0]["id"]
    assert SECRETS["authorization"] in await window.get(f"/requests/{found}/curl?secrets=true")


async def test_cloudfront_function(edge, opened):
    """The event of a CloudFront Function has cookies and parameters of their own."""

    async def run(_, event, __):
        return Ran(event["request"], utilization=12)

    arn = "arn:aws:cloudfront::123456789012:function/shop-redirect"
    at = edge(cloudfront_functions={"viewer-request": arn}, run_function=run)
    at.origin.reply()
    window = await opened(at)
    await at.get(TARGET, HEADERS)
    found = await window.last()
    (call,) = found["functions"]
    assert (call["name"], call["kind"], call["utilization"]) == ("shop-redirect", "cloudfront", 12)
    text = json.dumps(found)
    assert [name for name, secret in SECRETS.items() if secret in text] == []
    assert call["event"]["request"]["querystring"]["lang"] == {"value": "en"}
