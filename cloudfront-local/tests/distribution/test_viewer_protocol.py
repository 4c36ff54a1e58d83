"""The viewer protocol policy: plain HTTP goes on, is redirected to HTTPS, or is refused."""

import pytest

from cloudfront_local.distribution.error_responses import ErrorResponse
from cloudfront_local.distribution.origin import CustomOrigin
from cloudfront_local.distribution.policies import CachePolicy, OriginRequestPolicy, Selection
from cloudfront_local.distribution.response_headers_policy import AddedHeader, ResponseHeadersPolicy

ALL_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"})
MOVED = (
    b"<html>\r\n<head><title>301 Moved Permanently</title></head>\r\n<body>\r\n"
    b"<center><h1>301 Moved Permanently</h1></center>\r\n<hr><center>CloudFront</center>\r\n</body>\r\n</html>\r\n"
)


@pytest.mark.parametrize(
    ("policy", "scheme", "method", "version", "status"),
    [
        ("allow-all", "http", "GET", "1.1", 200),
        ("allow-all", "https", "GET", "1.1", 200),
        ("redirect-to-https", "https", "GET", "1.1", 200),
        ("redirect-to-https", "http", "GET", "1.1", 301),
        ("redirect-to-https", "http", "HEAD", "1.0", 301),
        ("redirect-to-https", "http", "POST", "1.1", 307),
        ("redirect-to-https", "http", "OPTIONS", "1.1", 307),
        ("redirect-to-https", "http", "DELETE", "1.0", 403),
        ("https-only", "https", "GET", "1.1", 200),
        ("https-only", "http", "GET", "1.1", 403),
        ("https-only", "http", "POST", "1.1", 403),
    ],
)
async def test_policy(edge, policy: str, scheme: str, method: str, version: str, status: int) -> None:
    at = edge(viewer_protocol_policy=policy, allowed_methods=ALL_METHODS)
    at.origin.reply()
    answer = await at.get("/a", method=method, scheme=scheme, http_version=version)
    assert answer.status == status
    assert len(at.origin.requests) == (1 if status == 200 else 0)


async def test_redirect(edge, passes) -> None:
    """The redirect keeps path and query, runs no function, and is not cached. A request over HTTPS then is a miss."""
    at = edge(viewer_protocol_policy="redirect-to-https", functions=passes)
    at.origin.reply()
    answer = await at.get("/a%20b?c=d&e", scheme="http")
    headers = dict(answer.headers)
    assert (answer.status, answer.reason, answer.body) == (301, "Moved Permanently", MOVED)
    assert headers.pop("X-Amz-Cf-Id")
    assert headers == {
        "Server": "CloudFront",
        "Content-Type": "text/html",
        "Location": "https://d111111abcdef8.cloudfront.net/a%20b?c=d&e",
        "X-Cache": "Redirect from cloudfront",
        "Via": "1.1 0123456789abcdef.cloudfront.net (CloudFront)",
        "X-Amz-Cf-Pop": "IAD1-P1",
    }
    assert at.events == []
    assert (await at.get("/a%20b?c=d&e")).headers["X-Cache"] == "Miss from cloudfront"


async def test_redirect_of_the_root(edge) -> None:
    """The redirect keeps `/`: the default root object is not in the URL."""
    at = edge(viewer_protocol_policy="redirect-to-https", default_root_object="index.html")
    answer = await at.get("/?a", scheme="http")
    assert answer.headers["Location"] == "https://d111111abcdef8.cloudfront.net/?a"


async def test_method_first(edge) -> None:
    """A method that the behavior does not allow is refused, not redirected."""
    at = edge(viewer_protocol_policy="redirect-to-https")
    answer = await at.get(method="POST", scheme="http")
    assert (answer.status, b"not configured to allow the HTTP request method" in answer.body) == (403, True)


async def test_page_for_refused(edge, caplog) -> None:
    """The refusal gets the custom error page. The terminal gives the reason."""
    page = ErrorResponse(page_path="/https.html", response_code=403)
    at = edge(viewer_protocol_policy="https-only", config={"error_responses": {403: page}})
    at.origin.reply(body=b"use https")
    assert (await at.get(scheme="http")).body == b"use https"
    assert "ViewerProtocolPolicy is https-only, and the request is plain HTTP." in caplog.text


async def test_policy_headers(edge) -> None:
    """A redirect has the response headers policy's headers, but not Strict-Transport-Security; nor has plain HTTP."""
    added = (
        AddedHeader("Strict-Transport-Security", "max-age=1", override=True),
        AddedHeader("X-A", "1", override=True),
    )
    policy = ResponseHeadersPolicy(added=added)
    for protocol in ("redirect-to-https", "allow-all"):
        at = edge(viewer_protocol_policy=protocol, response_headers_policy=policy)
        at.origin.reply()
        headers = (await at.get(scheme="http")).headers
        assert (headers["X-A"], headers.get("Strict-Transport-Security")) == ("1", None)
    assert (await at.get()).headers["Strict-Transport-Security"] == "max-age=1"


async def test_match_viewer(edge, passes) -> None:
    """An origin whose protocol is the viewer's is asked with the viewer's protocol, on that protocol's port."""
    origin = CustomOrigin(domain_name="a.org", protocol="https", port=8444, viewers_http_port=8081)
    at = edge(origin=origin, cache_policy=CachePolicy(0, 0, 0), functions={"origin-request": passes["origin-request"]})
    at.origin.reply()
    for scheme in ("http", "https"):
        await at.get(scheme=scheme)
    asked = [(origin.protocol, origin.port) for origin in at.origin.origins]
    shown = [event["Records"][0]["cf"]["request"]["origin"]["custom"] for event in at.events]
    assert asked == [("http", 8081), ("https", 8444)] == [(each["protocol"], each["port"]) for each in shown]


async def test_headers_about_the_viewer(edge) -> None:
    """The origin sees the viewer's scheme, and the TLS connection of HTTPS."""
    names = frozenset({"cloudfront-forwarded-proto", "cloudfront-viewer-tls"})
    at = edge(
        cache_policy=CachePolicy(0, 0, 0), origin_request_policy=OriginRequestPolicy(Selection("whitelist", names))
    )
    at.origin.reply()
    await at.get(scheme="http")
    await at.get(tls="TLSv1.2:ECDHE-RSA-AES128-GCM-SHA256:sessionResumed")
    plain, secure = (request.headers for request in at.origin.requests)
    assert (plain["CloudFront-Forwarded-Proto"], plain.get("CloudFront-Viewer-TLS")) == ("http", None)
    assert secure["CloudFront-Forwarded-Proto"] == "https"
    assert secure["CloudFront-Viewer-TLS"] == "TLSv1.2:ECDHE-RSA-AES128-GCM-SHA256:sessionResumed"
