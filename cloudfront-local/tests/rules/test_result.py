import copy
import decimal
import enum
import http

import pytest

from cloudfront_local.rules import RULES, Violation, violations

EVENTS = ("viewer-request", "origin-request", "origin-response", "viewer-response")


class Unreadable(dict):
    """An object that raises an exception of its own when its contents are read."""

    def items(self):
        raise KeyError({})


class Word(enum.StrEnum):
    FOUND = "302"


@pytest.mark.parametrize("event_type", EVENTS)
def test_unchanged(given, returned, broken, event_type):
    """A function may return the event's request or response unchanged."""
    event = given(event_type, {"via": [{"key": "Via", "value": "1.1 example"}]})
    assert broken(event, returned(event)) == []


@pytest.mark.parametrize("event_type", EVENTS)
@pytest.mark.parametrize("result", [None, "", "200", 200, 1.5, True, [], [{"status": "200"}]])
def test_not_an_object(given, broken, event_type, result):
    """A result is an object. A function that returns nothing does not pass the request or response on."""
    assert broken(given(event_type), result) == [("not-an-object", "result")]


@pytest.mark.parametrize("event_type", EVENTS)
def test_neither_request_nor_response(given, broken, event_type):
    """Neither the whole event nor an empty object is a request or a response."""
    event = given(event_type)
    for result in (event, {}, {"Records": []}, {"body": ""}):
        assert broken(event, result) == [("request-or-response", "result")]


@pytest.mark.parametrize(
    ("result", "found"),
    [
        ({"Records": []}, "the whole event"),
        ({"uri": "/"}, "a request"),
        ({"headers": {}}, "neither a request nor a response"),
    ],
)
def test_what_it_is_instead(given, result, found):
    """A violation says what the result looks like."""
    assert [violation.found for violation in violations(given("viewer-response"), result)] == [found]


@pytest.mark.parametrize("event_type", ["origin-response", "viewer-response"])
def test_request_from_a_response_event(given, broken, event_type):
    """A function at a response event returns a response."""
    event = given(event_type)
    assert broken(event, event["Records"][0]["cf"]["request"]) == [("request-or-response", "result")]
    assert broken(event, {"headers": {}}) == [("request-or-response", "result")]


@pytest.mark.parametrize("fields", [{"uri": "/"}, {"headers": {}}])
def test_part_of_a_request(given, broken, fields):
    """A result with a part of a request counts as a request, so that the violations name the missing fields."""
    found = {rule for rule, _ in broken(given("viewer-request"), fields)}
    assert found >= {"read-only-field", "querystring"}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"a"}, "Object of type set is not JSON serializable"),
        (object(), "Object of type object is not JSON serializable"),
        ({("a", "b"): 1}, "keys must be str, int, float, bool or None, not tuple"),
        ("\ud800", "a string that is not UTF-8"),
        ([b"\xff"], "a string that is not UTF-8"),
        (Unreadable(a=1), "KeyError"),
    ],
)
def test_not_serializable(given, value, found):
    """The violation names the type that Lambda's runtime cannot write as JSON; CloudFront then answers 503."""
    for result in (value, {"status": "200", "body": value}):
        (violation,) = violations(given("viewer-request"), result)
        assert (violation.rule, violation.found, violation.status) == ("not-serializable", found, 503)
        assert violation.sentence.startswith("The Lambda function associated with the CloudFront distribution")


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (b"bytes", "Expecting value: line 1 column 1 (char 0)"),
        (float("nan"), "NaN is not a JSON number"),
        (float("inf"), "Infinity is not a JSON number"),
        ({"status": "200", "x": float("-inf")}, "-Infinity is not a JSON number"),
        ({"status": "200", "x": decimal.Decimal("sNaN")}, "NaN is not a JSON number"),
    ],
)
def test_invalid_json(given, value, found):
    """Text that Lambda's runtime sends, and that is not JSON, is a violation that says why; CloudFront answers 502."""
    (violation,) = violations(given("viewer-request"), value)
    assert (violation.rule, violation.found, violation.status) == ("invalid-json", found, 502)


@pytest.mark.parametrize(
    "result", [b'{"status": "200"}', {"status": "200", "body": b"\xc3\xbc"}, {"status": decimal.Decimal("200")}]
)
def test_bytes_and_decimals(given, broken, result):
    """Bytes that hold JSON, bytes in UTF-8 within a result, and decimals are accepted, as by Lambda's runtime."""
    assert broken(given("viewer-request"), result) == []


def test_circular(given, broken):
    """An object that contains itself is not JSON."""
    result = {"status": "200"}
    result["result"] = result
    assert broken(given("viewer-request"), result) == [("not-serializable", "result")]


