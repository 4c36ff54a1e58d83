"""CloudFront's events and responses."""

import copy
import subprocess
import sys
from pathlib import Path

import pytest

from edge.cloudfront import (
    generated_response,
    header,
    header_values,
    origin_of,
    origin_request,
    origin_response,
    set_header,
    viewer_request,
    viewer_response,
)

SRC = Path(__file__).parents[3] / "src"

CONFIG = {
    "distributionDomainName": "d111111abcdef8.cloudfront.net",
    "distributionId": "EDFDVBD6EXAMPLE",
    "requestId": "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==",
}
REQUEST = {
    "clientIp": "203.0.113.178",
    "headers": {"host": [{"key": "Host", "value": "d111111abcdef8.cloudfront.net"}]},
    "method": "GET",
    "querystring": "",
    "uri": "/",
}
ORIGIN = {
    "s3": {
        "authMethod": "none",
        "customHeaders": {},
        "domainName": "b.s3.eu-west-1.amazonaws.com",
        "path": "",
        "region": "eu-west-1",
    }
}
BODY = {"inputTruncated": False, "action": "read-only", "encoding": "base64", "data": ""}
RESPONSE = {"status": "200", "statusDescription": "OK", "headers": {}}


def event_of(event_type, **parts):
    """An event with these parts. A test may change it."""
    cf = {"config": {**CONFIG, "eventType": event_type}, "request": REQUEST, **parts}
    return copy.deepcopy({"Records": [{"cf": cf}]})


def test_viewer_request_is_unpacked():
    """A viewer-request event gives its configuration and its request."""
    config, request = viewer_request(event_of("viewer-request"))
    assert (config, request) == ({**CONFIG, "eventType": "viewer-request"}, REQUEST)


def test_origin_request_is_unpacked():
    """An origin-request event gives its configuration and its request, origin included."""
    config, request = origin_request(event_of("origin-request", request={**REQUEST, "origin": ORIGIN}))
    assert (config["eventType"], request) == ("origin-request", {**REQUEST, "origin": ORIGIN})


def test_origin_response_is_unpacked():
    """An origin-response event gives its configuration, request and response."""
    config, request, response = origin_response(event_of("origin-response", response=RESPONSE))
    assert (config["eventType"], request, response) == ("origin-response", REQUEST, RESPONSE)


def test_viewer_response_is_unpacked():
    """A viewer-response event gives its configuration, request and response."""
    config, request, response = viewer_response(event_of("viewer-response", response=RESPONSE))
    assert (config["eventType"], request, response) == ("viewer-response", REQUEST, RESPONSE)
    with pytest.raises(ValueError, match="is origin-response, but this function is for viewer-response"):
        viewer_response(event_of("origin-response", response=RESPONSE))


@pytest.mark.parametrize("kind", ["custom", "s3"])
def test_origin_of_either_kind(kind):
    """The origin is found for an S3 bucket and for any other server. Functions may change it in place."""
    request = {**REQUEST, "origin": {kind: {"domainName": "origin.example"}}}
    assert origin_of(request) is request["origin"][kind]


def test_request_is_the_events_own():
    """A change of the request changes the event, because nothing is copied."""
    event = event_of("viewer-request")
    assert viewer_request(event)[1] is event["Records"][0]["cf"]["request"]


@pytest.mark.parametrize("unpack", [viewer_request, origin_request, origin_response])
def test_other_event_type_is_named(unpack):
    """For another event type, the error names it and the expected one."""
    expected = unpack.__name__.replace("_", "-")
    with pytest.raises(ValueError) as error:
        unpack(event_of("viewer-response", response=RESPONSE))
    assert str(error.value) == (
        f"the event's type is viewer-response, but this function is for {expected}: "
        "correct its EventType in the distribution"
    )


def test_other_event_type_comes_first():
    """If an event has another type and missing parts, the error is about the type."""
    with pytest.raises(
        ValueError, match=r"^the event's type is viewer-response, but this function is for origin-request:"
    ):
        origin_request({"Records": [{"cf": {"config": {"eventType": "viewer-response"}}}]})


@pytest.mark.parametrize(
    "event",
    [None, "Records", 7, [], {}, {"Records": []}, {"Records": None}, {"Records": {"cf": {}}}, {"Records": [{}]}],
)
def test_other_events_are_refused(event):
    """Another kind of value raises ValueError, never KeyError."""
    with pytest.raises(ValueError, match=r"^not a CloudFront event: no Records\[0\]\.cf$"):
        viewer_request(event)


