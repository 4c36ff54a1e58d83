import pytest

from cloudfront_local.rules import violations

LABEL = "a" * 63
LONGEST_CUSTOM = f"{LABEL}.{LABEL}.{LABEL}.{'a' * 61}"  # 253
LONGEST_S3 = f"{LABEL}.{LABEL}"  # 127
OAI = "origin-access-identity"

CUSTOM = [
    # the field, accepted values, refused values, the rule
    (
        "domainName",
        ["example.com", "EXAMPLE.com", "a", "xn--e1afmkfd.example", "_a.example", "1.2.3.example", LONGEST_CUSTOM],
        [
            "",
            None,
            1,
            f"{LONGEST_CUSTOM}a",
            f"{LABEL}a.example",
            "192.0.2.1",
            "::1",
            "example.com:443",
            "https://example.com",
            "example.com/a",
            "example..com",
            "-a.example",
            "a b.example",
            "example.com\n",
        ],
        "origin-domain-name",
    ),
    (
        "path",
        ["", "/a", "/a/b", "/%C3%A9", "/a~!$&'()*+,;=:@-._", "/" + "a" * 254],
        ["/", "a", "/a/", None],
        "origin-path",
    ),
    ("path", [], ["/" + "a" * 255, "/é", "/a b", "/%G0", "/%1", "/a?b", "/a#b"], "origin-custom-path"),
    ("port", [80, 443, 1024, 65535], [79, 81, 442, 444, 1023, 65536, 0, -1, "443", 443.0, True, None], "origin-port"),
    ("protocol", ["http", "https"], ["HTTP", "match-viewer", "", None, ["http"]], "origin-protocol"),
    ("keepaliveTimeout", [1, 120], [0, 121, "5", 5.0, True, None], "origin-keepalive-timeout"),
    (
        "sslProtocols",
        [["TLSv1.2"], ["TLSv1.1"], ["TLSv1"], ["SSLv3"], ["TLSv1.2", "TLSv1.1", "TLSv1", "SSLv3"]],
        [["TLSv1.3"], ["TLSv1.2", "TLSv1.3"], [], "TLSv1.2", None, [["TLSv1.2"]]],
        "origin-ssl-protocols",
    ),
]
S3 = [
    (
        "domainName",
        ["b.s3.amazonaws.com", LONGEST_S3, f"{LABEL}.{'a' * 62}.a"],
        ["", None, f"{LABEL}.{'a' * 62}.aa", "B.s3.amazonaws.com", "b.s3.amazonaws.com/a", "b.s3.amazonaws.com:443"],
        "origin-s3-domain-name",
    ),
    ("path", ["", "/a", "/é", "/" + "a" * 300], ["/", "a", "/a/", None, 1], "origin-path"),
    ("authMethod", ["none"], ["origin-access-control", "", None], "origin-auth-method"),
    ("region", ["", "eu-west-3"], [None, 1], "origin-region"),
]


def cases(kind, table):
    for field, passing, refused, rule in table:
        yield from ((kind, field, value, []) for value in passing)
        yield from ((kind, field, value, [(rule, f"origin.{kind}.{field}")]) for value in refused)


@pytest.fixture
def origins(custom_origin, s3_origin):
    return {"custom": custom_origin, "s3": s3_origin}


@pytest.mark.parametrize(("kind", "field", "value", "refused"), [*cases("custom", CUSTOM), *cases("s3", S3)])
def test_field(given, returned, broken, origins, kind, field, value, refused):
    """The rule for a field holds in the event's origin and in a new origin of the other kind."""
    other = "s3" if kind == "custom" else "custom"
    for configured in (kind, other):
        event = given("origin-request", origin={configured: origins[configured]})
        result = returned(event, origin={kind: {**origins[kind], field: value}})
        assert broken(event, result) == refused


