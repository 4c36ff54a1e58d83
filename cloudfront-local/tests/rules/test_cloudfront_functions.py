"""The rules for results of CloudFront Functions."""

import copy
from typing import Any

import pytest

from cloudfront_local.rules import cloudfront_functions

HEADERS = {
    "host": {"value": "d111111abcdef8.cloudfront.net"},
    "accept": {"value": "text/html", "multiValue": [{"value": "text/html"}, {"value": "*/*"}]},
    "via": {"value": "1.1 proxy"},
}
REQUEST = {"method": "GET", "uri": "/", "querystring": {"a": {"value": "%20"}}, "headers": HEADERS, "cookies": {}}
RESPONSE = {"statusCode": 200, "statusDescription": "OK", "headers": {"via": {"value": "1.1 x"}}, "cookies": {}}
PREFIX = "The CloudFront function "


def event(event_type: str) -> dict[str, Any]:
    given = {"version": "1.0", "context": {"eventType": event_type}, "viewer": {"ip": "::1"}, "request": REQUEST}
    return copy.deepcopy(given | ({"response": RESPONSE} if event_type == "viewer-response" else {}))


def broken(event_type: str, result: object) -> list[str]:
    return [violation.rule for violation in cloudfront_functions.violations(event(event_type), result)]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"uri": "/index.html"},
        {"querystring": "a=1&b=%20"},
        {"querystring": {}},
        {"querystring": {"b": {"value": "1", "multiValue": [{"value": "1"}, {"value": "2"}]}}},
        {"headers": HEADERS | {"x-new": {"value": "1"}}},
        {"headers": HEADERS | {"x-forwarded-host": {"value": "a.example"}}},
        {"cookies": {"session": {"value": "1"}}},
    ],
)
def test_accepted_requests(change):
    """What CloudFront accepts of a request breaks no rule."""
    assert broken("viewer-request", REQUEST | change) == []


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"method": "POST"}, "function-method"),
        ({"uri": "index.html"}, "function-uri"),
        ({"uri": "/a?b=1"}, "function-uri"),
        ({"uri": "/a b"}, "function-uri"),
        ({"uri": None}, "function-uri"),
        ({"uri": "/" + "x" * 8192}, "function-url-length"),
        ({"querystring": "a=1 2"}, "function-querystring-character"),
        ({"querystring": {"a": "1"}}, "function-entry"),
        ({"querystring": []}, "function-field"),
        ({"headers": HEADERS | {"x-new": "1"}}, "function-entry"),
        ({"headers": HEADERS | {"x-new": {"value": 1}}}, "function-entry"),
        ({"headers": HEADERS | {"x-new": {"value": "a\r\nb"}}}, "function-value-character"),
        ({"headers": HEADERS | {"x-new": {"multiValue": ["1"]}}}, "function-multi-value"),
        ({"headers": HEADERS | {"X-New": {"value": "1"}}}, "function-request-header-name"),
        ({"headers": HEADERS | {"x-edge-a": {"value": "1"}}}, "function-disallowed-header"),
        ({"headers": HEADERS | {"x-forwarded-proto": {"value": "https"}}}, "function-disallowed-header"),
        ({"headers": HEADERS | {"host": {"value": "a.example"}}}, "function-read-only-header"),
        ({"headers": HEADERS | {"content-length": {"value": "1"}}}, "function-read-only-header"),
        ({"headers": {"accept": HEADERS["accept"], "host": HEADERS["host"]}}, "function-read-only-header"),
        ({"cookies": {"a": "1"}}, "function-entry"),
    ],
)
def test_refused_requests(change, rule):
    """Each rule for requests refuses what breaks it, and names nothing else."""
    assert broken("viewer-request", REQUEST | change) == [rule]


@pytest.mark.parametrize(
    "response",
    [
        {"statusCode": 302, "headers": {"location": {"value": "/"}}},
        {"statusCode": 200, "statusDescription": "OK", "body": "text"},
        {"statusCode": 200, "body": {"encoding": "text", "data": "text"}},
        {"statusCode": 200, "body": {"encoding": "base64", "data": "YQ=="}},
        {"statusCode": 200, "cookies": {"a": {"value": "1", "attributes": "Secure; Path=/"}}},
        {"statusCode": 404, "headers": {"content-encoding": {"value": "gzip"}, "content-length": {"value": "0"}}},
    ],
)
def test_accepted_responses(response):
    """Responses of viewer-request functions have a status and, if need be, headers, cookies and a body."""
    assert broken("viewer-request", response) == []


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"statusCode": "302"}, "function-status-code"),
        ({"statusCode": 302.5}, "function-status-code"),
        ({"statusCode": True}, "function-status-code"),
        ({"statusCode": 199}, "function-status-code"),
        ({"statusDescription": 1}, "function-status-description"),
        ({"headers": RESPONSE["headers"] | {"Location": {"value": "/"}}}, "function-response-header-name"),
        ({"headers": RESPONSE["headers"] | {"location": "/"}}, "function-entry"),
        ({"headers": RESPONSE["headers"] | {"x-cache": {"value": "Hit"}}}, "function-disallowed-header"),
        ({"headers": {}}, "function-read-only-header"),
        ({"cookies": {"a": {"value": "1", "attributes": 1}}}, "function-cookie-attributes"),
        ({"body": 1}, "function-body"),
        ({"body": {"data": "x"}}, "function-body"),
        ({"body": {"encoding": "base64", "data": "*"}}, "function-body-base64"),
    ],
)
def test_refused_responses(change, rule):
    """Each rule for responses refuses what breaks it, and names nothing else."""
    assert broken("viewer-response", RESPONSE | change) == [rule]


