"""Generated events and results: properties that hold for all of them."""

import base64
import bisect
import copy
import json

from hypothesis import assume
from hypothesis import given as for_every
from hypothesis import strategies as st

from cloudfront_local.rules import RULES, violations

EVENTS = ("viewer-request", "origin-request", "origin-response", "viewer-response")
READ_ONLY_SOMEWHERE = ["accept-encoding", "content-length", "host", "if-none-match", "via", "warning"]
FREE = ["accept", "authorization", "content-type", "location", "set-cookie", "x-amz-date", "x-forwarded-for"]
CUSTOM = ["authorization", "x-api-key", "x-amzn-trace-id", "user-agent"]

# ── Events, and results that break no rule ────────────────────────────────────────────────────────────────────────────

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
base64_texts = st.binary(max_size=30).map(lambda data: base64.b64encode(data).decode())


def headers(names):
    """Well-formed headers of these names."""

    def entries(name):
        item = st.fixed_dictionaries({"value": texts}, optional={"key": st.sampled_from([name, name.title()])})
        return st.lists(item, min_size=1, max_size=3)

    return st.fixed_dictionaries({}, optional={name: entries(name) for name in names})


def statuses():
    numbers = st.integers(200, 599)
    return numbers | numbers.map(str)


timeouts = st.integers(1, 120)
completion_timeouts = st.just(0) | st.integers(120, 100_000)
origin_paths = st.lists(st.text("abc-_~", min_size=1), max_size=3).map(lambda parts: "".join(f"/{p}" for p in parts))
custom_origins = st.fixed_dictionaries(
    {
        "customHeaders": headers(CUSTOM),
        "domainName": st.sampled_from(["example.org", "Origin.Example.com", "a.b.c.d.example"]),
        "keepaliveTimeout": timeouts,
        "path": origin_paths,
        "port": st.sampled_from([80, 443]) | st.integers(1024, 65535),
        "protocol": st.sampled_from(["http", "https"]),
        "readTimeout": timeouts,
        "sslProtocols": st.lists(st.sampled_from(["TLSv1.2", "TLSv1.1", "TLSv1", "SSLv3"]), min_size=1),
    },
    optional={"responseCompletionTimeout": completion_timeouts},
)
s3_origins = st.fixed_dictionaries(
    {
        "authMethod": st.just("none"),
        "customHeaders": headers(CUSTOM),
        "domainName": st.sampled_from(["bucket.s3.amazonaws.com", "a-b.s3.eu-west-1.amazonaws.com"]),
        "path": origin_paths,
    },
    optional={
        "readTimeout": timeouts,
        "region": st.sampled_from(["", "eu-west-1"]),
        "responseCompletionTimeout": completion_timeouts,
    },
)
origins = st.fixed_dictionaries({"custom": custom_origins}) | st.fixed_dictionaries({"s3": s3_origins})
bodies = st.one_of(
    st.fixed_dictionaries({"action": st.just("replace"), "encoding": st.just("text"), "data": texts}),
    st.fixed_dictionaries(
        {"action": st.just("replace"), "data": base64_texts}, optional={"encoding": st.just("base64")}
    ),
    st.fixed_dictionaries({"action": st.just("read-only")}, optional={"data": texts, "encoding": texts}),
)
requests = st.fixed_dictionaries(
    {
        "clientIp": st.just("2001:db8::1"),
        "headers": headers(READ_ONLY_SOMEWHERE + FREE),
        "method": st.sampled_from(["GET", "POST"]),
        "querystring": st.text("aZ0-._~!$&'()*+,;=:@/%?é"),
        "uri": st.text("aZ0-._~!$&'()*+,;=:@/%é").map(lambda path: f"/{path}"),
    }
)
responses = st.fixed_dictionaries(
    {"status": statuses(), "headers": headers(READ_ONLY_SOMEWHERE + FREE)}, optional={"statusDescription": texts}
)
generated_bodies = st.fixed_dictionaries({}, optional={"body": texts, "bodyEncoding": st.just("text")}) | (
    st.fixed_dictionaries({"body": base64_texts, "bodyEncoding": st.just("base64")})
)


def event_of(event_type, subject):
    part = "request" if event_type.endswith("-request") else "response"
    return {"Records": [{"cf": {"config": {"eventType": event_type}, part: subject}}]}


def rewritten(subject, new_headers):
    """`subject` with other values for the headers that may change. The read-only headers stay as they are."""
    kept = {name: entries for name, entries in subject["headers"].items() if name in READ_ONLY_SOMEWHERE}
    return {**copy.deepcopy(subject), "headers": kept | new_headers}


@for_every(st.data(), requests, headers(FREE))
def test_valid_viewer_request(data, request, new_headers):
    """A viewer-request function may rewrite path, query, free headers and body."""
    writable = data.draw(requests)
    result = rewritten(request, new_headers) | {name: writable[name] for name in ("uri", "querystring")}
    result |= data.draw(st.fixed_dictionaries({}, optional={"body": bodies}))
    assert violations(event_of("viewer-request", request), result) == []


@for_every(st.data(), requests, origins, headers(FREE))
def test_valid_origin_request(data, request, origin, new_headers):
    """An origin-request function may also choose any origin whose custom headers are not in the request."""
    request["origin"] = origin
    chosen = data.draw(st.just(origin) | origins)
    result = {**rewritten(request, new_headers), "origin": copy.deepcopy(chosen)}
    result |= data.draw(st.fixed_dictionaries({}, optional={"body": bodies}))
    (kind,) = chosen
    assume(not chosen[kind]["customHeaders"].keys() & result["headers"].keys())
    assert violations(event_of("origin-request", request), result) == []