def test_python_objects(given, broken):
    """Tuples, enumerations and keys that are not strings become JSON, as they do in Lambda."""
    event = given("viewer-request")
    headers = {"location": ({"key": "Location", "value": "/"},)}
    assert broken(event, {"status": http.HTTPStatus.FOUND, "headers": headers, 1: 2, None: True}) == []
    assert broken(event, {"status": Word.FOUND}) == []


@pytest.mark.parametrize(
    "event",
    [
        None,
        {},
        [],
        {"Records": []},
        {"Records": [{"cf": {"config": {"eventType": "viewer-request"}}}]},
        {"Records": [{"cf": {"config": {"eventType": "origin-response"}, "request": {}}}]},
        {"Records": [{"cf": {"config": {"eventType": "sqs"}, "request": {}, "response": {}}}]},
        {"Records": [{"cf": {"config": {"eventType": []}, "request": {}}}]},
        {"Records": [{"cf": {"config": {"eventType": "viewer-request"}, "request": {"uri": {"/"}}}}]},
    ],
)
def test_not_an_event(broken, event):
    """An event that is not a CloudFront event is a violation, not an exception."""
    assert broken(event, {"status": "200"}) == [("event", "event")]


def test_not_an_event_reads_well():
    """The message about a wrong event names the shape of an event and says nothing about CloudFront's answer."""
    (violation,) = violations({"Records": []}, {"status": "200"})
    assert str(violation) == (
        "event: event: found IndexError; allowed: Records[0].cf with config.eventType, one of viewer-request, "
        "origin-request, origin-response, viewer-response, and request or response. "
        "Pass the whole event that the function received."
    )


@pytest.mark.parametrize("event_type", EVENTS)
def test_arguments_are_left_alone(given, returned, event_type):
    """`violations` changes neither of its arguments."""
    event = given(event_type, {"x-cache": [{"value": "Hit"}]})
    result = returned(event, headers={"via": [{"value": "1"}]}, status="700", origin={"s3": {}}, body={})
    before = copy.deepcopy((event, result))
    assert violations(event, result)
    assert (event, result) == before


def test_body_of_the_event_is_not_read(given, returned, broken):
    """The event's own body may be anything: no rule reads it."""
    event = given("origin-request")
    result = returned(event)
    event["Records"][0]["cf"]["request"]["body"] = object()
    assert broken(event, result) == []


def test_violation_reads_well(given, returned):
    """A violation is one line: rule, field, content found, content allowed, advice and CloudFront's answer."""
    event = given("origin-response", {"transfer-encoding": [{"value": "chunked"}]})
    found = violations(event, returned(event, headers={}))
    assert found == [
        Violation(
            rule="read-only-header",
            field="headers.transfer-encoding",
            found="deleted at origin-response",
            allowed="the header as the event has it",
            sentence="The Lambda function result failed validation: "
            "The function tried to add, delete, or change a read-only header.",
            status=502,
            advice="Leave the header as it is.",
        )
    ]
    assert str(found[0]) == (
        "read-only-header: headers.transfer-encoding: found deleted at origin-response; "
        "allowed: the header as the event has it. Leave the header as it is. CloudFront answers 502: "
        "The Lambda function result failed validation: The function tried to add, delete, or change a read-only header."
    )


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"method": "POST"}, '"POST"'),
        ({"method": "\u2028"}, '"\\u2028"'),
        ({"method": "M" * 58}, f'"{"M" * 58}"'),
        ({"method": "M" * 59}, f'"{"M" * 56}...'),
        ({"uri": "index.html"}, "a string that starts with 'i'"),
        ({"uri": "/a#b"}, "'#' at character 2"),
        ({"uri": None}, "null"),
        ({"querystring": "a=b c"}, "' ' at character 3"),
        ({"uri": "/" + "a" * 8191}, "8,192 characters"),
        ({"headers": {"age": [1]}}, "a number"),
        ({"headers": {"age": [{"value": True}]}}, "a value that is a boolean"),
        ({"headers": {"age": [{"value": "1\r\n"}]}}, "'%0D' at character 1"),
    ],
)
def test_what_was_found(given, returned, fields, found):
    """`found` holds a value that is short and no secret. Otherwise it holds the kind or place of the mistake."""
    event = given("viewer-request")
    assert [violation.found for violation in violations(event, returned(event, **fields))] == [found]


def test_missing_field_is_named(given, returned):
    """The violation for a deleted read-only field has "nothing" as `found` and the event's value as `allowed`."""
    event = given("viewer-request")
    result = returned(event)
    del result["method"]
    assert [(v.found, v.allowed) for v in violations(event, result)] == [("nothing", '"GET"')]