@pytest.mark.parametrize(
    "path",
    [
        "config",
        "config.eventType",
        "config.distributionDomainName",
        "request",
        "request.clientIp",
        "request.headers",
        "request.method",
        "request.origin",
        "request.origin.s3.authMethod",
        "request.origin.s3.customHeaders",
        "request.origin.s3.domainName",
        "request.origin.s3.path",
        "request.origin.s3.region",
        "request.body",
        "request.body.data",
        "request.body.encoding",
        "request.body.inputTruncated",
        "request.querystring",
        "request.uri",
    ],
)
@pytest.mark.parametrize("replacement", [None, [], 7.5])
def test_missing_part_is_named(path, replacement):
    """The error names the path of a part that is missing or of another type."""
    event = event_of("origin-request", request={**REQUEST, "origin": ORIGIN, "body": BODY})
    *outer, last = path.split(".")
    part = event["Records"][0]["cf"]
    for name in outer:
        part = part[name]
    part[last] = replacement
    with pytest.raises(ValueError) as error:
        origin_request(event)
    assert str(error.value).startswith(f"not a CloudFront event: no Records[0].cf.{path}")


@pytest.mark.parametrize("part", ["customHeaders", "domainName", "path", "port", "protocol"])
def test_missing_part_of_a_custom_origin_is_named(part):
    """The same holds for a custom origin, also in response events."""
    origin = {"customHeaders": {}, "domainName": "origin.example", "path": "", "port": 443, "protocol": "https"}
    del origin[part]
    request = {**REQUEST, "origin": {"custom": origin}}
    for unpack in (origin_request, origin_response):
        with pytest.raises(ValueError, match=rf"no Records\[0\]\.cf\.request\.origin\.custom\.{part}$"):
            unpack(event_of(unpack.__name__.replace("_", "-"), request=request, response=RESPONSE))


def test_older_events():
    """Functions do without request id, and without an origin in response events, as in AWS's older examples."""
    config = {name: value for name, value in CONFIG.items() if name != "requestId"} | {"eventType": "origin-response"}
    assert origin_response(event_of("origin-response", config=config, response=RESPONSE)) == (config, REQUEST, RESPONSE)


@pytest.mark.parametrize("missing", ["status", "headers"])
def test_response_without_a_part_is_refused(missing):
    """An origin-response event without status or headers is refused."""
    response = {name: value for name, value in RESPONSE.items() if name != missing}
    with pytest.raises(ValueError, match=rf"no Records\[0\]\.cf\.response\.{missing}$"):
        origin_response(event_of("origin-response", response=response))


def test_header_is_found_by_any_spelling():
    """A header is found in any case. The first of several values counts."""
    headers = {"accept": [{"key": "Accept", "value": "text/html"}, {"value": "*/*"}]}
    assert [header(headers, name) for name in ("accept", "ACCEPT", "host")] == ["text/html", "text/html", None]


def test_header_values_are_all_values():
    """All values of a repeated header are returned in order, none for a missing header."""
    headers = {"accept": [{"key": "Accept", "value": "text/html"}, {"value": "*/*"}], "empty": []}
    assert header_values(headers, "Accept") == ["text/html", "*/*"]
    assert (header_values(headers, "Host"), header_values(headers, "Empty"), header(headers, "Empty")) == ([], [], None)


@pytest.mark.parametrize("items", [[{"key": "Host"}], [None], None])
def test_header_without_a_value_is_named(items):
    """The error names a header without a value."""
    for read in (header, header_values):
        with pytest.raises(ValueError, match=r"^not a CloudFront event: no value of the header host$"):
            read({"host": items}, "Host")


def test_set_header_replaces_every_value():
    """Setting a header leaves one value, with the name in lower case and in the given spelling."""
    headers = {"host": [{"key": "Host", "value": "a"}, {"key": "Host", "value": "b"}]}
    set_header(headers, "Host", "c")
    set_header(headers, "WWW-Authenticate", "Basic")
    assert headers == {
        "host": [{"key": "Host", "value": "c"}],
        "www-authenticate": [{"key": "WWW-Authenticate", "value": "Basic"}],
    }


def test_generated_response_has_cloudfronts_shape():
    """A generated response has a status as string, its phrase, lists of headers and a text body."""
    assert generated_response(401, {"WWW-Authenticate": 'Basic realm="x"'}, "who?") == {
        "status": "401",
        "statusDescription": "Unauthorized",
        "headers": {"www-authenticate": [{"key": "WWW-Authenticate", "value": 'Basic realm="x"'}]},
        "body": "who?",
        "bodyEncoding": "text",
    }


def test_generated_response_without_body_has_no_body_key():
    """A response without a body has no body key. A 204 with one would be a 502."""
    assert generated_response(204, {}) == {"status": "204", "statusDescription": "No Content", "headers": {}}


def test_vocabulary_and_log_import_nothing_dear():
    """A handler without network access does not import HTTP, TLS, hashing or typing."""
    program = (
        "import sys, edge.cloudfront, edge.log; "
        "print(sorted({'hashlib', 'hmac', 'http', 'socket', 'ssl', 'typing', 'email', 'urllib'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-S", "-E", "-c", program], cwd=SRC, capture_output=True, text=True, check=True
    )
    assert run.stdout == "[]\n"
