"""No bytes of a viewer, an origin or a function's configuration are a traceback."""

import asyncio
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cloudfront_local.distribution.behaviors import CacheBehavior, match
from cloudfront_local.distribution.cache.dates import unix_time
from cloudfront_local.distribution.policies import CachePolicy, OriginRequestPolicy, Selection

SOME, ALL = Selection("whitelist", frozenset({"a", "accept"})), Selection("all")
SELECTING = {
    "cache_policy": CachePolicy(0, 60, 100, gzip=True, brotli=True, headers=SOME, cookies=SOME, query_strings=SOME),
    "origin_request_policy": OriginRequestPolicy(Selection("allViewer"), ALL, ALL),
    "compress": True,
}
# Text with the characters that the grammars give a meaning, and numbers of any length.
TEXT = st.text() | st.text("=;,&%\"'*-/:\\ 0123456789abqWZ") | st.from_regex(r"[a-z-]*=?\d{0,30}-?\d{0,30}")
HUGE_YEAR = "Sat, 01 Jan 99999999999 00:00:00 GMT"
REQUEST_HEADERS = [
    "Accept-Encoding",
    "Authorization",
    "Content-Length",
    "Cookie",
    "Expect",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Range",
    "Origin",
    "Range",
    "Transfer-Encoding",
    "Via",
    "X-Forwarded-For",
]
RESPONSE_HEADERS = [
    "Age",
    "Cache-Control",
    "Content-Encoding",
    "Content-Type",
    "Date",
    "ETag",
    "Expires",
    "Last-Modified",
]


def headers(names: list[str]) -> st.SearchStrategy[list[tuple[str, str]]]:
    return st.lists(st.tuples(st.sampled_from(names), TEXT), max_size=6)


@given(
    path=TEXT,
    query=TEXT,
    asked=headers([*REQUEST_HEADERS, "Host"]),
    answered=headers([*RESPONSE_HEADERS, "Vary", "Set-Cookie", "Content-Length"]),
    method=st.sampled_from(["GET", "HEAD", "OPTIONS", "POST"]),
    status=st.sampled_from([200, 206, 302, 304, 404, 500]),
)
@example(path="x", query="", asked=[("Range", f"bytes={'9' * 5_000}-")], answered=[], method="GET", status=200)
@example(
    path="x",
    query="",
    asked=[("If-Modified-Since", HUGE_YEAR)],
    answered=[("Expires", HUGE_YEAR)],
    method="GET",
    status=200,
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # the fixture `edge` is a class
def test_any_request(edge, passes, path, query, asked, answered, method, status) -> None:
    """Any request and any answer of the origin lead to a response, first without and then with the cached object."""

    async def requests(at: Any) -> list[int]:
        return [(await at.get(f"/{path}?{query}", asked, method)).status for _ in range(2)]

    at = edge(functions=passes, **SELECTING)
    at.origin.reply(status, b"hello" * 300, answered)
    assert all(200 <= found < 600 for found in asyncio.run(requests(at)))


@given(TEXT)
def test_any_date(text: str) -> None:
    """Any text is a date or none."""
    assert unix_time(text) is None or isinstance(unix_time(text), float)


@given(TEXT, TEXT)
def test_any_path(pattern: str, uri: str) -> None:
    """Any path matches the default behavior, whatever the other patterns are."""
    policy = CachePolicy(0, 0, 0)
    assert match((CacheBehavior(pattern, "a", policy), CacheBehavior("*", "b", policy)), uri).origin_id in "ab"
