"""Events of CloudFront Functions, and messages made from their results."""

import copy

from multidict import CIMultiDict

from cloudfront_local.distribution.function_events import FunctionOutcome, FunctionTrigger
from cloudfront_local.distribution.messages import Request, Response

TRIGGER = FunctionTrigger("d111111abcdef8.cloudfront.net", "EDFDVBD6EXAMPLE", "id==")
REQUEST = Request(
    "GET",
    "/a%20b",
    "flag&q=%20x&q=2&Case=%C3%A9",
    CIMultiDict(
        [("Host", "example.org"), ("Accept", "a"), ("accept", "b"), ("Cookie", "id=1; id=2"), ("Cookie", "x=a=b"),
         ("X-Edge-Secret", "s"), ("X-One", "1, 2")]
    ),
    client_ip="203.0.113.1",
)  # fmt: skip
RESPONSE = Response(
    200,
    CIMultiDict(
        [("Content-Type", "text/html"), ("Set-Cookie", "a=1; Secure; Path=/"), ("set-cookie", "a=2"),
         ("Set-Cookie", "b=3; HttpOnly"), ("X-Cache", "Hit"), ("Content-Length", "4")]
    ),
    b"page",
)  # fmt: skip


def changed_request(**changes):
    event = TRIGGER.event(REQUEST)
    return FunctionOutcome(event, copy.deepcopy(event["request"]) | changes).request(REQUEST)


def changed_response(**changes):
    event = TRIGGER.event(REQUEST, RESPONSE)
    return FunctionOutcome(event, copy.deepcopy(event["response"]) | changes).response(RESPONSE)


def test_viewer_request():
    """The whole event of viewer-request: nothing is decoded, cookies stand apart, hidden headers are left out."""
    assert TRIGGER.event(REQUEST) == {
        "version": "1.0",
        "context": {
            "distributionDomainName": "d111111abcdef8.cloudfront.net",
            "distributionId": "EDFDVBD6EXAMPLE",
            "eventType": "viewer-request",
            "requestId": "id==",
        },
        "viewer": {"ip": "203.0.113.1"},
        "request": {
            "method": "GET",
            "uri": "/a%20b",
            "querystring": {
                "flag": {"value": ""},
                "q": {"value": "%20x", "multiValue": [{"value": "%20x"}, {"value": "2"}]},
                "Case": {"value": "%C3%A9"},
            },
            "headers": {
                "host": {"value": "example.org"},
                "accept": {"value": "a", "multiValue": [{"value": "a"}, {"value": "b"}]},
                "x-one": {"value": "1, 2"},
            },
            "cookies": {
                "id": {"value": "1", "multiValue": [{"value": "1"}, {"value": "2"}]},
                "x": {"value": "a=b"},
            },
        },
    }


def test_viewer_response():
    """The response of viewer-response has a numeric status and cookies with attributes, and no body."""
    event = TRIGGER.event(REQUEST, RESPONSE)
    assert event["context"]["eventType"] == "viewer-response"
    assert event["response"] == {
        "statusCode": 200,
        "statusDescription": "OK",
        "headers": {"content-type": {"value": "text/html"}, "content-length": {"value": "4"}},
        "cookies": {
            "a": {
                "value": "1",
                "attributes": "Secure; Path=/",
                "multiValue": [{"value": "1", "attributes": "Secure; Path=/"}, {"value": "2", "attributes": ""}],
            },
            "b": {"value": "3", "attributes": "HttpOnly"},
        },
    }


def test_empty_parts():
    """querystring, headers and cookies are objects, also if they are empty."""
    event = TRIGGER.event(Request("GET", "/"))
    assert [event["request"][part] for part in ("querystring", "headers", "cookies")] == [{}, {}, {}]


def test_unchanged_request():
    """A request that comes back as it was stays as it is, byte by byte."""
    assert changed_request() == REQUEST


def test_changed_request():
    """Changes reach the wire; the rest keeps its spelling, and hidden headers stay."""
    headers = TRIGGER.event(REQUEST)["request"]["headers"] | {"x-new-one": {"value": "n"}}
    del headers["x-one"]
    request = changed_request(uri="/new", headers=headers, cookies={"id": {"value": "9"}, "y": {"value": "z"}})
    assert request.uri == "/new"
    assert list(request.headers.items()) == [
        ("Host", "example.org"), ("Accept", "a"), ("accept", "b"), ("X-Edge-Secret", "s"), ("X-New-One", "n"),
        ("Cookie", "id=9; y=z"),
    ]  # fmt: skip


def test_changed_query():
    """A query may come back as an object or as a string; its values are sent as they are."""
    assert changed_request(querystring="a=1").querystring == "a=1"
    assert changed_request(querystring={}).querystring == ""
    query = {"a": {"value": "%20", "multiValue": [{"value": "%20"}, {"value": "2"}]}, "b": {"value": "c"}}
    assert changed_request(querystring=query).querystring == "a=%20&a=2&b=c"


def test_multiple_values():
    """An altered multiValue wins; an altered value replaces the first of an unaltered multiValue."""
    headers = TRIGGER.event(REQUEST)["request"]["headers"]
    first = headers | {"accept": headers["accept"] | {"value": "new"}}
    assert changed_request(headers=first).headers.getall("accept") == ["new", "b"]
    both = headers | {"accept": {"value": "ignored", "multiValue": [{"value": "c"}]}}
    assert changed_request(headers=both).headers.getall("accept") == ["c"]


def test_removed_cookies():
    """Without cookies, no Cookie header is sent."""
    assert "Cookie" not in changed_request(cookies={}).headers


def test_generated_response():
    """A generated response has its own length, and the usual reason phrase."""
    result = {"statusCode": 302, "headers": {"location": {"value": "/x"}}, "cookies": {"a": {"value": "1"}}}
    outcome = FunctionOutcome(TRIGGER.event(REQUEST), result)
    response = outcome.generated()
    assert outcome.is_response
    assert (response.status, response.reason, response.body) == (302, "Found", b"")
    assert list(response.headers.items()) == [("Location", "/x"), ("Set-Cookie", "a=1"), ("Content-Length", "0")]


def test_unchanged_response():
    """A response that comes back as it was keeps its headers, its cookies and its body."""
    response = changed_response()
    assert (response.headers, response.body) == (RESPONSE.headers, b"page")


def test_changed_response():
    """A viewer-response function changes status, headers, cookies and body."""
    headers = TRIGGER.event(REQUEST, RESPONSE)["response"]["headers"] | {"x-frame-options": {"value": "DENY"}}
    cookies = {"b": {"value": "4", "attributes": "Path=/"}, "c": {"value": "5"}}
    response = changed_response(statusCode=201, statusDescription="Made", headers=headers, cookies=cookies, body="é")
    assert (response.status, response.reason, response.body) == (201, "Made", "é".encode())
    assert response.headers.getall("Set-Cookie") == ["b=4; Path=/", "c=5"]
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Content-Length"] == "2"
    assert response.headers["X-Cache"] == "Hit"


def test_bodies():
    """A body is text or base64; an empty one removes the body."""
    assert changed_response(body={"encoding": "base64", "data": "YQ=="}).body == b"a"
    assert changed_response(body={"encoding": "text", "data": "t"}).body == b"t"
    assert changed_response(body="").body == b""
