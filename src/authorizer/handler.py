"""Viewer request: HTTP basic authentication (RFC 7617) against the users table."""

from __future__ import annotations

import os
import time
from functools import cache

from authorizer.credentials import CredentialsError, parse
from authorizer.decision import Decision
from authorizer.realm import REALM
from authorizer.verifier import Verifier
from edge.cloudfront import generated_response, header_values, set_header, viewer_request
from edge.log import log
from edge.percent import percent_encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from edge.cloudfront import Config, Event, Request, Response

    class Context(Protocol):
        """What is asked of Lambda's context object."""

        def get_remaining_time_in_millis(self) -> int: ...


# Kept back from the function's time: CloudFront's own 503 would tell a viewer less than ours.
ANSWER_SECONDS = 0.5


def handler(event: Event, context: Context) -> Request | Response:
    """The request if its credentials are a user's, or else a 401, or a 503 when that cannot be found out.

    Raises ValueError for an event that is not a viewer request.
    """
    config, request = viewer_request(event)
    deadline = time.monotonic() + context.get_remaining_time_in_millis() / 1000 - ANSWER_SECONDS
    decision = decide(header_values(request["headers"], "authorization"), deadline)
    log(request_id=config.get("requestId", ""), **vars(decision))
    if decision.status == 200:
        return authorized(request, decision.username)
    return unauthorized(config) if decision.status == 401 else unavailable()


def decide(authorization: list[str], deadline: float) -> Decision:
    """Decide about the values of the `Authorization` headers, before a moment of time.monotonic()."""
    try:
        username, password = parse(authorization)
    except CredentialsError as malformed:
        return Decision(401, str(malformed))
    return verifier().decide(username, password, deadline)


@cache
def verifier() -> Verifier:
    """The sandbox's one verifier."""
    return Verifier()


# While Lambda initialises a sandbox it has a whole processor, afterwards MB/1769 of one (Lambda Developer Guide,
# "Memory"). Importing this module elsewhere asks nobody anything.
if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    verifier().prepare()


def authorized(request: Request, username: str) -> Request:
    """Let the request go on, with the user's name in place of the password.

    `X-Authenticated-User` holds the name percent-encoded (UTF-8, RFC 3986 §2), for a header is no place for every
    character that a name may have: `zo%C3%AB`, `alice%40example.org`.
    """
    headers = request["headers"]
    headers.pop("authorization", None)
    # Behind CGI and WSGI, X_Authenticated_User would arrive as the same variable.
    for name in [name for name in headers if name.replace("_", "-") == "x-authenticated-user"]:
        del headers[name]
    set_header(headers, "X-Authenticated-User", percent_encode(username.encode()))
    return request


def unauthorized(config: Config) -> Response:
    """Ask for a user name and password, in UTF-8 (RFC 7617 §2.1)."""
    challenge = f'Basic realm="{REALM or config["distributionDomainName"]}", charset="UTF-8"'
    return answer(401, "WWW-Authenticate", challenge, "Please sign in.\n")


def unavailable() -> Response:
    """Ask to come back: who the viewer is could not be found out. In 5 s, when configuration.py looks again."""
    return answer(503, "Retry-After", "5", "Signing in is not possible at the moment. Please try again.\n")


def answer(status: int, name: str, value: str, body: str) -> Response:
    """A response that no cache keeps, with one header more."""
    headers = {name: value, "Cache-Control": "no-store", "Content-Type": "text/plain; charset=utf-8"}
    return generated_response(status, headers, body)
