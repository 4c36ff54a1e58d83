import pytest

EVENTS = ("viewer-request", "origin-request", "origin-response", "viewer-response")

DISALLOWED = (
    "client-cert",
    "client-cert-chain",
    "cloudfront-viewer-cert-pem",
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "trailer",
    "upgrade",
    "x-accel-buffering",
    "x-accel-charset",
    "x-accel-limit-rate",
    "x-accel-redirect",
    "x-amz-cf-id",
    "x-amz-cf-pop",
    "x-amzn-auth",
    "x-amzn-cf-billing",
    "x-amzn-cf-id",
    "x-amzn-cf-xff",
    "x-amzn-errortype",
    "x-amzn-fle-profile",
    "x-amzn-header-count",
    "x-amzn-header-order",
    "x-amzn-lambda-integration-tag",
    "x-amzn-requestid",
    "x-cache",
    "x-edge-location",
    "x-edge-result-type",
    "x-forwarded-proto",
    "x-real-ip",
)
READ_ONLY = {
    "viewer-request": ("cdn-loop", "content-length", "host", "transfer-encoding", "via"),
    "origin-request": (
        "accept-encoding",
        "cdn-loop",
        "content-length",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "transfer-encoding",
        "via",
    ),
    "origin-response": ("transfer-encoding", "via"),
    "viewer-response": ("content-encoding", "content-length", "transfer-encoding", "via", "warning"),
}
READ_ONLY_PAIRS = [(event_type, name) for event_type, names in READ_ONLY.items() for name in names]
GENERATED_READ_ONLY_PAIRS = [pair for pair in READ_ONLY_PAIRS if pair[0].endswith("-request")]

# Names that CloudFront once refused, names that resemble refused ones, and names that it refuses at other events only.
ALLOWED = (
    "accept",
    "accept-charset",
    "accept-language",
    "authorization",
    "cloudfront-is-mobile-viewer",
    "cookie",
    "range",
    "referer",
    "set-cookie",
    "te",
    "x-amz-cf",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-security-token",
    "x-amzn-trace-id",
    "x-cached",
    "x-edge",
    "x-forwarded-for",
)


@pytest.mark.parametrize("event_type", EVENTS)
@pytest.mark.parametrize("name", DISALLOWED)
def test_disallowed_header_added(given, returned, broken, event_type, name):
    """No function may add a disallowed header."""
    event = given(event_type)
    result = returned(event, headers={name: [{"value": "1"}]})
    assert broken(event, result) == [("disallowed-header", f"headers.{name}")]


@pytest.mark.parametrize("event_type", ("viewer-request", "origin-request"))
@pytest.mark.parametrize("name", DISALLOWED)
def test_disallowed_header_in_a_generated_response(given, broken, event_type, name):
    """No function may add a disallowed header to a response that it generates."""
    result = {"status": "200", "headers": {name: [{"value": "1"}]}}
    assert broken(given(event_type), result) == [("disallowed-header", f"headers.{name}")]


@pytest.mark.parametrize("event_type", EVENTS)
@pytest.mark.parametrize("name", ALLOWED)
def test_other_headers_are_free(given, returned, broken, event_type, name):
    """A function may add, change and delete any other header, even where older versions of the guide forbid it."""
    without, with_it = given(event_type), given(event_type, {name: [{"value": "1"}]})
    assert broken(without, returned(with_it)) == []
    assert broken(with_it, returned(with_it, headers={name: [{"value": "2"}]})) == []
    assert broken(with_it, returned(without)) == []


def test_disallowed_header_of_the_event_may_stay(given, returned, broken):
    """A function may keep or delete a disallowed header that the event has, but may not change it."""
    event = given("origin-response", {"connection": [{"value": "close"}]})
    assert broken(event, returned(event)) == []
    assert broken(event, returned(event, headers={})) == []
    changed = returned(event, headers={"connection": [{"value": "keep-alive"}]})
    assert broken(event, changed) == [("disallowed-header", "headers.connection")]


def test_viewer_country_at_viewer_request(given, returned, broken):
    """A viewer-request function may not add CloudFront-Viewer-Country to a request or a response."""
    country = {"cloudfront-viewer-country": [{"value": "FR"}]}
    refused = [("viewer-country-header", "headers.cloudfront-viewer-country")]
    event = given("viewer-request")
    assert broken(event, returned(event, headers=country)) == refused
    assert broken(event, {"status": "200", "headers": country}) == refused
    sent_by_the_viewer = given("viewer-request", country)
    assert broken(sent_by_the_viewer, returned(sent_by_the_viewer)) == []


@pytest.mark.parametrize("event_type", EVENTS[1:])
def test_viewer_country_elsewhere(given, returned, broken, event_type):
    """Functions at the other events may add CloudFront-Viewer-Country."""
    event = given(event_type)
    assert broken(event, returned(event, headers={"cloudfront-viewer-country": [{"value": "FR"}]})) == []


@pytest.mark.parametrize(("event_type", "name"), READ_ONLY_PAIRS)
def test_read_only_header(given, returned, broken, event_type, name):
    """A function may keep a read-only header, but may not add, change or delete it."""
    without, with_it = given(event_type), given(event_type, {name: [{"value": "1"}]})
    refused = [("read-only-header", f"headers.{name}")]
    assert broken(with_it, returned(with_it)) == []
    assert broken(without, returned(with_it)) == refused
    assert broken(with_it, returned(without)) == refused
    assert broken(with_it, returned(with_it, headers={name: [{"value": "2"}]})) == refused
    assert broken(with_it, returned(with_it, headers={name: [{"value": "1"}, {"value": "1"}]})) == refused


