"""The redirect of the demo's form, as CloudFront runs it at viewer-request."""

from urllib.parse import parse_qsl, quote_plus, unquote_to_bytes, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudfront_local.testing.plugin import Edge
from redirect.handler import handler

DOMAIN = "d111111abcdef8.cloudfront.net"
INDEX = f"https://{DOMAIN}/demo/index.html"
OTHER = "/demo/other.html"


def event_of(uri="/demo/submit", querystring="", referer: str | None = INDEX, host=DOMAIN, method="GET"):
    """A viewer-request event. If `referer` is None, the request has no Referer."""
    headers = {"host": [{"key": "Host", "value": host}], "user-agent": [{"key": "User-Agent", "value": "curl/8"}]}
    if referer is not None:
        headers["referer"] = [{"key": "Referer", "value": referer}]
    config = {
        "distributionDomainName": DOMAIN,
        "distributionId": "EDFDVBD6EXAMPLE",
        "eventType": "viewer-request",
        "requestId": "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==",
    }
    request = {"clientIp": "203.0.113.178", "method": method, "uri": uri, "querystring": querystring}
    return {"Records": [{"cf": {"config": config, "request": {**request, "headers": headers}}}]}


def redirect_to(location):
    """The complete response that redirects to this target."""
    return {
        "status": "302",
        "statusDescription": "Found",
        "headers": {
            "location": [{"key": "Location", "value": location}],
            "cache-control": [{"key": "Cache-Control", "value": "no-store"}],
        },
    }


def test_form_is_answered_with_the_other_page(edge):
    """The form on the index page gets a 302 to the other page with the same query string."""
    event = event_of(querystring="name=octo+cat&x=%C3%A9%0D%0A&x=&=%")
    assert edge(handler)(event) == redirect_to(f"{OTHER}?name=octo+cat&x=%C3%A9%0D%0A&x=&=%")


def test_without_a_query_string_there_is_no_question_mark(edge):
    """Without a query string, the target has no question mark."""
    assert edge(handler)(event_of()) == redirect_to(OTHER)


@pytest.mark.parametrize("suffix", ["", "?", "?from=mail", "?a=/demo/index.html", "#top"])
def test_index_page_with_its_own_query_string(edge, suffix):
    """The index page may have a query string."""
    assert edge(handler)(event_of(referer=INDEX + suffix)) == redirect_to(OTHER)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_methods_of_the_behavior(edge, method):
    """HEAD gets the same answer as GET."""
    assert edge(handler)(event_of(method=method)) == redirect_to(OTHER)


@pytest.mark.parametrize(
    "referer",
    [
        None,
        "",
        "/demo/index.html",
        f"https://{DOMAIN}/",
        f"https://{DOMAIN}/demo/",
        f"https://{DOMAIN}/demo/other.html",
        f"https://{DOMAIN}/demo/index.html/",
        f"https://{DOMAIN}/demo/index.htmlx",
        f"https://{DOMAIN}//demo/index.html",
        f"http://{DOMAIN}/demo/index.html",
        f"https://{DOMAIN}.evil.example/demo/index.html",
        f"https://{DOMAIN}@evil.example/demo/index.html",
        f"https://evil.example/?{INDEX}",
        f"https://evil.example/#{INDEX}",
        "https://evil.example/demo/index.html",
    ],
)
def test_other_pages_pass(edge, referer):
    """A request from another page goes on unchanged."""
    event = event_of(referer=referer, querystring="name=octocat")
    assert edge(handler)(event) == event["Records"][0]["cf"]["request"]


@pytest.mark.parametrize(
    "uri", ["/demo/", "/demo/index.html", "/demo/other.html", "/demo/submit/", "/demo/Submit", "/demo/submit.html", "/"]
)
def test_other_targets_pass(edge, uri):
    """A request for another path goes on unchanged."""
    event = event_of(uri=uri, querystring="name=octocat")
    assert edge(handler)(event) == event["Records"][0]["cf"]["request"]


def test_evil_host_is_not_where_it_leads(edge):
    """If Host and Referer name another domain, the target still names no domain."""
    event = event_of(host="evil.example", referer="https://evil.example/demo/index.html", querystring="name=x")
    assert edge(handler)(event) == redirect_to(f"{OTHER}?name=x")


@pytest.mark.parametrize(
    ("querystring", "carried"),
    [
        ("a=\r\nSet-Cookie: x=1", "a=%0D%0ASet-Cookie:%20x=1"),
        ("a=\x00\x1f\x7f\t", "a=%00%1F%7F%09"),
        ("a=é€😀\x85\u2028", "a=%C3%A9%E2%82%AC%F0%9F%98%80%C2%85%E2%80%A8"),
        ("//evil.example", "//evil.example"),
        ("@evil.example/#x", "@evil.example/%23x"),
        ('a"<b>\\^`{|}', "a%22%3Cb%3E%5C%5E%60%7B%7C%7D"),
    ],
)
def test_what_no_header_may_hold_is_encoded(edge, querystring, carried):
    """Control characters, spaces and non-ASCII characters are percent-encoded in Location."""
    assert edge(handler)(event_of(querystring=querystring)) == redirect_to(f"{OTHER}?{carried}")


@given(querystring=st.text())
def test_any_query_string(edge: Edge, querystring):
    """Location is visible ASCII, leads to the other page, and has the octets of the query string."""
    (item,) = edge(handler)(event_of(querystring=querystring))["headers"]["location"]
    location = item["value"]
    assert all("!" <= character <= "~" for character in location)
    target, _, carried = location.partition("?")
    assert target == OTHER
    assert urlsplit(location)[:3] == ("", "", "/demo/other.html")
    assert unquote_to_bytes(carried) == unquote_to_bytes(querystring)


@given(fields=st.lists(st.tuples(st.text(min_size=1), st.text())))
def test_any_form(edge: Edge, fields):
    """The values of a form arrive at the other page as they were entered."""
    querystring = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in fields)
    (item,) = edge(handler)(event_of(querystring=querystring))["headers"]["location"]
    assert parse_qsl(urlsplit(item["value"]).query, keep_blank_values=True) == fields


def test_event_of_another_type_is_refused(edge):
    """An event of another type raises an error that says so."""
    event = event_of()
    event["Records"][0]["cf"]["config"]["eventType"] = "origin-request"
    with pytest.raises(ValueError, match="type is origin-request, but this function is for viewer-request"):
        edge(handler)(event)