@pytest.mark.parametrize(
    ("before", "after", "found", "allowed"),
    [
        ({}, {"via": [{"value": "1"}]}, "added at viewer-response", "nothing"),
        ({"via": [{"value": "1"}]}, {}, "deleted at viewer-response", "the header as the event has it"),
        (
            {"via": [{"value": "1"}]},
            {"via": [{"value": "2"}]},
            "changed at viewer-response",
            "the header as the event has it",
        ),
    ],
)
def test_change_of_a_read_only_header_is_named(given, returned, before, after, found, allowed):
    """A violation says whether the header was added, changed or deleted."""
    event = given("viewer-response", before)
    violation = violations(event, returned(event, headers=after))[0]
    assert (violation.found, violation.allowed) == (found, allowed)
    assert violation.advice.startswith("Leave the header out" if before == {} else "Leave the header as it is")


@pytest.mark.parametrize(
    ("event_type", "fields", "sentence"),
    [
        (
            "viewer-request",
            {"headers": {"connection": [{"value": "close"}]}},
            "The Lambda function result failed validation: The function tried to add a blacklisted header.",
        ),
        (
            "viewer-request",
            {"headers": {"age": "1"}},
            "The Lambda function returned an invalid entry in the headers object: "
            "Each header entry in the headers object must be an array.",
        ),
        (
            "viewer-request",
            {"status": "200", "body": {}},
            "The Lambda function result failed validation: "
            "The body is not a string, is not an object, or exceeds the maximum size.",
        ),
        (
            "origin-request",
            {"origin": {}},
            "The Lambda function returned an invalid origin configuration.",
        ),
        ("viewer-request", {"method": "POST"}, "The Lambda function result failed validation."),
        (
            "viewer-request",
            {"uri": "https://www.example.org/x"},
            "The Lambda function result failed validation: The specified URI is in an invalid format.",
        ),
        (
            "viewer-request",
            {"uri": "/a b"},
            "The Lambda function result failed validation: The specified URI is in an invalid format.",
        ),
        ("viewer-request", {"headers": []}, "The Lambda function returned an invalid entry in the headers object."),
    ],
)
def test_sentence(given, returned, event_type, fields, sentence):
    """A violation has the sentence of CloudFront's error page and the status 502."""
    event = given(event_type)
    found = violations(event, {"headers": {}, **fields} if "status" in fields else returned(event, **fields))
    assert (found[0].status, found[0].sentence) == (502, sentence)


def test_sentence_of_custom_headers(given, returned, custom_origin):
    """Every violation of a custom header has the same sentence."""
    event = given("origin-request")
    for custom_headers in ({"via": [{"value": "1"}]}, {"x-a": "1"}, {"x-a": [{"value": "1" * 1784}]}):
        origin = {"custom": {**custom_origin, "customHeaders": custom_headers}}
        assert {violation.sentence for violation in violations(event, returned(event, origin=origin))} == {
            "The Lambda function returned an invalid origin configuration: "
            "One or more HeaderName or HeaderValue values are invalid."
        }


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (None, "The Lambda function returned invalid JSON: The JSON output must be an object type."),
        (b"", "The Lambda function returned invalid json: The json output is not parsable."),
        ({}, "The Lambda function result failed validation."),
    ],
)
def test_sentence_of_the_whole(given, result, sentence):
    """A result that is not an object, and a result that is not JSON, have sentences of their own."""
    assert [violation.sentence for violation in violations(given("viewer-request"), result)] == [sentence]


def test_unverified_is_said(given, returned):
    """The advice of a rule that no source confirms says that the rule is unverified."""
    event = given("viewer-request")
    (unverified,) = violations(event, returned(event, uri="/a b"))
    assert unverified.advice.endswith(
        " (Unverified: no source says what CloudFront does here. This rule may be too strict.)"
    )
    (verified,) = violations(event, returned(event, uri="a"))
    assert "nverified" not in verified.advice


def test_no_value_of_a_header_is_shown(given, returned, custom_origin):
    """No violation repeats the value of a header, a query string or a body: they may be secret."""
    event = given("origin-request", {"via": [{"value": "secret"}]})
    result = returned(
        event,
        headers={"via": [{"value": "secret2"}], "x-a": [{"value": "secret\n"}], "connection": [{"value": "secret"}]},
        querystring="a secret",
        body={"action": "replace", "data": "a secret"},
        origin={"custom": {**custom_origin, "customHeaders": {"x-token": [{"value": "secret" * 300}]}}},
    )
    found = violations(event, result)
    assert len(found) == 6
    assert "secret" not in "".join(map(str, found))


def test_table():
    """Every rule is in the table under its own id, with a summary and a source."""
    for rule_id, rule in RULES.items():
        assert rule.id == rule_id
        assert rule.summary
        assert rule.source