@pytest.mark.parametrize("kind", ["custom", "s3"])
@pytest.mark.parametrize("value", [0, 121, "30", 30.0, True, None])
def test_read_timeout(given, returned, broken, origins, kind, value):
    """A read timeout is 1 to 120 whole seconds."""
    event = given("origin-request", origin={kind: origins[kind]})
    for passing in (1, 120):
        chosen = {**origins[kind], "readTimeout": passing, "responseCompletionTimeout": 0}
        assert broken(event, returned(event, origin={kind: chosen})) == []
    chosen = {**origins[kind], "readTimeout": value, "responseCompletionTimeout": 0}
    assert broken(event, returned(event, origin={kind: chosen})) == [
        ("origin-read-timeout", f"origin.{kind}.readTimeout")
    ]


@pytest.mark.parametrize("kind", ["custom", "s3"])
@pytest.mark.parametrize(
    ("timeouts", "passes"),
    [
        ({"readTimeout": 10, "responseCompletionTimeout": 10}, True),
        ({"readTimeout": 10, "responseCompletionTimeout": 9}, False),
        ({"readTimeout": 10, "responseCompletionTimeout": 0}, True),
        ({"readTimeout": 10, "responseCompletionTimeout": -1}, False),
        ({"readTimeout": 10, "responseCompletionTimeout": 100_000}, True),
        ({"readTimeout": 10, "responseCompletionTimeout": None}, False),
        ({"readTimeout": 10, "responseCompletionTimeout": 10.5}, False),
        ({"readTimeout": 10}, True),
    ],
)
def test_response_completion_timeout(given, returned, broken, origins, kind, timeouts, passes):
    """A response completion timeout is at least the read timeout. With 0, or left out, there is no limit."""
    event = given("origin-request", origin={kind: origins[kind]})
    del origins[kind]["responseCompletionTimeout"]
    field = f"origin.{kind}.responseCompletionTimeout"
    refused = [] if passes else [("origin-response-completion-timeout", field)]
    assert broken(event, returned(event, origin={kind: origins[kind] | timeouts})) == refused


def test_response_completion_timeout_beside_a_refused_read_timeout(given, returned, broken, custom_origin):
    """A read timeout that is not a number counts as 0."""
    event = given("origin-request")
    wrong = {**custom_origin, "readTimeout": "30"}
    refused = [("origin-read-timeout", "origin.custom.readTimeout")]
    assert broken(event, returned(event, origin={"custom": {**wrong, "responseCompletionTimeout": 1}})) == refused
    negative = {"custom": {**wrong, "responseCompletionTimeout": -1}}
    field = "origin.custom.responseCompletionTimeout"
    assert broken(event, returned(event, origin=negative)) == [*refused, ("origin-response-completion-timeout", field)]


def test_response_completion_timeout_of_an_origin_without_read_timeout(given, returned, broken, s3_origin):
    """If the read timeout is left out, the default of 30 seconds counts."""
    event = given("origin-request", origin={"s3": s3_origin})
    del s3_origin["readTimeout"]
    passing = {**s3_origin, "responseCompletionTimeout": 30}
    short = {**s3_origin, "responseCompletionTimeout": 29}
    assert broken(event, returned(event, origin={"s3": passing})) == []
    assert broken(event, returned(event, origin={"s3": short})) == [
        ("origin-response-completion-timeout", "origin.s3.responseCompletionTimeout")
    ]


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        *(("custom", f) for f in ("customHeaders", "domainName", "keepaliveTimeout", "path", "port", "protocol")),
        *(("custom", f) for f in ("readTimeout", "sslProtocols")),
        *(("s3", f) for f in ("authMethod", "customHeaders", "domainName", "path")),
    ],
)
def test_missing_field(given, returned, broken, origins, kind, field):
    """The event's origin and a new origin have all their fields. An older event's origin may have fewer."""
    other = "s3" if kind == "custom" else "custom"
    partial = {name: value for name, value in origins[kind].items() if name != field}
    for configured in (kind, other):
        event = given("origin-request", origin={configured: origins[configured]})
        assert broken(event, returned(event, origin={kind: partial})) == [("origin-field", f"origin.{kind}.{field}")]
    event = given("origin-request", origin={kind: partial})
    assert broken(event, returned(event)) == []


@pytest.mark.parametrize("field", ["readTimeout", "responseCompletionTimeout", "region"])
def test_optional_field_of_an_s3_origin(given, returned, broken, s3_origin, field):
    """An s3 origin needs no timeouts. It needs a region only with an origin access identity."""
    event = given("origin-request")
    del s3_origin[field]
    assert broken(event, returned(event, origin={"s3": s3_origin})) == []


