"""The steps of a request: which functions run, and the effects of their results."""

import logging
from typing import Any

import pytest
from multidict import CIMultiDict

from cloudfront_local.distribution.behaviors import CacheBehavior
from cloudfront_local.distribution.messages import Response
from cloudfront_local.distribution.origin import AccessControl, CustomOrigin, S3Origin
from cloudfront_local.distribution.policies import CachePolicy, OriginRequestPolicy, Selection

DISABLED = CachePolicy(0, 0, 0)
US = "s3.us-east-1.amazonaws.com"
EU = "s3.eu-west-1.amazonaws.com"
# Origins that a function can choose.
BUCKET = {
    "s3": {
        "authMethod": "none",
        "customHeaders": {},
        "domainName": f"files.{EU}",
        "path": "/2026",
        "readTimeout": 30,
        "region": "eu-west-1",
    }
}
SERVER = {
    "custom": {
        "customHeaders": {},
        "domainName": "books.example.org",
        "keepaliveTimeout": 5,
        "path": "",
        "port": 8443,
        "protocol": "https",
        "readTimeout": 30,
        "sslProtocols": ["TLSv1.2"],
    }
}


def request_of(event: dict[str, Any]) -> dict[str, Any]:
    return event["Records"][0]["cf"]["request"]


def response_of(event: dict[str, Any]) -> dict[str, Any]:
    return event["Records"][0]["cf"]["response"]


async def test_the_way_of_a_request(edge, passes) -> None:
    """A cache miss runs all four functions, and a hit runs the two functions of viewer events."""
    at = edge(functions=passes)
    at.origin.reply(200, b"hello", {"Content-Type": "text/plain"})
    first, second = await at.get(), await at.get()
    assert at.event_types == [
        "viewer-request",
        "origin-request",
        "origin-response",
        "viewer-response",
        "viewer-request",
        "viewer-response",
    ]
    assert (first.status, first.body, second.status, second.body) == (200, b"hello", 200, b"hello")


async def test_headers_of_an_answer(edge) -> None:
    """The viewer gets the origin's headers and CloudFront's own. Each request has one id everywhere."""
    at = edge()
    at.origin.reply(200, b"hello", {"Content-Type": "text/plain", "Server": "nginx", "Via": "1.1 proxy"})
    first, second = await at.get(), await at.get()
    assert list(first.headers.items()) == [
        ("Content-Type", "text/plain"),
        ("Server", "nginx"),
        ("Via", "1.1 0123456789abcdef.cloudfront.net (CloudFront)"),
        ("X-Cache", "Miss from cloudfront"),
        ("X-Amz-Cf-Pop", "IAD1-P1"),
        ("X-Amz-Cf-Id", at.origin.ids[0]),
    ]
    assert (second.headers["X-Cache"], second.headers["Age"]) == ("Hit from cloudfront", "0")
    assert len(first.headers["X-Amz-Cf-Id"]) == 56
    assert first.headers["X-Amz-Cf-Id"] != second.headers["X-Amz-Cf-Id"]


@pytest.mark.parametrize(
    ("default_root_object", "uri", "asked"),
    [
        ("index.html", "/", "/index.html"),
        ("site/index.html", "/", "/site/index.html"),
        ("index.html", "//", "//"),
        ("index.html", "/sub/", "/sub/"),
        ("", "/", "/"),
    ],
)
async def test_default_root_object(edge, passes, default_root_object: str, uri: str, asked: str) -> None:
    """Exactly `/` becomes the default root object, for functions and origin. No other folder does."""
    at = edge(functions=passes, default_root_object=default_root_object)
    at.origin.reply()
    await at.get(uri)
    assert at.origin.requests[0].uri == asked
    assert [request_of(event)["uri"] for event in at.events] == [asked] * 4


async def test_default_root_object_before_the_match(edge, caplog) -> None:
    """The default root object's path selects the behavior. The terminal says once that a function sees that path."""
    at = edge(
        CacheBehavior("/index.html", "main", DISABLED, allowed_methods=frozenset({"GET", "HEAD", "OPTIONS"})),
        default_root_object="index.html",
        functions={"viewer-request": request_of},
    )
    at.origin.reply()
    assert [(await at.get(uri, method="OPTIONS")).status for uri in ("/", "/other.html")] == [200, 403]
    assert caplog.records == []
    at = edge(default_root_object="index.html", functions={"viewer-request": request_of})
    at.origin.reply()
    for _ in range(2):
        await at.get("/")
    assert caplog.text.count("the viewer-request function sees the object's path") == 1


