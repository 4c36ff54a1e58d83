"""Events for the tests of rules. The tests state the lists and limits that they expect; they do not read them from the
code under test."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from cloudfront_local.rules import violations

CUSTOM_ORIGIN = {
    "customHeaders": {"x-table": [{"key": "X-Table", "value": "users"}]},
    "domainName": "example.org",
    "keepaliveTimeout": 5,
    "path": "",
    "port": 443,
    "protocol": "https",
    "readTimeout": 30,
    "responseCompletionTimeout": 30,
    "sslProtocols": ["TLSv1.2"],
}
S3_ORIGIN = {
    "authMethod": "none",
    "customHeaders": {},
    "domainName": "bucket.s3.eu-west-1.amazonaws.com",
    "path": "",
    "readTimeout": 30,
    "region": "eu-west-1",
    "responseCompletionTimeout": 30,
}
Event = dict[str, Any]
Headers = dict[str, Any]


def _given(event_type: str, headers: Headers | None = None, origin: Headers | None = None, **fields: object) -> Event:
    """An event of the type. `headers` and `fields` go into the request of a request event, and into the response of a
    response event."""
    cf: dict[str, Any] = {
        "config": {
            "distributionDomainName": "d111111abcdef8.cloudfront.net",
            "distributionId": "EDFDVBD6EXAMPLE",
            "eventType": event_type,
            "requestId": "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==",
        },
        "request": {"clientIp": "203.0.113.178", "headers": {}, "method": "GET", "querystring": "", "uri": "/"},
    }
    if event_type.startswith("origin-"):
        cf["request"]["origin"] = origin or {"custom": CUSTOM_ORIGIN}
    if event_type.endswith("-response"):
        cf["response"] = {"status": "200", "statusDescription": "OK", "headers": {}}
    subject = cf["response" if event_type.endswith("-response") else "request"]
    subject |= {"headers": headers or {}, **fields}
    return copy.deepcopy({"Records": [{"cf": cf}]})


def _returned(event: Event, **fields: object) -> Any:
    """The result of a function that changes these fields only."""
    cf = copy.deepcopy(event)["Records"][0]["cf"]
    return {**(cf["response"] if "response" in cf else cf["request"]), **fields}


def _broken(event: Event, result: object) -> list[tuple[str, str]]:
    """The rule and the field of every violation."""
    return [(violation.rule, violation.field) for violation in violations(event, result)]


@pytest.fixture(scope="session")
def given() -> Callable[..., Event]:
    return _given


@pytest.fixture(scope="session")
def returned() -> Callable[..., Any]:
    return _returned


@pytest.fixture(scope="session")
def broken() -> Callable[[Event, object], list[tuple[str, str]]]:
    return _broken


@pytest.fixture
def custom_origin() -> dict[str, Any]:
    """The custom origin of the events."""
    return copy.deepcopy(CUSTOM_ORIGIN)


@pytest.fixture
def s3_origin() -> dict[str, Any]:
    """An s3 origin that has no origin access identity."""
    return copy.deepcopy(S3_ORIGIN)
