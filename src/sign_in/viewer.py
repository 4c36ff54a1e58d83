"""What a request says about its viewer: a browser that loads a page, or a program."""

from __future__ import annotations

from edge.cloudfront import header, set_header
from edge.percent import percent_encode
from sign_in.cookies import keep_cookies
from sign_in.session import COOKIE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from edge.cloudfront import Request


def loads_page(request: Request) -> bool:
    """Whether a browser asks for a page, so that a redirect leads somewhere.

    Browsers say so in Sec-Fetch-Mode and Sec-Fetch-Dest (Fetch Metadata, W3C). Older ones accept text/html.
    """
    headers = request["headers"]
    if mode := header(headers, "sec-fetch-mode"):
        return mode == "navigate" and header(headers, "sec-fetch-dest") in (None, "document")
    return "text/html" in (header(headers, "accept") or "") and "x-requested-with" not in headers


def comes_from_elsewhere(request: Request) -> bool:
    """Whether a page of another site sent the browser here."""
    return header(request["headers"], "sec-fetch-site") in ("cross-site", "same-site")


def identified(request: Request, user: dict[str, str]) -> Request:
    """The request with the user in headers, and without what only this function needs.

    `X-Authenticated-User` has `sub`, `-Name` and `-Email` what the provider tells, in UTF-8 and percent-encoded. What
    the viewer sent under such a name is removed, also in spellings that CGI and WSGI take for it.
    """
    headers = request["headers"]
    for name in [name for name in headers if name.replace("_", "-").startswith("x-authenticated-")]:
        del headers[name]
    keep_cookies(headers, lambda name: not name.startswith(COOKIE))
    for claim, name in (("sub", "User"), ("name", "Name"), ("email", "Email")):
        if claim in user:
            set_header(headers, f"X-Authenticated-{name}", percent_encode(user[claim].encode()))
    return request