# ── viewer-request ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_viewer_request_changes_the_request(edge) -> None:
    """The function's changes to uri, query and headers go to the origin and into the cache key."""

    def rewrite(event):
        request = request_of(event)
        request["uri"] = "/same"
        request["querystring"] = "lang=en"
        request["headers"]["x-user"] = [{"key": "X-User", "value": "ada"}]
        del request["headers"]["authorization"]
        return request

    forward = OriginRequestPolicy(headers=Selection("whitelist", frozenset({"x-user", "authorization"})))
    key = CachePolicy(1, 60, 60, query_strings=Selection("all"))
    at = edge(functions={"viewer-request": rewrite}, cache_policy=key, origin_request_policy=forward)
    at.origin.reply()
    answers = [await at.get(uri, {"Authorization": "Basic x"}) for uri in ("/one?a", "/two")]
    assert [answer.headers["X-Cache"] for answer in answers] == ["Miss from cloudfront", "Hit from cloudfront"]
    (asked,) = at.origin.requests
    assert (asked.target, asked.headers["X-User"], "Authorization" in asked.headers) == ("/same?lang=en", "ada", False)


async def test_viewer_request_generates(edge, passes) -> None:
    """A response generated at viewer-request goes to the viewer, without cache, origin or viewer-response function."""
    refusal = {
        "status": "401",
        "statusDescription": "Unauthorized",
        "headers": {"www-authenticate": [{"key": "WWW-Authenticate", "value": 'Basic realm="x"'}]},
        "body": "no",
    }
    at = edge(functions={**passes, "viewer-request": lambda _: refusal})
    responses = [await at.get(), await at.get()]
    assert at.event_types == ["viewer-request", "viewer-request"]
    for response in responses:
        assert (response.status, response.reason, response.body) == (401, "Unauthorized", b"no")
        assert list(response.headers.items()) == [
            ("WWW-Authenticate", 'Basic realm="x"'),
            ("Server", "CloudFront"),
            ("X-Cache", "LambdaGeneratedResponse from cloudfront"),
            ("Via", "1.1 0123456789abcdef.cloudfront.net (CloudFront)"),
            ("X-Amz-Cf-Pop", "IAD1-P1"),
            ("X-Amz-Cf-Id", response.headers["X-Amz-Cf-Id"]),
        ]


async def test_generated_body_in_base64(edge) -> None:
    """A generated response may have a base64 body and a number as status."""
    at = edge(functions={"viewer-request": lambda _: {"status": 200, "body": "/wA=", "bodyEncoding": "base64"}})
    response = await at.get()
    assert (response.status, response.reason, response.body) == (200, "", b"\xff\x00")


async def test_viewer_request_neither_rematches_nor_bypasses_the_gate(edge) -> None:
    """A function that changes the uri changes neither the behavior nor the origin."""
    at = edge(
        CacheBehavior("/other/*", "missing", DISABLED),
        functions={"viewer-request": lambda event: {**request_of(event), "uri": "/other/x"}},
    )
    at.origin.reply()
    assert (await at.get("/page")).status == 200
    assert at.origin.requests[0].uri == "/other/x"


# ── origin-request ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_origin_request_generates_and_it_is_cached(edge, passes) -> None:
    """A response generated at origin-request is cached. Only viewer-response runs after it, not origin-response."""
    made = {"status": "200", "headers": {"cache-control": [{"value": "max-age=60"}]}, "body": "made"}
    at = edge(functions={**passes, "origin-request": lambda _: made})
    responses = [await at.get(), await at.get()]
    assert at.event_types == [
        "viewer-request",
        "origin-request",
        "viewer-response",
        "viewer-request",
        "viewer-response",
    ]
    assert [(r.body, r.headers["X-Cache"]) for r in responses] == [
        (b"made", "LambdaGeneratedResponse from cloudfront"),
        (b"made", "Hit from cloudfront"),
    ]
    assert at.origin.requests == []
    at.clock.advance(61)
    await at.get()
    assert at.event_types[-2:] == ["origin-request", "viewer-response"]


