"""Viewer request: lets users in who have signed in at an OpenID provider (authorization code with PKCE).

Settings are in one secret (sign_in.settings). Its addresses on the distribution:

- `/members/callback`: the provider sends the browser back to it.
- `/members/me` tells a page's script, or a program with an access token, who it is, as JSON.
- `/members/sign-in` leads to the page that its query names, by way of the provider if nobody is signed in.
- `/members/sign-out` ends the session, and `/members/signed-out` says so.
- all others: a user with a session goes on, as `X-Authenticated-User`, `-Name` and `-Email`; a page load without one is
  sent to the provider; a program gets a 401.
"""

from __future__ import annotations

import os
import time
from functools import cache

from edge.aws import AwsError
from edge.cloudfront import viewer_request
from edge.configuration import UnavailableError
from edge.log import log
from sign_in.decision import Decision
from sign_in.gate import Gate
from sign_in.pages import page

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from edge.cloudfront import Event, Request, Response

    class Context(Protocol):
        """The part of Lambda's context object that this function uses."""

        def get_remaining_time_in_millis(self) -> int: ...


# The function answers this long before its timeout: its own 503 tells a viewer more than CloudFront's.
ANSWER_SECONDS = 0.5


def handler(event: Event, context: Context) -> Request | Response:
    """In: a viewer-request event. Out: the request of a user who is signed in, or a response.

    Raises ValueError for an event that is not a viewer request.
    """
    config, request = viewer_request(event)
    deadline = time.monotonic() + context.get_remaining_time_in_millis() / 1000 - ANSWER_SECONDS
    try:
        decision = gate().decide(request, config.get("distributionId", ""), deadline)
    except (AwsError, UnavailableError) as error:
        decision = Decision("unavailable", unavailable(), str(error))
    status = decision.result.get("status", "200")
    log(
        request_id=config.get("requestId", ""),
        decision=decision.decision,
        status=int(status),  # type: ignore[call-overload]  # of a response it is a text of digits
        cause=decision.cause,
        subject=decision.subject,
    )
    return decision.result


@cache
def gate() -> Gate:
    """The one gate of this sandbox."""
    return Gate()


# A sandbox has a whole processor while Lambda initializes it, and MB/1769 of one afterwards (Lambda Developer Guide,
# "Memory"). Outside of Lambda, the import of this module calls no server.
if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    gate().prepare()


def unavailable() -> Response:
    """A 503 that asks the viewer to retry after 5 s, the first pause of edge.backoff."""
    text = "Signing in is not possible at the moment. Please try again in a few seconds."
    return page(503, "Please try again", text, headers={"Retry-After": "5"})
