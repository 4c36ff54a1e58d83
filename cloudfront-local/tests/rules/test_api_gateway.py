"""A response of API Gateway's shape, which is the mistake of people who write functions for both."""

import pytest

from cloudfront_local.rules import violations


@pytest.mark.parametrize("event_type", ["viewer-request", "origin-request", "origin-response", "viewer-response"])
def test_one_violation(given, event_type):
    """`statusCode` is one violation at each event. The message shows the result in CloudFront's form."""
    (violation,) = violations(given(event_type), {"statusCode": 302, "headers": {"Location": "/x"}})
    assert str(violation) == (
        "api-gateway-response: statusCode: found a response for API Gateway; allowed: `status`, and `headers` whose "
        "values are lists. "
        'Return {"status": "302", "headers": {"location": [{"key": "Location", "value": "..."}]}} instead. '
        "CloudFront answers 502: The Lambda function result failed validation."
    )


@pytest.mark.parametrize(
    ("result", "form"),
    [
        ({"statusCode": 401, "body": "no"}, '{"status": "401", "body": "..."}'),
        (
            {"statusCode": "200", "body": "eA==", "isBase64Encoded": True, "headers": None},
            '{"status": "200", "body": "...", "bodyEncoding": "base64"}',
        ),
        ({"statusCode": 200, "body": None, "isBase64Encoded": False, "headers": {}}, '{"status": "200"}'),
        (
            {"statusCode": 200, "multiValueHeaders": {"Vary": ["a", "b"]}, "cookies": ["a=secret"]},
            '{"status": "200", "headers": {"vary": [{"key": "Vary", "value": "..."}], '
            '"set-cookie": [{"key": "Set-Cookie", "value": "..."}]}}',
        ),
        (
            {"statusCode": 302, "headers": {"location": [{"key": "Location", "value": "/"}]}},
            '{"status": "302", "headers": {"location": [{"key": "location", "value": "..."}]}}',
        ),
        (
            {"statusCode": 200, "headers": {"x" * 500: "y"}},
            '{"status": "302", "headers": {"location": [{"key": "Location", "value": "/"}]}}',
        ),
    ],
)
def test_rewritten(given, result, form):
    """The advice has the fields of the result, without its secrets. For a long result, it has an example."""
    (violation,) = violations(given("viewer-request"), result)
    assert violation.advice == f"Return {form} instead."


def test_longest_rewritten(given):
    """A response whose form has 500 characters is rewritten; a longer one is not."""
    name = "x" * 100
    status = "2" * (500 - len(f'{{"status": "", "headers": {{"{name}": [{{"key": "{name}", "value": "..."}}]}}}}'))
    (violation,) = violations(given("viewer-request"), {"statusCode": status, "headers": {name: "y"}})
    assert name in violation.advice
    (violation,) = violations(given("viewer-request"), {"statusCode": f"{status}2", "headers": {name: "y"}})
    assert name not in violation.advice


def test_a_request_or_response_besides(given, returned, broken):
    """A result with `status`, or a request with its `uri`, is judged as a response or request."""
    event = given("viewer-request")
    assert broken(event, {"status": "200", "statusCode": 200}) == []
    assert broken(event, returned(event, statusCode=200)) == []