async def test_origin_request_changes_the_request(edge) -> None:
    """The function's changes to path, query, headers and custom headers go to the origin, not into the cache key."""

    def sign(event):
        request = request_of(event)
        request["uri"] = "/signed"
        request["querystring"] = "v=1"
        request["headers"]["authorization"] = [{"key": "Authorization", "value": "AWS4-HMAC-SHA256 ..."}]
        request["headers"]["host"][0]["value"] = "other.example.org"
        request["origin"]["custom"]["customHeaders"] = {"x-late": [{"key": "X-Late", "value": "1"}]}
        return request

    origin = CustomOrigin(domain_name="origin.example.org", custom_headers=(("X-Early", "1"),))
    at = edge(functions={"origin-request": sign}, origin=origin)
    at.origin.reply()
    first, second = await at.get("/page"), await at.get("/page")
    (asked,) = at.origin.requests
    assert (asked.target, asked.headers["Authorization"], asked.headers["Host"]) == (
        "/signed?v=1",
        "AWS4-HMAC-SHA256 ...",
        "other.example.org",
    )
    assert at.origin.origins[0].custom_headers == (("X-Late", "1"),)
    assert (first.headers["X-Cache"], second.headers["X-Cache"]) == ("Miss from cloudfront", "Hit from cloudfront")


async def test_origin_request_chooses_another_custom_origin(edge, passes) -> None:
    """A function may choose any server as the origin. The event of origin-response then has that origin."""
    chosen = {
        "customHeaders": {},
        "domainName": "books.example.org",
        "keepaliveTimeout": 7,
        "path": "/v2",
        "port": 8080,
        "protocol": "http",
        "readTimeout": 9,
        "responseCompletionTimeout": 20,
        "sslProtocols": ["TLSv1.2", "TLSv1.1"],
    }

    def route(event):
        request = request_of(event)
        request["origin"] = {"custom": chosen}
        return request

    s3 = S3Origin(domain_name="site.s3.us-east-1.amazonaws.com", region="us-east-1")
    at = edge(functions={**passes, "origin-request": route}, origin=s3)
    at.origin.reply()
    await at.get()
    assert at.origin.origins == [
        CustomOrigin(
            domain_name="books.example.org",
            path="/v2",
            read_timeout=9,
            response_completion_timeout=20,
            protocol="http",
            port=8080,
            keepalive_timeout=7,
            ssl_protocols=("TLSv1.2", "TLSv1.1"),
        )
    ]
    assert request_of(at.events[2])["origin"] == {"custom": chosen}


async def test_origin_request_chooses_a_bucket(edge) -> None:
    """A function may choose a bucket as the origin."""

    def route(event):
        request = request_of(event)
        request["origin"] = {
            "s3": {
                "authMethod": "none",
                "customHeaders": {},
                "domainName": "files.s3.eu-west-1.amazonaws.com",
                "path": "/2026",
                "region": "eu-west-1",
            }
        }
        request["headers"]["host"] = [{"key": "Host", "value": "files.s3.eu-west-1.amazonaws.com"}]
        return request

    at = edge(functions={"origin-request": route})
    at.origin.reply()
    await at.get()
    assert at.origin.origins == [
        S3Origin(domain_name="files.s3.eu-west-1.amazonaws.com", path="/2026", region="eu-west-1")
    ]


@pytest.mark.parametrize(
    ("changes", "signs"),
    [({"path": "/2026"}, True), ({"domainName": "other.s3.us-east-1.amazonaws.com"}, False)],
)
async def test_access_control_of_a_chosen_bucket(edge, changes: dict[str, str], signs: bool) -> None:
    """The configured origin access control signs for the configured bucket, not for one that a function chooses."""

    def route(event):
        request = request_of(event)
        request["origin"]["s3"].update(changes)
        return request

    control = AccessControl("s3", "always")
    s3 = S3Origin(domain_name="site.s3.us-east-1.amazonaws.com", region="us-east-1", access_control=control)
    at = edge(functions={"origin-request": route}, origin=s3)
    at.origin.reply()
    await at.get()
    assert at.origin.origins[0].access_control == (control if signs else None)


