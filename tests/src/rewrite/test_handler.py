"""The blog's addresses, as CloudFront runs the function at viewer-request."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudfront_local.testing.plugin import Edge

FUNCTION = "src/rewrite/index.js"
EVENT = {
    "version": "1.0",
    "context": {
        "distributionDomainName": "d111111abcdef8.cloudfront.net",
        "distributionId": "EDFDVBD6EXAMPLE",
        "eventType": "viewer-request",
        "requestId": "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==",
    },
    "viewer": {"ip": "203.0.113.178"},
    "request": {
        "method": "GET",
        "uri": "/blog/",
        "querystring": {"from": {"value": "mail%20"}},
        "headers": {"host": {"value": "d111111abcdef8.cloudfront.net"}},
        "cookies": {"theme": {"value": "dark"}},
    },
}


def event_of(uri):
    event = copy.deepcopy(EVENT)
    event["request"]["uri"] = uri
    return event


@pytest.mark.parametrize(
    ("uri", "page"),
    [
        ("/blog", "/blog/index.html"),
        ("/blog/", "/blog/index.html"),
        ("/blog/x/", "/blog/x/index.html"),
        ("/blog/2026/11/x/", "/blog/2026/11/x/index.html"),
        ("/blog/index.html", "/blog/index.html"),
        ("/blog/blog.css", "/blog/blog.css"),
        ("/blog/x", "/blog/x"),
        ("/blog.xml", "/blog.xml"),
    ],
)
def test_page(edge, uri, page):
    """A folder shows its index page. Everything else of the request stays as it was."""
    assert edge(FUNCTION)(event_of(uri)) == {**EVENT["request"], "uri": page}


@given(rest=st.from_regex(r"[!-~]*", fullmatch=True).filter(lambda rest: not {"?", "#"} & set(rest)))
def test_any_address(edge: Edge, rest):
    """Whatever is asked for under /blog, the answer is a path under /blog that names a file."""
    page = edge(FUNCTION)(event_of(f"/blog{rest}"))["uri"]
    assert page.startswith("/blog")
    assert page != "/blog"
    assert not page.endswith("/")
