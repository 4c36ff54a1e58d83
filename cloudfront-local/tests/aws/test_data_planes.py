"""The event of a function URL: the target as it was sent, cookies, and the sender."""

from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudfront_local.aws.embedded.data_planes import CLOUDFRONT_ADDRESS, as_sent


def event(**headers: str) -> dict[str, Any]:
    """The event that ministack makes."""
    return {
        "rawPath": "/a/b c",
        "rawQueryString": "made=anew",
        "headers": headers,
        "queryStringParameters": {"made": "anew"},
        "requestContext": {"http": {"path": "/a/b c", "sourceIp": "127.0.0.1", "method": "GET"}},
        "isBase64Encoded": False,
    }


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ("", None),
        ("b=1&a=2&b=3", {"b": "1,3", "a": "2"}),
        ("a", {"a": ""}),
        ("a=&a", {"a": ","}),
        ("q=a+b%20c%2B", {"q": "a b c+"}),
        ("%C3%A9=%e2%82%ac&x=%7E%2a~*", {"é": "€", "x": "~*~*"}),
        ("&&=&a;b=1", {"": "", "a;b": "1"}),
    ],
)
def test_query(query: str, parameters: dict[str, str] | None) -> None:
    """rawQueryString is the query string as it was sent: order, repetition and encoding stay."""
    made = as_sent(event(), "/a", query)
    assert (made["rawQueryString"], made.get("queryStringParameters")) == (query, parameters)


@pytest.mark.parametrize(
    ("path", "raw"),
    [("/a%2Fb%20c", "/a%2Fb%20c"), ("/_aws/lambda-url/abc/x%20y", "/x%20y"), ("/_aws/lambda-url/abc", "/"), ("", "/")],
)
def test_path(path: str, raw: str) -> None:
    made = as_sent(event(), path, "")
    assert (made["rawPath"], made["requestContext"]["http"]["path"]) == (raw, raw)


def test_cookies() -> None:
    """Cookies are an array, and no header. Without any, there is no array."""
    made = as_sent(event(cookie="s=1; t=a b;; u", accept="*/*"), "/", "")
    assert (made["cookies"], made["headers"]) == (["s=1", "t=a b", "u"], {"accept": "*/*"})
    assert "cookies" not in as_sent(event(accept="*/*"), "/", "")


def test_sender() -> None:
    """Behind CloudFront, the sender is an address of CloudFront. A direct request has its own."""
    senders = [as_sent(event(**headers), "/", "")["requestContext"]["http"] for headers in ({"x-amz-cf-id": "x"}, {})]
    assert [http["sourceIp"] for http in senders] == [CLOUDFRONT_ADDRESS, "127.0.0.1"]
    assert senders[0]["method"] == "GET"


@given(st.text(st.characters(max_codepoint=255)), st.text(st.characters(max_codepoint=255)), st.text())
def test_any_target(path: str, query: str, cookie: str) -> None:
    made = as_sent(event(cookie=cookie), path, query)
    assert made["rawQueryString"] == query
    assert set(made.get("queryStringParameters", {})) == {name for name, _ in parse_qsl(query, keep_blank_values=True)}