@pytest.mark.parametrize(
    "configured",
    [CustomOrigin(domain_name="origin.example.org"), S3Origin(domain_name=f"site.{US}", region="us-east-1")],
    ids=["custom", "s3"],
)
async def test_origin_request_chooses_each_kind_in_turn(edge, passes, configured) -> None:
    """A function may choose a bucket for one request and a server for the next, with either kind configured."""

    def route(event):
        request = request_of(event)
        chosen = BUCKET if request["uri"].startswith("/files/") else SERVER
        (fields,) = chosen.values()
        request["origin"] = chosen
        request["headers"]["host"] = [{"key": "Host", "value": fields["domainName"]}]
        return request

    at = edge(functions={**passes, "origin-request": route}, origin=configured)
    for body in (b"file", b"page", b"other file"):
        at.origin.reply(200, body)
    answers = [(await at.get(uri)).body for uri in ("/files/a", "/page", "/files/b")]
    bucket = S3Origin(domain_name=f"files.{EU}", path="/2026", region="eu-west-1")
    server = CustomOrigin(domain_name="books.example.org", port=8443, keepalive_timeout=5)
    assert answers == [b"file", b"page", b"other file"]
    assert at.origin.origins == [bucket, server, bucket]
    assert [request.headers["Host"] for request in at.origin.requests] == [
        f"files.{EU}",
        "books.example.org",
        f"files.{EU}",
    ]
    shown = [
        request_of(event)["origin"]
        for event, name in zip(at.events, at.event_types, strict=True)
        if name == "origin-response"
    ]
    assert shown == [BUCKET, SERVER, BUCKET]


@pytest.mark.parametrize("method", ["origin-access-identity", "none"])
async def test_access_identity_of_a_chosen_bucket(edge, method: str) -> None:
    """A function may use the configured origin access identity with a bucket that it chooses."""

    def route(event):
        request = request_of(event)
        request["origin"]["s3"].update(domainName=f"files.{EU}", region="eu-west-1", authMethod=method)
        request["headers"]["host"] = [{"key": "Host", "value": f"files.{EU}"}]
        return request

    s3 = S3Origin(domain_name=f"site.{US}", region="us-east-1", access_identity="E2QWRUHEXAMPLE")
    at = edge(functions={"origin-request": route}, origin=s3)
    at.origin.reply()
    assert (await at.get()).status == 200
    identity = "E2QWRUHEXAMPLE" if method == "origin-access-identity" else ""
    assert at.origin.origins == [S3Origin(domain_name=f"files.{EU}", region="eu-west-1", access_identity=identity)]


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        ({**BUCKET, **SERVER}, "origin"),
        ({"s3": {**BUCKET["s3"], "domainName": "https://files.example.org"}}, "origin.s3.domainName"),
        ({"s3": {**BUCKET["s3"], "path": "2026"}}, "origin.s3.path"),
        ({"s3": {**BUCKET["s3"], "authMethod": "origin-access-control"}}, "origin.s3.authMethod"),
        ({"s3": {**BUCKET["s3"], "authMethod": "origin-access-identity", "region": ""}}, "origin.s3.region"),
        ({"custom": {**SERVER["custom"], "domainName": "192.0.2.1"}}, "origin.custom.domainName"),
        ({"custom": {**SERVER["custom"], "port": 22}}, "origin.custom.port"),
        ({"custom": {**SERVER["custom"], "protocol": "ftp"}}, "origin.custom.protocol"),
        ({"custom": {**SERVER["custom"], "sslProtocols": ["TLSv1.3"]}}, "origin.custom.sslProtocols"),
        ({"custom": {**SERVER["custom"], "readTimeout": 0}}, "origin.custom.readTimeout"),
    ],
)
async def test_invalid_origin(edge, caplog, chosen: dict[str, Any], field: str) -> None:
    """If the function returns an invalid origin, the viewer gets 502 and the terminal shows the field."""
    caplog.set_level(logging.INFO, "cloudfront")

    def route(event):
        return {**request_of(event), "origin": chosen}

    s3 = S3Origin(domain_name=f"site.{US}", region="us-east-1", access_identity="E2QWRUHEXAMPLE")
    at = edge(functions={"origin-request": route}, origin=s3)
    response = await at.get()
    assert (response.status, response.headers["X-Cache"]) == (502, "LambdaValidationError from cloudfront")
    assert at.origin.requests == []
    (record,) = caplog.records
    assert f": {field}: found " in record.getMessage()


