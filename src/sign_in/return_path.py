"""The way back after signing in: a path on the same host, and nothing else."""

from __future__ import annotations

from sign_in.visit import MEMBERS, SIGN_IN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from edge.cloudfront import Request

# RFC 3986 §3.3 and §3.4: the characters of a path and of a query, and the percent sign of their escapes. A backslash is
# not one of them: browsers take it for a slash.
_VISIBLE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?%")
# A longer path would make the attempt's cookie too large for browsers.
_LONGEST = 1500


def own_path(request: Request) -> str:
    """The path and query of the request, beginning with exactly one slash.

    The handler puts the path behind the address of this host, so not even "//example.org" leads to another one.
    """
    return _path(request["uri"], request["querystring"])


def return_path(request: Request) -> str:
    """The page that a sign-in is for: the request's own path, or at SIGN_IN the path in its query.

    An attempt's cookie keeps it. An address that is too long loses its query. A path that is too long, or that SIGN_IN
    does not name, gives way to MEMBERS: the new session may enter there.
    """
    uri, query = request["uri"], request["querystring"]
    if uri == SIGN_IN:
        uri, _, query = query.partition("?")
        uri = uri or MEMBERS
    return next((path for path in (_path(uri, query), _path(uri, "")) if len(path) <= _LONGEST), MEMBERS)


def _path(uri: str, query: str) -> str:
    return "/" + _visible(uri).lstrip("/") + (f"?{_visible(query)}" if query else "")


def _visible(text: str) -> str:
    return "".join([c if c in _VISIBLE else "".join([f"%{octet:02X}" for octet in c.encode()]) for c in text])
