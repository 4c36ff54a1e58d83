import base64

import pytest

# The event type, the encoding, and the most bytes that a replaced body may have.
LIMITS = [
    ("viewer-request", "text", 40_960),
    ("viewer-request", "base64", 54_476),
    ("origin-request", "text", 1_048_576),
    ("origin-request", "base64", 1_394_606),
]
INCLUDED = {"inputTruncated": False, "action": "read-only", "encoding": "base64", "data": "YQ=="}


@pytest.mark.parametrize("event_type", ["viewer-request", "origin-request"])
@pytest.mark.parametrize("body", [None, INCLUDED])
def test_replaced(given, returned, broken, event_type, body):
    """A function may replace the body with text or base64, even if the event has no body."""
    event = given(event_type, body=body) if body else given(event_type)
    for replacement in (
        {"action": "replace", "encoding": "text", "data": "é"},
        {"action": "replace", "encoding": "base64", "data": "YWI="},
        {"action": "replace", "data": "YWI="},
        {"action": "replace", "data": ""},
    ):
        assert broken(event, returned(event, body=replacement)) == []


def test_left_as_it_is(given, returned, broken):
    """Without the action "replace", data and encoding may be anything: CloudFront ignores them."""
    event = given("viewer-request", body=INCLUDED)
    assert broken(event, returned(event)) == []
    assert broken(event, returned(event, body={**INCLUDED, "data": "not base64", "encoding": "?"})) == []
    assert broken(event, returned(event, body={"data": 1})) == []
    without = returned(event)
    del without["body"]
    assert broken(event, without) == []


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ("text", ("body", "body")),
        (None, ("body", "body")),
        ({"action": "Replace"}, ("body-action", "body.action")),
        ({"action": None}, ("body-action", "body.action")),
        ({"action": "replace", "encoding": "utf-8", "data": ""}, ("body-encoding", "body.encoding")),
        ({"action": "replace", "encoding": None, "data": ""}, ("body-encoding", "body.encoding")),
        ({"action": "replace", "encoding": "text", "data": {}}, ("body-data", "body.data")),
        ({"action": "replace", "encoding": "text"}, ("body-data", "body.data")),
        ({"action": "replace", "data": "plain text"}, ("body-base64", "body.data")),
        ({"action": "replace", "encoding": "base64", "data": "YQ"}, ("body-base64", "body.data")),
        ({"action": "replace", "encoding": "base64", "data": "YQ==\n"}, ("body-base64", "body.data")),
        ({"action": "replace", "encoding": "base64", "data": "_-8="}, ("body-base64", "body.data")),
        ({"action": "replace", "encoding": "base64", "data": "é==="}, ("body-base64", "body.data")),
    ],
)
def test_refused(given, returned, broken, body, refused):
    """A body is an object with a known action, a known encoding, and data in that encoding."""
    event = given("origin-request")
    assert broken(event, returned(event, body=body)) == [refused]


@pytest.mark.parametrize(("event_type", "encoding", "limit"), LIMITS)
def test_size(given, returned, broken, event_type, encoding, limit):
    """A replaced body is at most as long as its event type and encoding allow."""
    event = given(event_type)
    for size, is_too_long in ((limit // 4 * 4, False), (limit, False), (limit + 1, True)):
        body = {"action": "replace", "encoding": encoding, "data": "A" * size}
        refused = [("body-base64", "body.data")] if encoding == "base64" and size % 4 else []
        refused += [("body-size", "body.data")] if is_too_long else []
        assert broken(event, returned(event, body=body)) == refused


def test_size_counts_bytes(given, returned, broken):
    """The size of a text body is its number of bytes in UTF-8."""
    event = given("viewer-request")
    body = {"action": "replace", "encoding": "text", "data": "é" * 20_481}
    assert broken(event, returned(event, body=body)) == [("body-size", "body.data")]


def test_decoded_size_of_base64(given, returned, broken):
    """A body of 40 KB is accepted as text, but refused as base64: it then has more than 53.2 KB."""
    event = given("viewer-request")
    body = {"action": "replace", "data": base64.b64encode(bytes(40_960)).decode()}
    assert broken(event, returned(event, body=body)) == [("body-size", "body.data")]
