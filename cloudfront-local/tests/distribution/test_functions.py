"""Functions that fail or break a rule: the viewer's answer and the lines in the terminal."""

import logging

import pytest

from cloudfront_local.distribution.failure import FunctionFailed

EXECUTION = (
    "The Lambda function associated with the CloudFront distribution is invalid "
    "or doesn't have the required permissions."
)
EVENT_TYPES = ["viewer-request", "origin-request", "origin-response", "viewer-response"]


def raising(failure: Exception):
    def handler(_):
        raise failure

    return handler


@pytest.mark.parametrize("event_type", EVENT_TYPES)
@pytest.mark.parametrize(
    "kind", ["configuration", "credentials", "build", "init", "error", "timeout", "exit", "closed"]
)
async def test_failure(edge, passes, event_type: str, kind: str) -> None:
    """If a function fails, the viewer gets CloudFront's page with 503, at each event and for each kind of failure."""
    failure = FunctionFailed(kind, "authorizer", "it broke")
    at = edge(functions={**passes, event_type: raising(failure)})
    at.origin.reply()
    response = await at.get()
    assert (response.status, response.headers["X-Cache"]) == (503, "LambdaExecutionError from cloudfront")
    assert (
        f'<H1>503 ERROR</H1>\n<H2>The request could not be satisfied.</H2>\n<HR noshade size="1px">\n{EXECUTION}'
        in response.body.decode()
    )
    assert at.event_types[-1] == event_type


async def test_invalid_json(edge) -> None:
    """If a result is not JSON, the viewer gets 502."""
    at = edge(functions={"viewer-request": raising(FunctionFailed("invalid result", "authorizer", "not JSON"))})
    response = await at.get()
    assert (response.status, response.headers["X-Cache"]) == (502, "LambdaValidationError from cloudfront")
    assert b"The Lambda function returned invalid json: The json output is not parsable." in response.body


@pytest.mark.parametrize(
    ("event_type", "result", "sentence"),
    [
        (
            "viewer-request",
            None,
            "The Lambda function returned invalid JSON: The JSON output must be an object type.",
        ),
        (
            "viewer-request",
            {"status": "200", "headers": {"connection": [{"value": "close"}]}},
            "The Lambda function result failed validation: The function tried to add a blacklisted header.",
        ),
        (
            "origin-request",
            {"status": "200", "headers": {"content-length": [{"value": "0"}]}},
            "The Lambda function result failed validation: "
            "The function tried to add, delete, or change a read-only header.",
        ),
        (
            "origin-response",
            {"status": "200", "headers": {"x": "y"}},
            "The Lambda function returned an invalid entry in the headers object: "
            "Each header entry in the headers object must be an array.",
        ),
        (
            "viewer-response",
            {"status": "404", "headers": {}},
            "The Lambda function result failed validation.",
        ),
    ],
)
async def test_broken_rule(edge, passes, event_type: str, result: object, sentence: str) -> None:
    """If a result breaks a rule, the viewer gets 502 with the sentence of that rule."""
    at = edge(functions={**passes, event_type: lambda _: result})
    at.origin.reply()
    response = await at.get()
    assert (response.status, response.headers["X-Cache"]) == (502, "LambdaValidationError from cloudfront")
    assert f'<HR noshade size="1px">\n{sentence}\nWe can\'t connect' in response.body.decode()


async def test_deleted_header(edge) -> None:
    """The rules compare the result with the original event, even if the function changes its event in place."""

    def delete(event):
        response = event["Records"][0]["cf"]["response"]
        del response["headers"]["transfer-encoding"]
        return response

    at = edge(functions={"origin-response": delete})
    at.origin.reply(200, b"", {"Transfer-Encoding": "chunked"})
    assert (await at.get()).status == 502


async def test_failures_are_not_cached(edge, passes) -> None:
    """The next request after a failure calls the function again."""
    outcomes = iter([raising(FunctionFailed("error", "f", "once")), passes["origin-request"]])
    at = edge(functions={"origin-request": lambda event: next(outcomes)(event)})
    at.origin.reply()
    assert [(await at.get()).status for _ in range(2)] == [503, 200]


async def test_failure_in_the_terminal(edge, caplog) -> None:
    """The terminal shows the request's line, and under it the function, its event, the error and the traceback."""
    caplog.set_level(logging.INFO, "cloudfront")
    failure = FunctionFailed(
        "error", "authorizer", "KeyError: 'Records'", "Traceback (most recent call last):\n  File ...\n"
    )
    await edge(functions={"viewer-request": raising(failure)}).get("/a?token=secret")
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("cloudfront.requests", "ERROR")
    assert record.getMessage() == (
        "503 GET /a?... (LambdaExecutionError, 0 ms)\n"
        "    authorizer (viewer-request): error: KeyError: 'Records'\n"
        "    Traceback (most recent call last):\n"
        "      File ..."
    )


async def test_broken_rules_in_the_terminal(edge, caplog) -> None:
    """The terminal shows every broken rule, with the header's name and advice, but without values."""
    caplog.set_level(logging.INFO, "cloudfront")

    def break_two(event):
        request = event["Records"][0]["cf"]["request"]
        request["headers"]["x-edge-key"] = [{"key": "X-Edge-Key", "value": "secret"}]
        request["headers"]["host"] = [{"key": "Host", "value": "secret"}]
        return request

    await edge(functions={"viewer-request": break_two}).get()
    (record,) = caplog.records
    assert record.getMessage() == (
        "502 GET /page (LambdaValidationError, 0 ms)\n"
        "    viewer-request-function (viewer-request): disallowed-header: headers.x-edge-key: found "
        '"x-edge-key", a header that functions may not add; allowed: headers that are not on CloudFront\'s list of '
        "disallowed headers. Leave the header out. When you copy headers from another response, choose them by name. "
        "CloudFront answers 502: The Lambda function result failed validation: The function tried to add a blacklisted "
        "header.\n"
        "    viewer-request-function (viewer-request): read-only-header: headers.host: found changed at viewer-request"
        "; allowed: the header as the event has it. Leave the header as it is. CloudFront answers 502: The Lambda "
        "function result failed validation: The function tried to add, delete, or change a read-only header."
    )


async def test_time_in_the_terminal(edge, passes, caplog) -> None:
    """A request without problems is one line with the time it took."""
    caplog.set_level(logging.INFO, "cloudfront")
    at = edge(functions={"viewer-request": lambda event: at.clock.advance(0.25) or passes["viewer-request"](event)})
    at.origin.reply()
    await at.get("/caf%C3%A9")
    await at.get("/caf%C3%A9")
    assert [(r.levelname, r.getMessage()) for r in caplog.records] == [
        ("INFO", "200 GET /caf%C3%A9 (Miss, 250 ms)"),
        ("INFO", "200 GET /caf%C3%A9 (Hit, 250 ms)"),
    ]
