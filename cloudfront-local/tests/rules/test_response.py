import base64

import pytest

REQUESTS = ("viewer-request", "origin-request")
# The most bytes of a generated response, headers and body together.
SIZES = [("viewer-request", 40_960), ("origin-request", 1_048_576), ("origin-response", 1_048_576)]


@pytest.mark.parametrize("event_type", REQUESTS)
@pytest.mark.parametrize("status", ["200", "204", "302", "599", 200, 404, 599])
def test_generated(given, broken, event_type, status):
    """A response needs only a status, which may be a string or a number."""
    assert broken(given(event_type), {"status": status}) == []


@pytest.mark.parametrize("event_type", [*REQUESTS, "origin-response"])
@pytest.mark.parametrize(
    "status", ["199", 199, "600", 600, "", "OK", "200 OK", "0200", " 200", "20", "٢٠٠", None, True, 200.0, [], -200]
)
def test_status(given, broken, event_type, status):
    """A status is 200 to 599."""
    assert broken(given(event_type), {"status": status}) == [("status", "status")]


def test_status_of_the_origin(given, returned, broken):
    """An origin-response function may change the status, or return the origin's status, even outside 200 to 599."""
    event = given("origin-response", status="999")
    assert broken(event, returned(event)) == []
    assert broken(event, returned(event, status=999)) == []
    assert broken(event, returned(event, status="404")) == []
    assert broken(event, returned(event, status="998")) == [("status", "status")]


def test_status_at_viewer_response(given, returned, broken):
    """A viewer-response function does not change the status."""
    event = given("viewer-response", status="200")
    assert broken(event, returned(event, status="200")) == broken(event, returned(event, status=200)) == []
    assert broken(event, returned(event, status="404")) == [("read-only-status", "status")]
    assert broken(event, returned(event, status=None)) == [("read-only-status", "status"), ("status", "status")]


def test_status_missing_in_the_event(given, broken):
    """A response needs a status even if the event's response has none."""
    event = given("origin-response")
    del event["Records"][0]["cf"]["response"]["status"]
    assert broken(event, {"status": "None"}) == [("status", "status")]


@pytest.mark.parametrize("description", [None, 200, "Found\r\nX-A: 1", "\x00"])
def test_status_description(given, broken, description):
    """A status description is a string without control characters."""
    event = given("viewer-request")
    assert broken(event, {"status": "302", "statusDescription": description}) == [
        ("status-description", "statusDescription")
    ]
    assert broken(event, {"status": "302", "statusDescription": "Trouvé"}) == []


@pytest.mark.parametrize("body", ["", "text", None])
@pytest.mark.parametrize("status", ["204", 204])
def test_no_content(given, broken, body, status):
    """A 204 generated at viewer-request has no `body`, not even an empty string."""
    found = broken(given("viewer-request"), {"status": status, "body": body})
    assert found[0] == ("no-content-body", "body")


@pytest.mark.parametrize("event_type", ["origin-request", "origin-response"])
def test_no_content_elsewhere(given, broken, event_type):
    """A 204 at an origin event may have a body."""
    assert broken(given(event_type), {"status": "204", "body": ""}) == []


@pytest.mark.parametrize("event_type", [*REQUESTS, "origin-response"])
@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"body": None}, [("response-body", "body")]),
        ({"body": {"a": 1}}, [("response-body", "body")]),
        ({"body": None, "bodyEncoding": "base64"}, [("response-body", "body")]),
        ({"body": "text", "bodyEncoding": "utf-8"}, [("body-encoding", "bodyEncoding")]),
        ({"body": "text", "bodyEncoding": None}, [("body-encoding", "bodyEncoding")]),
        ({"bodyEncoding": "gzip"}, [("body-encoding", "bodyEncoding")]),
        ({"body": "not base64", "bodyEncoding": "base64"}, [("body-base64", "body")]),
        ({"body": "not base64", "bodyEncoding": "text"}, []),
        ({"body": "not base64"}, []),
        ({"body": "YQ==", "bodyEncoding": "base64"}, []),
        ({"body": ""}, []),
    ],
)
def test_body(given, broken, event_type, fields, refused):
    """A body is a string: text, or base64 if `bodyEncoding` is base64."""
    assert broken(given(event_type), {"status": "200", **fields}) == refused


def test_body_at_viewer_response(given, returned, broken):
    """A viewer-response function may not set a body."""
    event = given("viewer-response")
    assert broken(event, returned(event, body="")) == [("viewer-response-body", "body")]


@pytest.mark.parametrize(("event_type", "limit"), SIZES)
def test_size(given, broken, event_type, limit):
    """A generated response is at most as large as its event type allows."""
    longest = {"status": "200", "body": "a" * limit}
    too_long = {"status": "200", "body": "a" * (limit + 1)}
    assert broken(given(event_type), longest) == []
    assert broken(given(event_type), too_long) == [("response-size", "body")]


@pytest.mark.parametrize(
    ("headers", "size"),
    [
        ({}, 0),
        ({"x-a": [{"value": "12"}]}, 5),
        ({"x-a": [{"key": "X-A", "value": "12"}, {"value": "é"}]}, 10),
        ({"x-a": [{"value": ""}], "age": [{"value": "1"}]}, 7),
    ],
)
def test_size_counts_headers(given, broken, headers, size):
    """The size of a response counts the header's name with each value, in bytes of UTF-8."""
    event = given("viewer-request")
    result = {"status": "200", "headers": headers, "body": "é" * 100 + "a" * (40_760 - size)}
    assert broken(event, result) == []
    result["body"] += "a"
    assert broken(event, result) == [("response-size", "body")]


def test_size_of_what_has_no_size(given, broken):
    """A value that is not a string breaks the rule for values and does not count towards the size."""
    result = {"status": "200", "headers": {"age": [{"value": 1}]}, "body": "a" * 40_960}
    assert broken(given("viewer-request"), result) == [("header-value", "headers.age[0]")]


def test_size_without_body(given, broken):
    """A response without a body may be too large by its headers."""
    headers = {"x-a": [{"value": "a" * 40_957}]}
    assert broken(given("viewer-request"), {"status": "200", "headers": headers}) == []
    headers["x-a"][0]["value"] += "a"
    assert broken(given("viewer-request"), {"status": "200", "headers": headers}) == [("response-size", "body")]


def test_size_of_base64(given, broken):
    """A base64 body counts as encoded."""
    body = base64.b64encode(bytes(30_720)).decode()
    assert len(body) == 40_960
    result = {"status": "200", "body": body, "bodyEncoding": "base64"}
    assert broken(given("viewer-request"), result) == []
    assert broken(given("viewer-request"), {**result, "headers": {"a": [{"value": ""}]}}) == [("response-size", "body")]


def test_origin_body_is_kept(given, returned, broken):
    """A function that sets no body keeps the origin's body, which may have any size."""
    event = given("origin-response", {"x-a": [{"value": "a" * 1_048_576}]})
    assert broken(event, returned(event)) == []
    assert broken(event, returned(event, body="")) == [("response-size", "body")]


def test_headers_are_optional(given, broken):
    """A response may have no headers, unless the event has a read-only header."""
    assert broken(given("origin-response"), {"status": "200"}) == []
    event = given("origin-response", {"transfer-encoding": [{"value": "chunked"}]})
    assert broken(event, {"status": "200"}) == [("read-only-header", "headers.transfer-encoding")]
