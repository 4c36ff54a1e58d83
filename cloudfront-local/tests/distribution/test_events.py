"""The events that functions get."""

import base64

import pytest

from cloudfront_local.distribution.origin import AccessControl, CustomOrigin, S3Origin
from cloudfront_local.distribution.policies import CachePolicy, OriginRequestPolicy, Selection

ALL_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"})
ALL = Selection("all")
FORWARD_ALL = {
    "cache_policy": CachePolicy(0, 0, 0),
    "origin_request_policy": OriginRequestPolicy(Selection("allExcept", frozenset({"host"})), ALL, ALL),
}


async def test_all_four(edge, passes) -> None:
    """Each event has exactly the fields that the guide lists."""
    custom = CustomOrigin(
        domain_name="origin.example.org",
        path="/base",
        custom_headers=(("X-Table", "users"), ("x-second", "2")),
        response_completion_timeout=60,
    )
    at = edge(functions=passes, origin=custom)
    at.origin.reply(
        200,
        b"hello",
        {"Content-Type": "text/plain", "content-length": "5", "Server": "nginx", "x-amz-request-id": "1"},
        reason="Fine",
    )
    response = await at.get(
        "/a%20b?x=1",
        [("user-agent", "curl/8"), ("X-Twice", "1"), ("x-twice", "2"), ("Range", "bytes=0-1"), ("Cookie", "a=b")],
        http_version="2.0",
    )
    config = {
        "distributionDomainName": "d111111abcdef8.cloudfront.net",
        "distributionId": "EDFDVBD6EXAMPLE",
        "requestId": response.headers["X-Amz-Cf-Id"],
    }
    viewer_side = {
        "clientIp": "203.0.113.178",
        "headers": {
            "host": [{"key": "Host", "value": "d111111abcdef8.cloudfront.net"}],
            "user-agent": [{"key": "user-agent", "value": "curl/8"}],
            "x-twice": [{"key": "X-Twice", "value": "1"}, {"key": "x-twice", "value": "2"}],
            "range": [{"key": "Range", "value": "bytes=0-1"}],
            "cookie": [{"key": "Cookie", "value": "a=b"}],
        },
        "method": "GET",
        "querystring": "x=1",
        "uri": "/a%20b",
    }
    origin_side = {
        "clientIp": "203.0.113.178",
        "headers": {
            "host": [{"key": "Host", "value": "origin.example.org"}],
            "user-agent": [{"key": "User-Agent", "value": "Amazon CloudFront"}],
            "x-forwarded-for": [{"key": "X-Forwarded-For", "value": "203.0.113.178"}],
            "via": [{"key": "Via", "value": "2.0 0123456789abcdef.cloudfront.net (CloudFront)"}],
            "range": [{"key": "Range", "value": "bytes=0-1"}],
        },
        "method": "GET",
        "querystring": "",
        "uri": "/a%20b",
        "origin": {
            "custom": {
                "customHeaders": {
                    "x-table": [{"key": "X-Table", "value": "users"}],
                    "x-second": [{"key": "x-second", "value": "2"}],
                },
                "domainName": "origin.example.org",
                "keepaliveTimeout": 5,
                "path": "/base",
                "port": 443,
                "protocol": "https",
                "readTimeout": 30,
                "responseCompletionTimeout": 60,
                "sslProtocols": ["TLSv1.2"],
            }
        },
    }
    answer = {
        "headers": {
            "content-type": [{"key": "Content-Type", "value": "text/plain"}],
            "content-length": [{"key": "content-length", "value": "5"}],
            "server": [{"key": "Server", "value": "nginx"}],
        },
        "status": "200",
        "statusDescription": "Fine",
    }
    assert [event["Records"][0]["cf"] for event in at.events] == [
        {"config": {**config, "eventType": "viewer-request"}, "request": viewer_side},
        {"config": {**config, "eventType": "origin-request"}, "request": origin_side},
        {"config": {**config, "eventType": "origin-response"}, "request": origin_side, "response": answer},
        {"config": {**config, "eventType": "viewer-response"}, "request": viewer_side, "response": answer},
    ]
    assert all(event == {"Records": event["Records"][:1]} for event in at.events)


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (
            S3Origin(
                domain_name="site.s3.eu-west-1.amazonaws.com",
                region="eu-west-1",
                access_control=AccessControl("s3", "always"),
            ),
            {"authMethod": "none", "domainName": "site.s3.eu-west-1.amazonaws.com", "region": "eu-west-1"},
        ),
        (
            S3Origin(domain_name="site.s3.amazonaws.com", region="us-east-1", access_identity="E2QWRUHEXAMPLE"),
            {
                "authMethod": "origin-access-identity",
                "domainName": "site.s3.amazonaws.com",
                "region": "us-east-1",
            },
        ),
    ],
)
async def test_s3_origin(edge, passes, origin: S3Origin, expected: dict[str, str]) -> None:
    """An S3 origin in an event has its Region and shows an origin access identity, but not an origin access control."""
    at = edge(functions={"origin-request": passes["origin-request"]}, origin=origin)
    at.origin.reply()
    await at.get()
    shown = at.events[0]["Records"][0]["cf"]["request"]["origin"]
    assert shown == {"s3": {"customHeaders": {}, "path": "", "readTimeout": 30, **expected}}


