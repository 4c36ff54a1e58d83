import pytest

REQUESTS = ("viewer-request", "origin-request")


@pytest.mark.parametrize("event_type", REQUESTS)
@pytest.mark.parametrize("field", ["clientIp", "method"])
def test_read_only_field(given, returned, broken, event_type, field):
    """A function may not change or delete the method or the client's address."""
    event = given(event_type)
    without = returned(event)
    del without[field]
    assert broken(event, returned(event, **{field: "POST"})) == [("read-only-field", field)]
    assert broken(event, without) == [("read-only-field", field)]


@pytest.mark.parametrize("event_type", REQUESTS)
def test_uri_and_querystring_are_writable(given, returned, broken, event_type):
    """Request functions may change the path and the query."""
    event = given(event_type, uri="/a", querystring="b=1")
    assert broken(event, returned(event, uri="/é/~%20;=", querystring="é=%20+&?")) == []


@pytest.mark.parametrize(
    ("uri", "rules"),
    [
        ("index.html", ["uri"]),
        ("", ["uri"]),
        ("https://example.org/", ["uri"]),
        (None, ["uri"]),
        (1, ["uri"]),
        ("/a b", ["uri-character"]),
        ("/a?b=1", ["uri-character"]),
        ("/a#b", ["uri-character"]),
        ("/a\n", ["uri-character"]),
        ("/\x00", ["uri-character"]),
        ("/\x1f", ["uri-character"]),
        ("/\x7f", ["uri-character"]),
        ("a b", ["uri", "uri-character"]),
    ],
)
def test_uri(given, returned, broken, uri, rules):
    """A uri is a path that starts with a slash, without a query."""
    event = given("viewer-request")
    assert broken(event, returned(event, uri=uri)) == [(rule, "uri") for rule in rules]


@pytest.mark.parametrize(
    ("querystring", "rule"),
    [
        (None, "querystring"),
        ({"a": "1"}, "querystring"),
        ("a=b c", "querystring-character"),
        ("a=1#b", "querystring-character"),
        ("a=1\r", "querystring-character"),
        ("\x00", "querystring-character"),
        ("\x1f", "querystring-character"),
        ("\x7f", "querystring-character"),
    ],
)
def test_querystring(given, returned, broken, querystring, rule):
    """A query string has no spaces, control characters or #."""
    event = given("origin-request")
    assert broken(event, returned(event, querystring=querystring)) == [(rule, "querystring")]


@pytest.mark.parametrize("field", ["uri", "querystring"])
def test_missing(given, returned, broken, field):
    """A returned request has a uri and a query string; the query string may be empty."""
    event = given("viewer-request")
    result = returned(event)
    del result[field]
    assert broken(event, result) == [(field, field)]


def test_headers_missing(given, returned, broken):
    """A returned request has headers."""
    event = given("origin-request")
    result = returned(event)
    del result["headers"]
    assert broken(event, result) == [("headers", "headers")]


@pytest.mark.parametrize("querystring", ["", "q" * 91])
def test_url_length(given, returned, broken, querystring):
    """Uri and query string together have fewer than 8,192 characters."""
    event = given("viewer-request")
    longest = "/" + "é" * (8191 - len(querystring) - 1)
    assert broken(event, returned(event, uri=longest, querystring=querystring)) == []
    too_long = returned(event, uri=f"{longest}a", querystring=querystring)
    assert broken(event, too_long) == [("url-length", "uri")]


def test_no_querystring_in_the_event(given, broken):
    """A request without `querystring` may stay so: `sam local generate-event` makes such events."""
    event = given("viewer-request")
    del event["Records"][0]["cf"]["request"]["querystring"]
    request = event["Records"][0]["cf"]["request"]
    assert broken(event, request) == []
    assert broken(event, {**request, "querystring": 1}) == [("querystring", "querystring")]
