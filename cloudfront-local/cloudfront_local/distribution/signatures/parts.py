"""The parts of a signed URL, or of signed cookies, in a request.

Source: Developer Guide, "Decide to use signed URLs or signed cookies", "Use signed URLs" and "Use signed cookies".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote

from cloudfront_local.distribution.messages import Request

# In a query string. A cookie has the same name after COOKIE. All names are case-sensitive.
NAMES = frozenset({"Expires", "Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm"})
COOKIE = "CloudFront-"


@dataclass(frozen=True)
class Parts:
    """The parts as the viewer sent them; empty if missing. `policy` and `signature` are in CloudFront's base64.

    A canned policy has `expires`, and a custom policy `policy`.
    """

    key_pair_id: str = ""
    signature: str = ""
    expires: str = ""
    policy: str = ""
    hash_algorithm: str = ""
    are_cookies: bool = False


def parts_of(request: Request) -> Parts:
    """The parts in the query string if it has any of them, else those in cookies: CloudFront then ignores cookies."""
    if found := dict(_in_query(request)):
        return _parts(found, are_cookies=False)
    return _parts(dict(_in_cookies(request)), are_cookies=True)


def without_parts(request: Request) -> Request:
    """The request as the cache and the origin see it: without the parts, in the query string and in cookies."""
    changed = request
    if request.querystring:
        kept = [each for each in request.querystring.split("&") if each.partition("=")[0] not in NAMES]
        changed = replace(changed, querystring="&".join(kept))
    if "Cookie" in request.headers:
        headers = request.headers.copy()
        cookies = [each.strip() for value in headers.popall("Cookie") for each in value.split(";")]
        if kept := [each for each in cookies if each and not _is_part(each.partition("=")[0])]:
            headers["Cookie"] = "; ".join(kept)
        changed = replace(changed, headers=headers)
    return changed


def _is_part(cookie: str) -> bool:
    return cookie.startswith(COOKIE) and cookie.removeprefix(COOKIE) in NAMES


def _in_query(request: Request) -> Iterator[tuple[str, str]]:
    for each in reversed(request.querystring.split("&")):  # Of two equal names, the first counts.
        name, _, value = each.partition("=")
        if name in NAMES:
            yield name, unquote(value)


def _in_cookies(request: Request) -> Iterator[tuple[str, str]]:
    cookies = [each.strip() for value in request.headers.getall("Cookie", ()) for each in value.split(";")]
    for each in reversed(cookies):
        name, _, value = each.partition("=")
        if _is_part(name):
            yield name.removeprefix(COOKIE), value


def _parts(found: dict[str, str], *, are_cookies: bool) -> Parts:
    return Parts(
        key_pair_id=found.get("Key-Pair-Id", ""),
        signature=found.get("Signature", ""),
        expires=found.get("Expires", ""),
        policy=found.get("Policy", ""),
        hash_algorithm=found.get("Hash-Algorithm", ""),
        are_cookies=are_cookies,
    )
