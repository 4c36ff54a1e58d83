"""Origin request: finds out where a file lives, and sends the request to that bucket in that Region.

`GET /files/{id}`: the lookup API, asked with an access token, lists the file's locations; the one nearest to where
this function runs becomes the request's origin. Settings are origin custom headers (router.settings).
"""

from __future__ import annotations

import json
import os
import re
import time

from edge.cloudfront import TYPE_CHECKING, generated_response, origin_request
from edge.log import log
from edge.regions import nearest
from edge.settings import take_settings
from router.credentials import AccessTokens, TokenRefusedError, TokenUnavailableError
from router.location import BadAnswerError
from router.lookup import LookupUnavailableError, lookup
from router.memory import Memory
from router.rewrite import send_to
from router.settings import Settings

if TYPE_CHECKING:
    from edge.cloudfront import Request, Response
    from router.location import Location

_FILE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
# Seconds kept back of what Lambda leaves, so that the answer gets out before the timeout.
_MARGIN = 0.5

# What one process remembers between its requests.
_tokens = AccessTokens()
_memory = Memory()


class Rejection(Exception):  # noqa: N818 - an answer for the viewer, not a fault
    """The viewer gets this status and message; `cause` is for the log. `max_age` in seconds, for CloudFront's cache."""

    def __init__(self, status: int, message: str, cause: str = "", max_age: int = 0) -> None:
        super().__init__(status, message, cause)
        self.status = status
        self.message = message
        self.cause = cause
        self.max_age = max_age


def handler(event: object, context: object) -> Request | Response:
    """In: an origin-request event. Out: the request with the bucket as its origin, or a response.

    404 unknown file, 400 malformed id, 405 neither GET nor HEAD, 503 the API or its token is not to be had, 502 the API
    answers what cannot be followed. Raises MisconfiguredError, which CloudFront answers with 503.
    """
    config, request = origin_request(event)
    settings = Settings(take_settings(request, "x-router-"))
    deadline = time.monotonic() + context.get_remaining_time_in_millis() / 1000 - _MARGIN  # type: ignore[attr-defined]
    try:
        location = nearest(
            _locations(request, settings, deadline), os.environ["AWS_REGION"], lambda place: place.region
        )
    except Rejection as rejection:
        log(decision="rejected", status=rejection.status, cause=rejection.cause, requestId=config["requestId"])
        return _response(rejection)
    send_to(request, location, settings.access)
    log(decision="routed", bucket=location.bucket, region=location.region, requestId=config["requestId"])
    return request


def _locations(request: Request, settings: Settings, deadline: float) -> list[Location]:
    """Where the file lives, remembered or asked for. Raises Rejection."""
    if request["method"] not in ("GET", "HEAD"):
        raise Rejection(405, "Files can only be read.", "method", max_age=60)
    file_id = request["uri"].rpartition("/")[2]
    if not _FILE_ID.fullmatch(file_id) or request["uri"].count("/") != 2:
        raise Rejection(400, "A file's id is 1 to 64 letters, digits, hyphens and underscores.", "malformed id", 60)
    file = settings.lookup_url + file_id
    known = _memory.fresh(file)
    if known is None:
        known = _ask(file, file_id, settings, deadline)
    if not known:
        raise Rejection(404, "There is no file of this id.", "unknown file", max_age=5)
    return known


def _ask(file: str, file_id: str, settings: Settings, deadline: float) -> list[Location]:
    """The API's answer; while there is none, a remembered one that is not too old."""
    try:
        found = lookup(settings, file_id, _tokens, deadline)
    except BadAnswerError as error:
        raise Rejection(502, "The lookup API's answer cannot be followed.", f"lookup API's answer: {error}") from error
    except (LookupUnavailableError, TokenUnavailableError, TokenRefusedError) as error:
        cause = f"token refused: {error}" if isinstance(error, TokenRefusedError) else str(error)
        remembered = _memory.stale(file)
        if remembered is None:
            raise Rejection(503, "Files cannot be found right now. Try again in a moment.", cause) from error
        log(decision="stale answer used", cause=cause)
        return remembered
    _memory.remember(file, found)
    return found.locations


def _response(rejection: Rejection) -> Response:
    """JSON with Cache-Control: without it, CloudFront would keep what an origin-request function answers for a day."""
    cache_control = f"max-age={rejection.max_age}" if rejection.max_age else "no-store"
    headers = {"Content-Type": "application/json", "Cache-Control": cache_control}
    if rejection.status == 405:
        headers["Allow"] = "GET, HEAD"
    if rejection.status == 503:
        headers["Retry-After"] = "5"
    return generated_response(
        rejection.status, headers, json.dumps({"status": rejection.status, "message": rejection.message})
    )
