"""The lookup API: which buckets hold a file. An ordinary Lambda function behind API Gateway.

    GET /files/{id}    200 {"id": id, "locations": [{"bucket", "region", "key"}, ...], "content_type"?}

API Gateway checks the token (401) and its scope (403), and routes GET alone. Payload formats 1.0 (REST
APIs) and 2.0 (HTTP APIs) serve alike: both give the id in pathParameters and take the same answer.

An error is an RFC 9457 problem: 400 for an id that cannot be one, 404 for an unknown file, 409 for
one whose item in the table is malformed, 503 with Retry-After when the table does not answer, 500 for a fault here.
The router takes a 5xx for a fault that concerns every file. Cache-Control says how long the router may
remember an answer.

Environment: FILES_TABLE, a DynamoDB table with the key `id` (S) and the attributes `locations` (a list of
maps of bucket, region and key, the preferred first) and, optionally, `content_type`.
Permissions: dynamodb GetItem on it.
"""

import logging
from typing import Any

from edge.file_id import FILE_ID
from locator.files import MalformedRecordError, UnavailableError, find
from locator.response import Response, json_response, problem_response

logger = logging.getLogger(__name__)


def handler(event: dict[str, Any], _context: object) -> Response:
    """Answers an API Gateway proxy event. Raises nothing: a bug is a logged 500."""
    try:
        return _locate((event.get("pathParameters") or {}).get("id", ""))
    except UnavailableError as error:
        logger.error("DynamoDB: %s", error)
        return problem_response(503, "The table of files does not answer. Try again.", {"retry-after": "1"})
    except MalformedRecordError as error:
        logger.exception("%s", error)
        return problem_response(409, "The record of this file is malformed. It has been logged.")
    except Exception:
        logger.exception("the lookup API failed")
        return problem_response(500, "Something went wrong here. It has been logged.")


def _locate(file_id: str) -> Response:
    if not FILE_ID.fullmatch(file_id):
        return problem_response(400, f"A file's id matches {FILE_ID.pattern}.")
    file = find(file_id)
    if file is None:
        # Short, for a file may be registered a moment after somebody asks for it.
        return problem_response(404, "There is no such file.", {"cache-control": "max-age=5"})
    return json_response(200, file, {"cache-control": "max-age=60"})
