"""Origin request: asks in which buckets a file lives, and sends the request to the nearest one.

For `GET /files/{id}`, the lookup API lists the copies of the file. The copy nearest to the Region that runs this
function becomes the request's origin. Settings are origin custom headers (edge.settings):

- `x-router-lookup-url`: the lookup API's URL up to the file's id.
- `x-router-token-url`, `x-router-client-id`, `x-router-scope`: the token endpoint, client id and scope with which the
  function gets an access token for the lookup API (OAuth 2 client credentials).
- `x-router-client-secret-arn`: the ARN of the Secrets Manager secret that holds the client's secret; or
  `x-router-client-secret`: the client's secret itself.
- `x-router-access`: `sigv4` (default): the function signs the request as its own role; or `oai`: CloudFront reads the
  bucket with its origin access identity.
"""

from __future__ import annotations

import time
from functools import cache

from edge.cloudfront import origin_request
from edge.file_id import FILE_ID
from edge.log import log
from edge.percent import percent_decode
from edge.settings import take_settings
from router.files import Files
from router.rejection import MalformedIdError, MethodError, Rejection
from router.rewrite import send_to
from router.settings import Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from edge.cloudfront import Request, Response

    class Context(Protocol):
        """The part of Lambda's context object that this function uses."""

        def get_remaining_time_in_millis(self) -> int: ...


# The function answers this long before its timeout: its own 503 tells a viewer more than CloudFront's.
ANSWER_SECONDS = 0.5


def handler(event: object, context: Context) -> Request | Response:
    """In: an origin-request event. Out: the request with the bucket as its origin, or the response of a Rejection.

    Raises ValueError for an event that is not an origin request.
    """
    config, request = origin_request(event)
    deadline = time.monotonic() + context.get_remaining_time_in_millis() / 1000 - ANSWER_SECONDS
    line: dict[str, object] = {"request_id": config.get("requestId", ""), "uri": request["uri"][:200]}
    try:
        settings = Settings(take_settings(request, "x-router-"))
        location = files().locate(settings, file_id(request), deadline)
        send_to(request, location, settings.access)
    except Rejection as rejection:
        log(decision="rejected", status=rejection.status, cause=str(rejection), **line)
        return rejection.response()
    log(decision="routed", bucket=location.bucket, region=location.region, **line)
    return request


@cache
def files() -> Files:
    """The one memory of files in this sandbox."""
    return Files()


def file_id(request: Request) -> str:
    """The file's id: the end of the path, after one folder (`/files/{id}`). Raises Rejection."""
    if request["method"] not in ("GET", "HEAD"):
        raise MethodError(f"method {request['method']}")
    folder, _, name = request["uri"][1:].partition("/")
    # RFC 3986 §2.3: an unreserved character and its escape are equivalent. Ids consist of unreserved characters.
    found = percent_decode(name).decode("latin-1")
    if not folder or not FILE_ID.fullmatch(found):
        raise MalformedIdError("malformed id")
    return found