@for_every(st.sampled_from(EVENTS[:2]), requests, responses, headers(FREE), generated_bodies)
def test_valid_generated_response(event_type, request, response, new_headers, body):
    """A request function may answer with any status, free headers and a body."""
    assume(str(response["status"]) != "204" or "body" not in body)
    result = {**response, "headers": new_headers, **body}
    assert violations(event_of(event_type, request), result) == []


@for_every(responses, statuses(), headers(FREE), generated_bodies)
def test_valid_origin_response(response, status, new_headers, body):
    """An origin-response function may change status, free headers and body."""
    result = {**rewritten(response, new_headers), "status": status, **body}
    assert violations(event_of("origin-response", response), result) == []


@for_every(responses, headers(FREE))
def test_valid_viewer_response(response, new_headers):
    """A viewer-response function may change free headers."""
    assert violations(event_of("viewer-response", response), rewritten(response, new_headers)) == []


# ── Arbitrary values ──────────────────────────────────────────────────────────────────────────────────────────────────


class Hostile(dict):
    """An object that raises in every operation."""

    def __init__(self):
        super().__init__(a=1)

    def items(self):
        raise ZeroDivisionError

    __iter__ = __len__ = __bool__ = __eq__ = __repr__ = __getitem__ = items
    __hash__ = None


KEYS = [
    *("Records", "cf", "config", "eventType", "request", "response", "method", "clientIp", "uri", "querystring"),
    *("headers", "host", "via", "x-cache", "key", "value", "body", "action", "encoding", "data", "status"),
    *("statusDescription", "bodyEncoding", "origin", "custom", "s3", "customHeaders", "domainName", "path", "port"),
    *("protocol", "readTimeout", "keepaliveTimeout", "responseCompletionTimeout", "sslProtocols", "authMethod"),
    *("region", "x-edge-a", "cookie", "X-Odd\n"),
]
WORDS = ["", "/", "replace", "read-only", "base64", "text", "204", "https", "origin-access-identity", "YQ==", "\ud800"]
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(WORDS)
keys = st.sampled_from(KEYS) | st.text(max_size=3)
json_values = st.recursive(
    scalars, lambda values: st.lists(values, max_size=3) | st.dictionaries(keys, values, max_size=6), max_leaves=20
)
objects = st.recursive(
    scalars | st.binary(max_size=3) | st.builds(object) | st.builds(Hostile) | st.just({1, 2}) | st.complex_numbers(),
    lambda values: (
        st.lists(values, max_size=3)
        | st.tuples(values, values)
        | st.dictionaries(keys | st.integers() | st.binary(max_size=2), values, max_size=6)
    ),
    max_leaves=20,
)


def fields(values):
    """Requests and responses with arbitrary values in the fields that rules read."""
    entries = st.dictionaries(keys, st.lists(st.fixed_dictionaries({}, optional={"key": values, "value": values})))
    headers = entries | values
    origin = st.fixed_dictionaries(
        {}, optional={name: values for name in KEYS if name != "customHeaders"} | {"customHeaders": headers}
    )
    return st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(("uri", "querystring", "method", "status", "statusDescription"), values)
        | dict.fromkeys(("bodyEncoding", "clientIp"), values)
        | {
            "headers": headers,
            "body": st.fixed_dictionaries({"action": st.just("replace")}, optional={"data": values, "encoding": values})
            | values,
            "origin": st.fixed_dictionaries({}, optional={"custom": origin | values, "s3": origin | values}) | values,
        },
    )


def same(one, other):
    """Whether two values have the same JSON. NaN equals NaN here, and 1 does not equal true."""
    return json.dumps(one) == json.dumps(other)


@for_every(st.sampled_from(EVENTS), fields(json_values), fields(json_values) | json_values)
def test_any_json(event_type, subject, result):
    """Any JSON value gets a list of violations, each one line with a known rule. Nothing is raised or changed."""
    event = event_of(event_type, subject)
    before = copy.deepcopy((event, result))
    for violation in violations(event, result):
        assert violation.rule in RULES
        assert len(str(violation).splitlines()) == 1
    assert same((event, result), before)


@for_every(json_values | objects, json_values | objects)
def test_any_event(event, result):
    """Any event and any result get a list of violations."""
    assert all(violation.rule in RULES for violation in violations(event, result))


@for_every(st.sampled_from(EVENTS), fields(objects))
def test_any_object(event_type, result):
    """A result with any object in the place of a value gets a list of violations."""
    subject = {"headers": {}, "status": "200"}
    assert all(violation.rule in RULES for violation in violations(event_of(event_type, subject), result))


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


def is_readable(depth):
    try:
        json.loads(json.dumps(nested(depth)))
    except RecursionError:
        return False
    return True


def test_any_depth():
    """A result of any depth gets a list of violations, even at the depth that json can only just parse."""
    deepest = bisect.bisect(range(200_000), False, key=lambda depth: not is_readable(depth)) - 1
    for depth in range(deepest - 12, deepest + 2):
        event = event_of("viewer-request", {"headers": {"x-a": nested(depth)}})
        result = {"status": nested(depth), "headers": {"x-a": nested(depth)}, "body": nested(depth)}
        assert violations(event, result)
