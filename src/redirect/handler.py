"""Viewer request: redirects the demo's form to the other page, before CloudFront looks into its cache.

`Location` is a constant path and the request's query string. It is relative (RFC 9110 §10.2.2), so the redirect cannot
lead to another domain: this is not an open redirect.
"""

from __future__ import annotations

from edge.cloudfront import generated_response, header, viewer_request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from edge.cloudfront import Request, Response

INDEX_PAGE = "/demo/index.html"
FORM_TARGET = "/demo/submit"
OTHER_PAGE = "/demo/other.html"


def handler(event: object, context: object) -> Request | Response:  # noqa: ARG001 - Lambda's signature
    """In: a viewer-request event. Out: a 302 to the other page for the form on the index page, else the request."""
    _, request = viewer_request(event)
    if request["uri"] != FORM_TARGET or not _comes_from_index(request):
        return request
    query = _visible(request["querystring"])
    location = f"{OTHER_PAGE}{'?' if query else ''}{query}"
    # The redirect holds what this visitor typed, so no cache may store it.
    return generated_response(302, {"Location": location, "Cache-Control": "no-store"})


def _comes_from_index(request: Request) -> bool:
    """Whether Referer is the index page on the request's own host.

    The viewer cannot choose the host freely: CloudFront answers to its own domain name and its aliases only.
    """
    referer = header(request["headers"], "referer") or ""
    host = header(request["headers"], "host")
    return referer.partition("?")[0].partition("#")[0] == f"https://{host}{INDEX_PAGE}"


# RFC 3986 §3.4: the characters of a query, and the percent sign of its escapes.
_QUERY = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?%")


def _visible(querystring: str) -> str:
    """The query string, still encoded. Characters that a URL's query cannot hold are encoded now.

    A line break in `Location` would let the viewer add a header of its own.
    """
    return "".join(c if c in _QUERY else "".join(f"%{octet:02X}" for octet in c.encode()) for c in querystring)
