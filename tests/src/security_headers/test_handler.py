"""The security headers, as CloudFront runs the function at origin-response."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudfront_local.testing.plugin import Edge
from security_headers.handler import handler

DOMAIN = "d111111abcdef8.cloudfront.net"
HERE = f"'self' https://{DOMAIN}"
SETTING = "x-security-headers-connect"

ALWAYS = {
    "Strict-Transport-Security": "max-age=63072000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
UNLESS_SET = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}


def policy(connections=""):
    """The complete Content-Security-Policy with these origins for connections."""
    return (
        f"default-src 'none'; script-src {HERE}; style-src {HERE}; img-src {HERE} data:; font-src {HERE}; "
        f"connect-src {HERE}{connections}; form-action {HERE}; base-uri 'none'; frame-ancestors 'none'"
    )


def as_cloudfront(headers):
    """Headers in the form that events have."""
    return {name.lower(): [{"key": name, "value": value}] for name, value in headers.items()}


def event_of(headers=None, status="200", setting=None, kind="s3"):
    """An origin-response event. `headers` and `setting` are the origin's."""
    custom_headers = {} if setting is None else as_cloudfront({SETTING: setting})
    origin = {"customHeaders": custom_headers, "domainName": "site.s3.us-east-1.amazonaws.com", "path": ""}
    kinds = {
        "s3": {"authMethod": "none", "region": "us-east-1"},
        "custom": {"keepaliveTimeout": 5, "port": 443, "protocol": "https", "readTimeout": 30, "sslProtocols": []},
    }
    config = {
        "distributionDomainName": DOMAIN,
        "distributionId": "EDFDVBD6EXAMPLE",
        "eventType": "origin-response",
        "requestId": "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==",
    }
    request = {
        "clientIp": "203.0.113.178",
        "headers": as_cloudfront({"Host": "evil.example"}),
        "method": "GET",
        "querystring": "",
        "uri": "/index.html",
        "origin": {kind: {**origin, **kinds[kind]}},
    }
    response = {"status": status, "statusDescription": "", "headers": as_cloudfront(headers or {})}
    return {"Records": [{"cf": {"config": config, "request": request, "response": response}}]}


def test_every_header_is_added(edge):
    """A page gets the six headers and keeps its own. The policy names the distribution, not the viewer's Host."""
    sent = {"Content-Type": "text/html; charset=utf-8", "ETag": '"1"', "Cache-Control": "no-cache"}
    assert edge(handler)(event_of(sent)) == {
        "status": "200",
        "statusDescription": "",
        "headers": as_cloudfront({**sent, **ALWAYS, **UNLESS_SET, "Content-Security-Policy": policy()}),
    }


@pytest.mark.parametrize("status", ["204", "206", "301", "304", "400", "403", "404", "500", "502", "503"])
def test_error_statuses(edge, status):
    """Errors and redirects get the same headers, and keep their status."""
    result = edge(handler)(event_of({"Server": "AmazonS3"}, status))
    assert (result["status"], result["headers"]) == (
        status,
        as_cloudfront({"Server": "AmazonS3", **ALWAYS, **UNLESS_SET, "Content-Security-Policy": policy()}),
    )


def test_origins_own_policies_win(edge):
    """The origin's own policies remain, in their own spelling."""
    own = {
        "content-security-policy": "default-src 'self'",
        "permissions-policy": "camera=(self)",
        "referrer-policy": "no-referrer",
    }
    assert edge(handler)(event_of(own))["headers"] == as_cloudfront({**own, **ALWAYS})


def test_origins_several_policies_all_stay(edge):
    """If the origin sent a policy twice, both remain: browsers enforce both."""
    event = event_of()
    both = [{"key": "Content-Security-Policy", "value": value} for value in ("default-src 'self'", "img-src 'none'")]
    event["Records"][0]["cf"]["response"]["headers"]["content-security-policy"] = both
    assert edge(handler)(event)["headers"]["content-security-policy"] == both


def test_origins_own_weaker_headers_lose(edge):
    """A header with one right value replaces all of the origin's values."""
    event = event_of({"strict-transport-security": "max-age=0", "x-content-type-options": "sniff"})
    event["Records"][0]["cf"]["response"]["headers"]["x-frame-options"] = [
        {"key": "X-Frame-Options", "value": value} for value in ("SAMEORIGIN", "ALLOWALL")
    ]
    assert edge(handler)(event)["headers"] == as_cloudfront(
        {**ALWAYS, **UNLESS_SET, "Content-Security-Policy": policy()}
    )


def test_read_only_headers_are_untouched(edge):
    """Via and Transfer-Encoding, which are read-only at origin-response, are unchanged."""
    own = {"Via": "1.1 example", "Transfer-Encoding": "chunked"}
    headers = edge(handler)(event_of(own))["headers"]
    assert {name: headers[name] for name in ("via", "transfer-encoding")} == as_cloudfront(own)


@pytest.mark.parametrize("kind", ["s3", "custom"])
@pytest.mark.parametrize(
    ("setting", "connections"),
    [
        ("", ""),
        ("https://api.github.com", " https://api.github.com"),
        (" https://a.example   wss://*.b.example:8443 ", " https://a.example wss://*.b.example:8443"),
    ],
)
def test_connections_are_the_origins_setting(edge, kind, setting, connections):
    """Pages may connect to the origins in the origin custom header, for both kinds of origin."""
    headers = edge(handler)(event_of(setting=setting, kind=kind))["headers"]
    assert headers["content-security-policy"] == [{"key": "Content-Security-Policy", "value": policy(connections)}]


@pytest.mark.parametrize(
    "bad",
    [
        *("*", "https:", "https://", "https://*", "http://api.example", "api.example", "data:", "'unsafe-inline'"),
        *("https://a.example;", "https://a.example;script-src", "https://a.example,https://b.example"),
        *("https://a.example/path", "https://user@a.example", "https://a..example", "https://é.example"),
        *("https://a.example:", "https://a.example:x", "HTTPS://A.EXAMPLE"),
    ],
)
def test_bad_hosts_are_left_out_and_logged(edge, capsys, bad):
    """An invalid origin is left out of the policy and logged. The valid ones remain."""
    headers = edge(handler)(event_of(setting=f"https://good.example {bad}"))["headers"]
    assert headers["content-security-policy"][0]["value"] == policy(" https://good.example")
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line) == {
        "warning": "x-security-headers-connect: these values are not https:// or wss:// origins",
        "refused": [bad],
    }


@given(setting=st.text(alphabet=st.characters(max_codepoint=0x2FF)))
def test_any_setting(edge: Edge, setting):
    """No setting can add a directive, a keyword or a line."""
    headers = edge(handler)(event_of(setting=setting))["headers"]
    value = headers["content-security-policy"][0]["value"]
    before, after = policy().split("; form-action")
    assert value.startswith(before)
    assert value.endswith(f"; form-action{after}")
    assert all(
        origin.startswith(("https://", "wss://"))
        for origin in value[len(before) : -len(f"; form-action{after}")].split()
    )