@pytest.mark.parametrize("event_type", EVENTS)
def test_read_only_elsewhere(given, returned, broken, event_type):
    """A function may change a header that is read-only at other events only."""
    names = {name for other in READ_ONLY.values() for name in other} - set(READ_ONLY[event_type])
    headers = {name: [{"value": "1"}] for name in names}
    without, with_it = given(event_type), given(event_type, headers)
    assert broken(without, returned(with_it)) == broken(with_it, returned(without)) == []


@pytest.mark.parametrize(("event_type", "name"), GENERATED_READ_ONLY_PAIRS)
def test_read_only_header_in_a_generated_response(given, broken, event_type, name):
    """A read-only header in a generated response counts as added, even if the request has it."""
    event = given(event_type, {name: [{"value": "1"}]})
    result = {"status": "200", "headers": {name: [{"value": "1"}]}}
    assert broken(event, result) == [("read-only-header", f"headers.{name}")]
    assert broken(event, {"status": "200"}) == []


def test_read_only_header_in_another_spelling(given, returned, broken):
    """The rules recognize a header's name in upper case, too."""
    event = given("viewer-request", {"host": [{"key": "Host", "value": "example.org"}]})
    headers = {"Host": [{"value": "example.com"}], "X-Cache": [{"value": "Hit"}]}
    assert broken(event, returned(event, headers=headers)) == [
        ("header-name", "headers.Host"),
        ("header-name", "headers.X-Cache"),
        ("disallowed-header", "headers.X-Cache".lower()),
        ("read-only-header", "headers.host"),
    ]


def test_spelling_of_the_key_is_no_change(given, returned, broken):
    """A function may change the `key` of a read-only header, but not its value."""
    event = given("viewer-request", {"host": [{"key": "Host", "value": "example.org"}]})
    assert broken(event, returned(event, headers={"host": [{"value": "example.org"}]})) == []


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ([], ("headers", "headers")),
        ("age: 1", ("headers", "headers")),
        (None, ("headers", "headers")),
        ({"age": "1"}, ("header-array", "headers.age")),
        ({"age": {"value": "1"}}, ("header-array", "headers.age")),
        ({"age": None}, ("header-array", "headers.age")),
        ({"age": []}, ("header-empty", "headers.age")),
        ({"age": ["1"]}, ("header-value", "headers.age[0]")),
        ({"age": [{"value": "1"}, {"value": 1}]}, ("header-value", "headers.age[1]")),
        ({"age": [{"value": ["1"]}]}, ("header-value", "headers.age[0]")),
        ({"age": [{"key": "Age"}]}, ("header-value", "headers.age[0]")),
        ({"age": [{"key": None, "value": "1"}]}, ("header-key", "headers.age[0].key")),
        ({"Age": [{"value": "1"}]}, ("header-name", "headers.Age")),
        ({"": [{"value": "1"}]}, ("header-name", 'headers.""')),
        ({"a b": [{"value": "1"}]}, ("header-name", 'headers."a b"')),
        ({"a\n": [{"value": "1"}]}, ("header-name", 'headers."a\\n"')),
        ({"é": [{"value": "1"}]}, ("header-name", 'headers."\\u00e9"')),
    ],
)
def test_shape(given, returned, broken, headers, refused):
    """Headers are an object of arrays of {key, value}, under names in lower case."""
    event = given("origin-response")
    assert broken(event, returned(event, headers=headers)) == [refused]


@pytest.mark.parametrize(
    "entries",
    [
        [{"value": "1"}],
        [{"key": "X-Name", "value": ""}],
        [{"key": "x-NAME", "value": "a, b"}, {"value": "c"}],
        [{"key": "X-Amz-Meta-Last-Modified", "value": "2016-01-01"}],  # as in an example of the guide
        [{"value": "tab\tand é and €"}],
    ],
)
def test_proper_shape(given, returned, broken, entries):
    """A key may be left out, or be in upper or lower case. Values may repeat, and may be any text."""
    event = given("viewer-response")
    assert broken(event, returned(event, headers={"x-name": entries})) == []


def test_name(given, returned, broken):
    """A name consists of the characters that RFC 9110 allows, in lower case."""
    event = given("viewer-response")
    assert broken(event, returned(event, headers={"!#$%&'*+-.^_`|~09az": [{"value": "1"}]})) == []
    for character in '"(),/:;<=>?@[\\]{} \t\x7fA\u0101':
        found = broken(event, returned(event, headers={f"a{character}": [{"value": "1"}]}))
        assert [rule for rule, _ in found] == ["header-name"]


@pytest.mark.parametrize("character", [chr(code) for code in (*range(9), *range(10, 32), 127)])
def test_control_character(given, broken, character):
    """A value has no control character except the tab: a line break would split the response."""
    result = {"status": "302", "headers": {"location": [{"value": f"/{character}"}]}}
    assert broken(given("viewer-request"), result) == [("header-character", "headers.location[0].value")]


@pytest.mark.parametrize("headers", [None, [], "none"])
def test_event_without_headers(given, returned, broken, headers):
    """If a hand-written event has no headers, each header of the result counts as added."""
    for event_type in ("viewer-request", "origin-response"):
        event = given(event_type)
        part = event["Records"][0]["cf"]["request" if event_type == "viewer-request" else "response"]
        part["headers"] = headers
        result = returned(event, headers={"via": [{"value": "1"}], "age": "1"})
        assert broken(event, result) == [("header-array", "headers.age"), ("read-only-header", "headers.via")]


def test_what_the_event_has_is_not_questioned(given, returned, broken):
    """A header of the wrong shape is no violation if the event has the same header."""
    event = given("viewer-request", {"X-Odd": [{"key": "other", "value": "\x01"}], "x-none": []})
    assert broken(event, returned(event)) == []
