"""Chromium gets signed cookies from an application, keeps them, and opens private content with them."""

import json
from base64 import b64encode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from cloudfront_local.distribution.behaviors import CacheBehavior
from cloudfront_local.distribution.policies import CachePolicy, OriginRequestPolicy, Selection
from cloudfront_local.distribution.signatures.keys import TrustedKeys

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
# All cookies are forwarded: only then does CloudFront pass Set-Cookie on.
POLICIES = {
    "cache_policy": CachePolicy(0, 0, 0),
    "origin_request_policy": OriginRequestPolicy(cookies=Selection("all")),
}
# Fetches a private file before and after the sign-in, and one that the cookies are not for.
SCRIPT = """async () => {
    const status = async path => (await fetch(path)).status
    const before = await status("/private/a.txt")
    await fetch("/sign-in")
    return [before, await status("/private/a.txt"), await status("/private/b/c.txt?d=1"), await status("/other/a.txt")]
}"""


def encoded(data: bytes) -> str:
    return b64encode(data).decode().translate(str.maketrans("+=/", "-_~"))


def signed_cookies(resource: str) -> list[str]:
    """The values of Set-Cookie that open what the resource covers. The clock of `edge` stands in the year 2000."""
    statement = {"Resource": resource, "Condition": {"DateLessThan": {"AWS:EpochTime": 1_000_000_000}}}
    policy = json.dumps({"Statement": [statement]}, separators=(",", ":")).encode()
    signature = KEY.sign(policy, padding.PKCS1v15(), hashes.SHA1())
    values = {"Policy": encoded(policy), "Signature": encoded(signature), "Key-Pair-Id": "K1"}
    return [f"CloudFront-{name}={value}; Path=/; HttpOnly" for name, value in values.items()]


async def test_signed_cookies(edge, serve, page) -> None:
    trusted = TrustedKeys({"K1": KEY.public_key()})
    private = [CacheBehavior(path, "main", trusted_keys=trusted, **POLICIES) for path in ("/private/*", "/other/*")]
    at = edge(*private, **POLICIES)
    base = f"http://127.0.0.1:{await serve(at)}"
    at.origin.reply(headers={"Content-Type": "text/html"}, body=b'<!doctype html><link rel=icon href="data:,">')
    (answer,) = at.origin.script
    for cookie in signed_cookies(f"{base}/private/*"):
        answer.headers.add("Set-Cookie", cookie)
    await page.goto(f"{base}/")
    await page.context.clear_cookies()
    assert await page.evaluate(SCRIPT) == [403, 200, 200, 403]
    assert {cookie["name"] for cookie in await page.context.cookies()} == {
        "CloudFront-Policy",
        "CloudFront-Signature",
        "CloudFront-Key-Pair-Id",
    }
    assert [request.uri for request in at.origin.requests] == ["/", "/sign-in", "/private/a.txt", "/private/b/c.txt"]
    assert "Cookie" not in at.origin.requests[-1].headers