async def test_disallowed_headers_are_kept_from_functions(edge, passes) -> None:
    """Functions do not see disallowed headers, but CloudFront forwards those that it may forward."""
    hidden = ["X-Amzn-Requestid", "X-Accel-Redirect", "X-Amz-Cf-Custom", "X-Edge-Location", "X-Real-IP", "Connection"]
    at = edge(functions=passes, **FORWARD_ALL)
    at.origin.reply(200, b"", dict.fromkeys(hidden, "answered") | {"X-Cache": "MISS", "X-Seen": "1"})
    response = await at.get(headers=dict.fromkeys(hidden, "sent") | {"X-Seen": "1", "X-Amzn-Trace-Id": "Root=1"})
    for event in at.events:
        cf = event["Records"][0]["cf"]
        shown = [*cf["request"]["headers"], *cf.get("response", {}).get("headers", {})]
        assert {name.lower() for name in [*hidden, "x-cache"]}.isdisjoint(shown)
        assert {"x-seen", "x-amzn-trace-id"} <= set(cf["request"]["headers"])
    assert {"X-Amzn-Requestid", "X-Accel-Redirect"} <= set(at.origin.requests[0].headers)
    assert response.headers["X-Amzn-Requestid"] == "answered"
    assert response.headers.getall("X-Cache") == ["Miss from cloudfront"]


@pytest.mark.parametrize(
    ("selection", "shown"),
    [(Selection("all"), "b=2&a=1"), (Selection("whitelist", frozenset({"a"})), ""), (Selection("none"), "")],
)
async def test_query_in_origin_events(edge, passes, selection: Selection, shown: str) -> None:
    """Origin events have the query string only if all of it is forwarded. The origin gets the selected parameters."""
    at = edge(functions=passes, cache_policy=CachePolicy(0, 60, 60, query_strings=selection))
    at.origin.reply()
    await at.get("/?b=2&a=1")
    queries = [event["Records"][0]["cf"]["request"]["querystring"] for event in at.events]
    assert queries == ["b=2&a=1", shown, shown, "b=2&a=1"]
    forwarded = {"all": "b=2&a=1", "whitelist": "a=1", "none": ""}
    assert at.origin.requests[0].querystring == forwarded[selection.behavior]


async def test_body(edge, passes) -> None:
    """With IncludeBody, request events have the body in base64. Response events never have it."""
    at = edge(functions=passes, include_body=True, allowed_methods=ALL_METHODS, **FORWARD_ALL)
    at.origin.reply()
    await at.get(method="POST", body=b"\xff\x00", headers={"Content-Length": "2", "Content-Type": "image/png"})
    bodies = [event["Records"][0]["cf"]["request"].get("body") for event in at.events]
    body = {"action": "read-only", "data": "/wA=", "encoding": "base64", "inputTruncated": False}
    assert bodies == [body, body, None, None]
    assert at.events[1]["Records"][0]["cf"]["request"]["headers"]["content-length"] == [
        {"key": "Content-Length", "value": "2"}
    ]


async def test_empty_body(edge, passes) -> None:
    """With IncludeBody, the event of a request without a body has an empty body."""
    at = edge(functions={"viewer-request": passes["viewer-request"]}, include_body=True)
    at.origin.reply()
    await at.get()
    assert at.events[0]["Records"][0]["cf"]["request"]["body"] == {
        "action": "read-only",
        "data": "",
        "encoding": "base64",
        "inputTruncated": False,
    }


