"""Recordings hold no secrets, and nothing that differs from one request to the next."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudfront_local.serving.recording.stable import CLIENT_IP, REQUEST_ID, stable


def header(name: str, value: str) -> str:
    """A header's value in a recording."""
    return str(stable({"headers": {name: [{"key": name, "value": value}]}}, "demo:demo")["headers"][name][0]["value"])


def basic(credentials: str) -> str:
    return f"Basic {b64encode(credentials.encode()).decode()}"


@pytest.mark.parametrize(
    ("sent", "recorded"),
    [
        (basic("demo:demo"), basic("demo:demo")),
        (basic("demo:Demo"), basic("demo:example")),
        (basic("ada:secret"), basic("example:example")),
        (basic("ada:demo"), basic("example:demo")),
        (basic("secret"), basic("exampleexample")),
        ("Basic secret!", "Basic not-base64"),
        ("Bearer eyJhbGciOi", "Bearer example"),
        ("bearer eyJhbGciOi", "bearer example"),
        ('Digest username="ada", response="0f1e"', "Digest example"),
        ("secret", "example"),
        ("secret and more", "example"),
        ("Bearer", "Bearer"),
        ("", ""),
        (
            "AWS4-HMAC-SHA256 Credential=ASIAQ/20261124/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=0f1e",
            "AWS4-HMAC-SHA256 Credential=ASIAIOSFODNN7EXAMPLE/20260101/eu-west-1/s3/aws4_request, SignedHeaders=host, "
            f"Signature={'0' * 64}",
        ),
        (
            "AWS4-HMAC-SHA256 Signature=0F1E, SignedHeaders=host, Credential=AKIAQ/20261124/eu-west-1/s3/aws4_request",
            f"AWS4-HMAC-SHA256 Signature={'0' * 64}, SignedHeaders=host, "
            "Credential=ASIAIOSFODNN7EXAMPLE/20260101/eu-west-1/s3/aws4_request",
        ),
        (
            "AWS4-ECDSA-P256-SHA256 Credential=AKIAQ,Signature=30450221",
            f"AWS4-ECDSA-P256-SHA256 Credential=ASIAIOSFODNN7EXAMPLE,Signature={'0' * 64}",
        ),
    ],
)
@pytest.mark.parametrize("name", ["authorization", "proxy-authorization", "x-forwarded-authorization", "x-auth"])
def test_authorization(name: str, sent: str, recorded: str) -> None:
    """User names, passwords and signatures are replaced in all headers of this kind; the public login stays."""
    assert header(name, sent) == recorded


@pytest.mark.parametrize("sent", [basic("ada:secret"), "Bearer abc", "AWS4-HMAC-SHA256 Signature=0f1e"])
def test_credentials_in_any_header(sent: str) -> None:
    """A value that begins with a scheme of HTTP authentication holds credentials, whatever the header's name is."""
    assert header("x-upstream", sent) == header("authorization", sent) != sent


@given(name=st.text(), value=st.text(), query=st.text())
def test_any_text(name: str, value: str, query: str) -> None:
    """Any header and any query string can be recorded."""
    assert isinstance(header(name, value), str)
    assert isinstance(stable({"querystring": query})["querystring"], str)


@pytest.mark.parametrize(
    ("name", "value", "recorded"),
    [
        ("cookie", "session=abc; theme=dark", "session=example; theme=example"),
        ("cookie", "abc;b=c", "example;b=example"),
        ("set-cookie", "session=abc; Path=/; Max-Age=60", "session=example; Path=/; Max-Age=60"),
        ("set-cookie", "abc; HttpOnly", "example; HttpOnly"),
        (
            "location",
            "https://a.example/b?code=1&X-Amz-Signature=0f1e#c",
            "https://a.example/b?code=1&X-Amz-Signature=example#c",
        ),
        ("referer", "https://ada:pass@a.example/?id_token=abc", "https://example@a.example/?id_token=example"),
        ("x-note", "id eyJhbGciOi.eyJzdWIiOi.c2ln end", "id example end"),
        ("x-amz-security-token", "IQoJb3JpZ2lu", "example"),
        ("x-api-key", "abc", "example"),
        ("x-router-client-secret", "abc", "example"),
        ("x-router-client-secret-arn", "arn:aws:secretsmanager:...", "arn:aws:secretsmanager:..."),
        ("x-router-token-url", "https://example.org/token", "https://example.org/token"),
        ("x-amz-date", "20261124T101112Z", "20260101T000000Z"),
        ("last-modified", "Tue, 24 Nov 2026 10:11:12 GMT", "Thu, 01 Jan 2026 00:00:00 GMT"),
        ("etag", 'W/"3f80f"', 'W/"example"'),
        ("if-none-match", '"a", "b"', '"example", "example"'),
        ("x-forwarded-for", "10.0.0.1, 127.0.0.1", f"10.0.0.1, {CLIENT_IP}"),
        ("cloudfront-viewer-address", "127.0.0.1:54321", f"{CLIENT_IP}:46532"),
        ("accept", "text/html", "text/html"),
        ("www-authenticate", 'Basic realm="books"', 'Basic realm="books"'),
    ],
)
def test_headers(name: str, value: str, recorded: str) -> None:
    """Secrets, times, entity tags and loopback addresses are replaced in headers; other values stay."""
    assert header(name, value) == recorded


@pytest.mark.parametrize(
    ("querystring", "recorded"),
    [
        ("", ""),
        ("a=1&flag&b=", "a=1&flag&b="),
        ("X-Amz-Signature=0f1e&access_token=abc&token", "X-Amz-Signature=example&access_token=example&token"),
    ],
)
def test_query_string(querystring: str, recorded: str) -> None:
    """Query parameters are replaced if their names say that they are secrets."""
    assert stable({"querystring": querystring}) == {"querystring": recorded}


def test_request() -> None:
    """Every event has the same request id and the same client address."""
    given = {"config": {"requestId": "a"}, "request": {"clientIp": "127.0.0.1", "uri": "/127.0.0.1"}}
    assert stable(given) == {
        "config": {"requestId": REQUEST_ID},
        "request": {"clientIp": CLIENT_IP, "uri": "/127.0.0.1"},
    }


def test_body() -> None:
    """A body stays whole; a body that CloudFront truncated keeps its beginning alone."""
    whole = {"inputTruncated": False, "data": "QUJD" * 100, "encoding": "base64"}
    assert stable(whole) == whole
    assert stable({**whole, "inputTruncated": True}) == {**whole, "inputTruncated": True, "data": "QUJD" * 16}


@pytest.mark.parametrize(
    "result",
    [None, 7, "text", [], {"headers": None}, {"headers": {"a": "b"}}, {"headers": {"a": [1, {}, {"value": 1}]}}],
)
def test_any_result(result: object) -> None:
    """Headers of a wrong shape, which CloudFront refuses, are recorded unchanged."""
    assert stable(result) == result
