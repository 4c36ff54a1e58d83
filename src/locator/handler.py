"""The lookup API: lists the buckets that hold a file. It is an ordinary Lambda function behind API Gateway.

    GET /files/{id}    200 {"id": id, "locations": [{"bucket", "region", "key"}, ...], "content_type"?}

API Gateway checks the token (401) and its scope (403), and routes only GET. The function takes both payload formats,
1.0 (REST APIs) and 2.0 (HTTP APIs): the id is in pathParameters in both, and the response is the same.

An error is an RFC 9457 problem: 400 for a malformed id, 404 for an unknown file, 409 for a file whose item in the table
is malformed, 503 with Retry-After if the table does not answer, 500 for a bug in this function. The router treats a 5xx
as a fault of the API, and the other errors as faults of one file. Cache-Control says how long the router may remember
an answer.

Environment: FILES_TABLE, a DynamoDB table with the key `id` (S) and the attributes `locations` (a list of
maps of bucket, region and key, the preferred copy first) and, optionally, `content_type`.
Permissions: dynamodb:GetItem on this table.
"""

import logging
from typing import Any

from edge.file_id import FILE_ID
from locator.files import MalformedRecordError, UnavailableError, find
from locator.response import Response, json_response, problem_response

logger = logging.getLogger(__name__)


def handler(event: dict[str, Any], _context: object) -> Response:
    """Answers an API Gateway proxy event. Never raises: a bug is logged and answered with 500."""
    try:
        return _locate((event.get("pathParameters") or {}).get("id", ""))
    except UnavailableError as error:
        logger.error("DynamoDB: %s", error)
        return problem_response(503, "The files table does not answer. Try again.", {"retry-after": "1"})
    except MalformedRecordError as error:
        logger.exception("%s", error)
        return problem_response(409, "The item of this file in the files table is malformed. The log names it.")
    except Exception:
        logger.exception("the lookup API failed")
        return problem_response(500, "The lookup API failed. Its log has the cause.")


def _locate(file_id: str) -> Response:
    if not FILE_ID.fullmatch(file_id):
        return problem_response(400, f"A file's id matches {FILE_ID.pattern}.")
    file = find(file_id)
    if file is None:
        # A short time, because the file may be registered in a moment.
        return problem_response(404, "There is no such file.", {"cache-control": "max-age=5"})
    return json_response(200, file, {"cache-control": "max-age=60"})
