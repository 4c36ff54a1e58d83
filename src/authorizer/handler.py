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
        """The part of Lambda's context object that this function uses."""

        def get_remaining_time_in_millis(self) -> int: ...


# The function answers this long before its timeout: its own 503 tells a viewer more than CloudFront's.
ANSWER_SECONDS = 0.5


def handler(event: Event, context: Context) -> Request | Response:
    """The request if its credentials are valid, a 401 if not, or a 503 if the users table cannot be read.

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
    """Decide about the values of the `Authorization` headers. `deadline` is a time of time.monotonic()."""
    try:
        username, password = parse(authorization)
    except CredentialsError as malformed:
        return Decision(401, str(malformed))
    return verifier().decide(username, password, deadline)


@cache
def verifier() -> Verifier:
    """The one verifier of this sandbox."""
    return Verifier()


# A sandbox has a whole processor while Lambda initializes it, and MB/1769 of one afterwards (Lambda Developer Guide,
# "Memory"). Outside of Lambda, the import of this module calls no server.
if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    verifier().prepare()


def authorized(request: Request, username: str) -> Request:
    """The request, with `X-Authenticated-User` in place of `Authorization`.

    The header's value is the user name in UTF-8, percent-encoded (RFC 3986 §2) because a user name may contain
    characters that a header may not: `zo%C3%AB`, `alice%40example.org`.
    """
    headers = request["headers"]
    headers.pop("authorization", None)
    # CGI and WSGI give X_Authenticated_User and X-Authenticated-User the same variable name.
    for name in [name for name in headers if name.replace("_", "-") == "x-authenticated-user"]:
        del headers[name]
    set_header(headers, "X-Authenticated-User", percent_encode(username.encode()))
    return request


def unauthorized(config: Config) -> Response:
    """A 401 that asks for a user name and password, in UTF-8 (RFC 7617 §2.1)."""
    challenge = f'Basic realm="{REALM or config["distributionDomainName"]}", charset="UTF-8"'
    return answer(401, "WWW-Authenticate", challenge, "Please sign in.\n")


def unavailable() -> Response:
    """A 503 that asks the viewer to retry after 5 s, the first pause of edge.backoff."""
    return answer(503, "Retry-After", "5", "Signing in is not possible at the moment. Please try again.\n")


def answer(status: int, name: str, value: str, body: str) -> Response:
    """A response in plain text that no cache stores, with one further header."""
    headers = {name: value, "Cache-Control": "no-store", "Content-Type": "text/plain; charset=utf-8"}
    return generated_response(status, headers, body)
