import pytest

DENIED = (
    "cache-control",
    "connection",
    "content-length",
    "cookie",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "max-forwards",
    "pragma",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "range",
    "request-range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "x-amz-cf-id",
    "x-amz-date",
    "x-edge-location",
    "x-real-ip",
)
# A distribution may add these as custom headers, but functions may not.
DISALLOWED = ("expect", "keep-alive", "x-accel-redirect", "x-amzn-requestid", "x-cache", "x-forwarded-proto")


@pytest.fixture(params=["custom", "s3"])
def custom_headers(request, given, returned, broken, custom_origin, s3_origin):
    """The violations of custom headers in an origin of either kind, without the beginning of the field's name."""
    kind = request.param
    configured = {"custom": custom_origin, "s3": s3_origin}[kind]

    def check(custom_headers, headers=None, *, before=None, headers_before=None):
        origin = {kind: {**configured, "customHeaders": {} if before is None else before}}
        event = given("origin-request", headers_before or {}, origin=origin)
        chosen = {kind: {**configured, "customHeaders": custom_headers}}
        found = broken(event, returned(event, origin=chosen, headers=headers or {}))
        return [(rule, field.removeprefix(f"origin.{kind}.customHeaders").removeprefix(".")) for rule, field in found]

    return check


@pytest.mark.parametrize("name", DENIED)
def test_denied(custom_headers, name):
    """A function cannot add a custom header that CloudFront refuses in a distribution."""
    assert custom_headers({name: [{"value": "1"}]}) == [("custom-header-denied", name)]


@pytest.mark.parametrize("name", DISALLOWED)
def test_disallowed(custom_headers, name):
    """A function cannot add a custom header that functions may not add as a request header."""
    assert custom_headers({name: [{"value": "1"}]}) == [("custom-header-disallowed", name)]


@pytest.mark.parametrize("name", ["authorization", "origin", "user-agent", "x-amz", "x-amzn-trace-id", "x-api-key"])
def test_allowed(custom_headers, name):
    """A function can add any other header as a custom header."""
    assert custom_headers({name: [{"key": name.title(), "value": "1"}]}) == []


@pytest.mark.parametrize(("name", "rule"), [("via", "custom-header-denied"), ("x-cache", "custom-header-disallowed")])
def test_what_the_event_has_is_not_questioned(custom_headers, name, rule):
    """The distribution's own custom headers may stay, even if the function adds or changes another one."""
    before = {name: [{"value": "1"}], "x-a": [{"value": "1"}]}
    assert custom_headers(before, before=before) == []
    assert custom_headers({**before, "x-b": [{"value": "1"}]}, before=before) == []
    assert custom_headers({}, before=before) == []
    assert custom_headers({name: [{"value": "2"}]}, before=before) == [(rule, name)]


def test_quota_of_the_event_is_not_questioned(custom_headers):
    """A distribution with more headers than the quota is accepted as long as the function changes none of them."""
    before = {f"x-{number}": [{"value": "1"}] for number in range(31)}
    assert custom_headers(before, before=before) == []
    assert custom_headers({**before, "x-0": [{"value": "2"}]}, before=before) == [("custom-header-count", "")]


def test_count(custom_headers):
    """An origin has at most 30 custom headers, and each value counts as one."""
    headers = {f"x-{number}": [{"value": "1"}] for number in range(30)}
    assert custom_headers(headers) == []
    assert custom_headers({**headers, "x-31": [{"value": "1"}]}) == [("custom-header-count", "")]
    assert custom_headers({**headers, "x-0": [{"value": "1"}, {"value": "2"}]}) == [("custom-header-count", "")]


def test_name_length(custom_headers):
    """A name has at most 256 characters."""
    name = "x" * 256
    assert custom_headers({name: [{"value": "1"}]}) == []
    shown = f'"{"x" * 56}...'
    assert custom_headers({f"{name}x": [{"value": "1"}]}) == [("custom-header-name-length", shown)]


def test_value_length(custom_headers):
    """A value has at most 1,783 characters."""
    value = "é" * 1783
    assert custom_headers({"x-a": [{"value": value}]}) == []
    assert custom_headers({"x-a": [{"value": f"{value}1"}]}) == [("custom-header-value-length", "x-a")]


def test_total(custom_headers):
    """Names and values together have at most 10,240 characters."""
    headers = {f"x-{number}": [{"value": "1" * 1700}] for number in range(6)}  # 6 x 1,703 = 10,218
    assert custom_headers({**headers, "x-6": [{"value": "1" * 19}]}) == []
    assert custom_headers({**headers, "x-6": [{"value": "1" * 20}]}) == [("custom-headers-total", "")]


def test_collision(custom_headers):
    """The same name cannot be a custom header and a request header."""
    one = {"x-a": [{"value": "1"}]}
    assert custom_headers(one, {"X-A": [{"value": "1"}]}, headers_before={"X-A": [{"value": "1"}]}) == [
        ("custom-header-collision", "x-a")
    ]
    assert custom_headers(one, one) == [("custom-header-collision", "x-a")]
    assert custom_headers(one, one, before=one) == [("custom-header-collision", "x-a")]
    assert custom_headers(one, {"x-b": [{"value": "1"}]}) == []


def test_collision_that_the_viewer_brought(custom_headers):
    """A viewer that sends one of the distribution's custom headers does not make the function fail."""
    one = {"x-a": [{"value": "1"}]}
    assert custom_headers(one, one, before=one, headers_before=one) == []


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        (None, ("headers", "")),
        ([], ("headers", "")),
        ({"x-a": "1"}, ("header-array", "x-a")),
        ({"x-a": [{"value": 1}]}, ("header-value", "x-a[0]")),
        ({"x-a": [{"key": 1, "value": "1"}]}, ("header-key", "x-a[0].key")),
        ({"X-A": [{"value": "1"}]}, ("header-name", "X-A")),
        ({"x-a": [{"value": "\n"}]}, ("header-character", "x-a[0].value")),
    ],
)
def test_shape(custom_headers, headers, refused):
    """Custom headers have the same shape as the headers of a request."""
    assert custom_headers(headers) == [refused]
