"""Cookies of a request and of a response (RFC 6265).

The prefix `__Host-` binds a cookie to one host, to `Path=/` and to `Secure`: no subdomain can set it (RFC 6265bis
§4.1.3.2). Browsers take `Secure` cookies over plain HTTP from localhost.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from edge.cloudfront import Headers

ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Lax"


def read_cookies(headers: Headers) -> list[tuple[str, str]]:
    """The names and values of the request's cookies, in their order. A name may occur several times."""
    pairs = [pair.partition("=") for item in headers.get("cookie", ()) for pair in item["value"].split(";")]
    return [(name.strip(" \t"), value.strip(" \t")) for name, equals, value in pairs if equals]


def keep_cookies(headers: Headers, kept: Callable[[str], bool]) -> None:
    """Removes the cookies from the request whose name is not `kept`. Without cookies, removes the header."""
    cookies = "; ".join([f"{name}={value}" for name, value in read_cookies(headers) if kept(name)])
    headers.pop("cookie", None)
    if cookies:
        headers["cookie"] = [{"key": "Cookie", "value": cookies}]


def set_cookie(name: str, value: str, seconds: int) -> str:
    """The value of a `Set-Cookie` header. After `seconds`, the browser removes the cookie; 0 removes it at once."""
    return f"{name}={value}; Max-Age={seconds}; {ATTRIBUTES}"