@pytest.mark.parametrize(
    ("event_type", "result", "rule"),
    [
        ("viewer-request", None, "function-not-an-object"),
        ("viewer-request", "text", "function-not-an-object"),
        ("viewer-request", [], "function-not-an-object"),
        ("viewer-request", {}, "function-request-or-response"),
        ("viewer-request", event("viewer-request"), "function-request-or-response"),
        ("viewer-request", {"status": "302"}, "function-request-or-response"),
        ("viewer-response", REQUEST, "function-request-or-response"),
    ],
)
def test_other_results(event_type, result, rule):
    """A function returns a request or a response, not the event."""
    assert broken(event_type, result) == [rule]


def test_sentences():
    """A violation has CloudFront's own sentence and status."""
    upper = cloudfront_functions.violations(
        event("viewer-request"), {"statusCode": 302, "headers": {"Location": {"value": "/"}}}
    )
    assert upper[0].status == 502
    assert upper[0].sentence == (
        f"{PREFIX}returned an invalid value: response.headers must have header names in lower case."
    )
    added = cloudfront_functions.violations(
        event("viewer-request"), REQUEST | {"headers": HEADERS | {"x-cache": {"value": ""}}}
    )
    assert added[0].sentence == f"{PREFIX}tried to add a disallowed header."


IDS = ("blue", "green")


@pytest.mark.parametrize(
    ("helper", "parameters", "origin_id"),
    [
        ("updateRequestOrigin", {"domainName": "a.example", "hostHeader": "b.example"}, ""),
        ("updateRequestOrigin", {"customHeaders": {"x-key": "1"}, "timeouts": {"readTimeout": 120}}, ""),
        ("updateRequestOrigin", {"originAccessControlConfig": {"enabled": False}}, ""),
        ("updateRequestOrigin", {"customOriginConfig": {"port": 443, "protocol": "https"}}, ""),
        ("updateRequestOrigin", {"customOriginConfig": {"sslProtocols": ["TLSv1.2"], "ipAddressType": "ipv4"}}, ""),
        ("selectRequestOriginById", {}, "blue"),
        ("createRequestOriginGroup", {"originIds": ["blue", "green"], "failoverCriteria": {"statusCodes": [503]}}, ""),
        ("createRequestOriginGroup", {"originIds": [{"originId": "blue"}, {"originId": "green"}],
                                      "failoverCriteria": {"statusCodes": [404]}}, ""),
    ],
)  # fmt: skip
def test_accepted_origins(helper, parameters, origin_id):
    """Origins as the guide has them break no rule."""
    assert list(cloudfront_functions.origin_violations(helper, parameters, origin_id, IDS)) == []


@pytest.mark.parametrize(
    ("helper", "parameters", "rule"),
    [
        ("updateRequestOrigin", None, "function-origin"),
        ("updateRequestOrigin", {"domainName": "127.0.0.1"}, "function-origin"),
        ("updateRequestOrigin", {"domainName": "a.example:80"}, "function-origin"),
        ("updateRequestOrigin", {"connectionAttempts": 4}, "function-origin"),
        ("updateRequestOrigin", {"timeouts": {"connectionTimeout": 11}}, "function-origin"),
        ("updateRequestOrigin", {"customHeaders": {"Host": "x"}}, "function-origin"),
        ("updateRequestOrigin", {"customHeaders": {"x": 1}}, "function-origin"),
        ("updateRequestOrigin", {"originAccessControlConfig": {"enabled": True, "originType": "x"}}, "function-origin"),
        ("updateRequestOrigin", {"customOriginConfig": {"protocol": "ftp"}}, "function-origin"),
        ("updateRequestOrigin", {"customOriginConfig": {"sslProtocols": ["TLSv9"]}}, "function-origin"),
        ("updateRequestOrigin", {"allowedCertificateNames": ["x"] * 21}, "function-origin"),
        ("selectRequestOriginById", {}, "function-origin-id"),
        ("createRequestOriginGroup", {"originIds": ["blue"]}, "function-origin"),
        ("createRequestOriginGroup", {"originIds": ["blue", "green"]}, "function-origin"),
        ("createRequestOriginGroup", {"originIds": ["blue", "red"], "failoverCriteria": {"statusCodes": [503]}},
         "function-origin-id"),
        ("createRequestOriginGroup",
         {"originIds": ["blue", {"originId": "green", "originOverrides": {"hostHeader": "x"}}],
          "failoverCriteria": {"statusCodes": [503]}}, "function-origin-group-host-header"),
    ],
)  # fmt: skip
def test_refused_origins(helper, parameters, rule):
    """An origin that breaks a rule is refused with CloudFront's sentence."""
    [violation] = cloudfront_functions.origin_violations(helper, parameters, "red", IDS)
    assert violation.rule == rule
    assert violation.sentence == f"{PREFIX}returned an invalid value for origin rewrite."