@pytest.mark.parametrize(("event_type", "limit"), [("viewer-request", 40 * 1024), ("origin-request", 1024 * 1024)])
@pytest.mark.parametrize("beyond", [0, 1])
async def test_truncated_body(edge, passes, event_type: str, limit: int, beyond: int) -> None:
    """A function sees the first 40 KB at viewer-request and 1 MB at origin-request. The origin gets the whole body."""
    body = b"x" * (limit + beyond)
    at = edge(functions={event_type: passes[event_type]}, include_body=True, allowed_methods=ALL_METHODS, **FORWARD_ALL)
    at.origin.reply()
    await at.get(method="PUT", body=body)
    shown = at.events[0]["Records"][0]["cf"]["request"]["body"]
    assert (len(base64.b64decode(shown["data"])), shown["inputTruncated"]) == (limit, bool(beyond))
    assert at.origin.requests[0].body == body


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"data": base64.b64encode(b"other").decode()}, b"original"),
        ({"action": "replace", "data": base64.b64encode(b"other").decode()}, b"other"),
        ({"action": "replace", "encoding": "text", "data": "ötherwise"}, "ötherwise".encode()),
        ({"action": "replace", "encoding": "text", "data": ""}, b""),
    ],
)
@pytest.mark.parametrize("event_type", ["viewer-request", "origin-request"])
async def test_replaced_body(edge, event_type: str, change: dict[str, str], expected: bytes) -> None:
    """With the action "replace", the body and Content-Length are replaced. Otherwise the original body goes on."""

    def replace(event):
        request = event["Records"][0]["cf"]["request"]
        request["body"].update(change)
        return request

    at = edge(functions={event_type: replace}, include_body=True, allowed_methods=ALL_METHODS, **FORWARD_ALL)
    at.origin.reply()
    await at.get(method="POST", body=b"original", headers={"Content-Length": "8"})
    assert (at.origin.requests[0].body, at.origin.requests[0].headers["Content-Length"]) == (
        expected,
        str(len(expected)),
    )


async def test_body_replaced_without_include_body(edge) -> None:
    """A function without IncludeBody may replace the body."""
    new = {"action": "replace", "encoding": "text", "data": "new"}
    at = edge(
        functions={"viewer-request": lambda event: {**event["Records"][0]["cf"]["request"], "body": new}},
        allowed_methods=ALL_METHODS,
        **FORWARD_ALL,
    )
    at.origin.reply()
    await at.get(method="POST", body=b"original")
    assert at.origin.requests[0].body == b"new"


async def test_key_of_a_header(edge) -> None:
    """A header is sent in the spelling of `key`. Without `key`, each part of the name is capitalized."""
    given = {
        "x-2fa-TOKEN".lower(): [{"value": "1"}],
        "x-as-is": [{"key": "x-AS-is", "value": "2"}, {"key": "X-As-Is", "value": "3"}],
    }
    at = edge(functions={"viewer-request": lambda _: {"status": "200", "headers": given}})
    response = await at.get()
    assert list(response.headers.items())[:3] == [("X-2fa-Token", "1"), ("x-AS-is", "2"), ("X-As-Is", "3")]


async def test_key_of_another_header(edge, caplog) -> None:
    """An item with another header's name as its key counts under its own name, as in an example of the guide. The
    terminal says once that this is assumed."""

    def copies(event):
        response = event["Records"][0]["cf"]["response"]
        headers = response["headers"]
        return {**response, "headers": headers | {"last-modified": headers["x-amz-meta-last-modified"]}}

    at = edge(functions={"origin-response": copies})
    at.origin.reply(headers={"X-Amz-Meta-Last-Modified": "2016-01-01"})
    response = await at.get()
    await at.get("/other")
    assert response.headers.getall("Last-Modified") == ["2016-01-01"]
    assert response.headers.getall("X-Amz-Meta-Last-Modified") == ["2016-01-01"]
    assert caplog.text.count("the name that the item stands under counts") == 1


@pytest.mark.parametrize(("status", "description"), [(404, "Not Found"), (299, "")])
async def test_status_description(edge, passes, status: int, description: str) -> None:
    """If the origin gives no reason phrase, the event has the standard phrase, or none for an unknown status."""
    at = edge(functions={"origin-response": passes["origin-response"]})
    at.origin.reply(status)
    await at.get()
    assert at.events[0]["Records"][0]["cf"]["response"] == {
        "headers": {},
        "status": str(status),
        "statusDescription": description,
    }