# ── origin-response ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_origin_response_changes_what_is_cached(edge) -> None:
    """Headers that the function adds are cached. The function does not run again on a hit."""
    runs = []

    def secure(event):
        runs.append(1)
        response = response_of(event)
        response["headers"]["x-frame-options"] = [{"key": "X-Frame-Options", "value": "DENY"}]
        return response

    at = edge(functions={"origin-response": secure})
    at.origin.reply(200, b"hello", reason="Fine")
    responses = [await at.get(), await at.get()]
    assert [(r.headers["X-Frame-Options"], r.body, r.reason) for r in responses] == [("DENY", b"hello", "Fine")] * 2
    assert runs == [1]


async def test_origin_response_replaces_status_and_body(edge) -> None:
    """The function may change status and body. Content-Length is then the new body's."""
    at = edge(
        functions={
            "origin-response": lambda event: {
                **response_of(event),
                "status": "200",
                "statusDescription": "OK",
                "body": "gone",
            }
        }
    )
    at.origin.reply(404, b"not found", {"Content-Length": "9"}, reason="Not Found")
    response = await at.get()
    assert (response.status, response.reason, response.body) == (200, "OK", b"gone")
    assert (response.headers["Content-Length"], response.headers["X-Cache"]) == ("4", "Miss from cloudfront")
    assert (await at.get()).headers["X-Cache"] == "Hit from cloudfront"


async def test_origin_response_runs_on_errors(edge, passes) -> None:
    """The function runs for every status of the origin. The viewer-response function does not run from 400 upwards."""
    at = edge(functions=passes, cache_policy=DISABLED)
    at.origin.reply(503, b"down")
    response = await at.get()
    assert at.event_types == ["viewer-request", "origin-request", "origin-response"]
    assert (response.status, response.body, response.headers["X-Cache"]) == (503, b"down", "Error from cloudfront")


async def test_transfer_encoding_is_shown_and_not_sent(edge, passes) -> None:
    """Functions see the origin's Transfer-Encoding, but viewers do not."""
    at = edge(functions=passes)
    at.origin.reply(200, b"hello", {"Transfer-Encoding": "chunked", "Connection": "keep-alive"})
    response = await at.get()
    for event in at.events[2:]:
        assert response_of(event)["headers"] == {
            "transfer-encoding": [{"key": "Transfer-Encoding", "value": "chunked"}]
        }
    assert {"Transfer-Encoding", "Connection"}.isdisjoint(response.headers)


async def test_set_cookie(edge) -> None:
    """Set-Cookie headers reach the viewer only if cookies are forwarded. Each stays a header of its own."""
    cookies = CIMultiDict([("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    for policy, expected in (
        (OriginRequestPolicy(), []),
        (OriginRequestPolicy(cookies=Selection("all")), ["a=1", "b=2"]),
    ):
        at = edge(origin_request_policy=policy)
        at.origin.script.append(Response(200, cookies, b""))
        assert (await at.get()).headers.getall("Set-Cookie", []) == expected


# ── viewer-response ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_viewer_response_changes_the_answer_alone(edge) -> None:
    """Headers that the function adds are not cached: it runs on every answer."""
    count = iter(range(10))

    def number(event):
        response = response_of(event)
        assert "x-number" not in response["headers"]
        response["headers"]["x-number"] = [{"key": "X-Number", "value": str(next(count))}]
        return response

    at = edge(functions={"viewer-response": number})
    at.origin.reply()
    assert [(await at.get()).headers["X-Number"] for _ in range(3)] == ["0", "1", "2"]


@pytest.mark.parametrize("status", [400, 404, 500])
async def test_viewer_response_does_not_run_on_errors(edge, passes, status: int) -> None:
    """The function does not run on an error, whether from the origin or from the cache."""
    at = edge(functions={"viewer-response": passes["viewer-response"]})
    at.origin.reply(status, b"", {"Cache-Control": "max-age=60"})
    assert [(await at.get()).status for _ in range(2)] == [status, status]
    assert (at.events, len(at.origin.requests)) == ([], 1)


async def test_viewer_response_sees_the_request_as_it_went_on(edge, passes) -> None:
    """The event's request is the one that the viewer-request function returned."""
    at = edge(functions={**passes, "viewer-request": lambda event: {**request_of(event), "uri": "/other"}})
    at.origin.reply()
    await at.get("/page?x=1")
    shown = request_of(at.events[-1])
    assert (shown["uri"], shown["querystring"], "origin" in shown) == ("/other", "x=1", False)