def test_what_the_event_has_is_not_questioned(given, returned, broken, custom_origin):
    """A read timeout above the default quota may stay, even if the function changes another field."""
    raised = {**custom_origin, "readTimeout": 180, "responseCompletionTimeout": 600, "path": "/a/"}
    event = given("origin-request", origin={"custom": raised})
    assert broken(event, returned(event)) == []
    assert broken(event, returned(event, origin={"custom": {**raised, "domainName": "example.com"}})) == []


@pytest.mark.parametrize(
    ("origin", "field", "found"),
    [
        (None, "origin", "null"),
        ("example.org", "origin", "a string"),
        ({}, "origin", "an object"),
        ({"lambda": {}}, "origin", "an object"),
        ({"custom": {}, "s3": {}}, "origin", "custom and s3"),
        ({"custom": None}, "origin.custom", "null"),
        ({"s3": ["bucket"]}, "origin.s3", "an array"),
        ({"s3": 1.5}, "origin.s3", "a number"),
        ({"s3": True}, "origin.s3", "a boolean"),
    ],
)
def test_exactly_one(given, returned, origin, field, found):
    """A request has exactly one origin, either custom or s3."""
    event = given("origin-request")
    assert [(v.rule, v.field, v.found) for v in violations(event, returned(event, origin=origin))] == [
        ("one-origin", field, found)
    ]


def test_deleted(given, returned, broken):
    """A function may not delete the origin."""
    event = given("origin-request")
    result = returned(event)
    del result["origin"]
    assert broken(event, result) == [("one-origin", "origin")]


def test_event_without_origin(given, returned, broken, custom_origin):
    """A hand-written event may have no origin. The rules still apply to an origin that the function adds."""
    event = given("origin-request")
    del event["Records"][0]["cf"]["request"]["origin"]
    assert broken(event, returned(event)) == []
    assert broken(event, returned(event, origin={"custom": custom_origin})) == []
    refused = returned(event, origin={"custom": {**custom_origin, "port": 22}})
    assert broken(event, refused) == [("origin-port", "origin.custom.port")]


def test_at_viewer_request(given, returned, broken, custom_origin):
    """A viewer-request function may not choose an origin."""
    event = given("viewer-request")
    assert broken(event, returned(event, origin={"custom": custom_origin})) == [("origin-event", "origin")]


def test_access_identity(given, returned, broken, s3_origin):
    """A function may use an origin access identity only if the event's origin has one, and only with a region."""
    with_identity = {**s3_origin, "authMethod": OAI}
    event = given("origin-request", origin={"s3": with_identity})
    elsewhere = {**with_identity, "domainName": "other.s3.us-west-2.amazonaws.com", "region": "us-west-2"}
    assert broken(event, returned(event, origin={"s3": elsewhere})) == []
    region = [("origin-access-identity-region", "origin.s3.region")]
    assert broken(event, returned(event, origin={"s3": {**elsewhere, "region": ""}})) == region
    del elsewhere["region"]
    assert broken(event, returned(event, origin={"s3": elsewhere})) == region


@pytest.mark.parametrize("configured", ["custom", "s3"])
def test_access_identity_brought_along(given, returned, broken, origins, s3_origin, configured):
    """A function cannot replace an origin without an access identity by an origin with one."""
    event = given("origin-request", origin={configured: origins[configured]})
    result = returned(event, origin={"s3": {**s3_origin, "authMethod": OAI}})
    assert broken(event, result) == [("origin-access-identity", "origin.s3.authMethod")]
    assert broken(event, returned(event, origin={"s3": s3_origin})) == []


def test_host_need_not_match(given, returned, broken, custom_origin):
    """An origin-request function may change Host to any value: CloudFront does not compare it with the domain name."""
    event = given("origin-request", {"host": [{"key": "Host", "value": "example.org"}]})
    moved = {"custom": {**custom_origin, "domainName": "example.com"}}
    assert broken(event, returned(event, origin=moved)) == []
    assert broken(event, returned(event, origin=moved, headers={"host": [{"value": "example.com"}]})) == []
