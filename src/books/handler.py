"""The books API, the demo's origin behind the signer: an ordinary Lambda function with a function URL.

    GET    /books               200 {"books": [book, ...], "next"?}   ?limit=1..100&next=token
    POST   /books               201 book, Location                  {"title", "author", "year"?, "isbn"?}
    GET    /books/{id}          200 book
    PUT    /books/{id}          200 book                            the fields of POST, and "version"
    DELETE /books/{id}          204                                 ?version=n
    GET    /books/{id}/cover    200 the image
    PUT    /books/{id}/cover    200 book                            ?version=n, the image as the body
    GET    /me                  200 {"user", "country"}             the user's name and country, or null without one

HEAD works wherever GET does. These are the paths that the function sees: the signer has removed `/api`.
A book also has id, version, created_at, updated_at (ISO 8601, UTC), created_by and updated_by (from the
`x-authenticated-user` header, which a function at viewer-request sets) and, with a cover, cover_type.

Every change adds one to a book's version. A client that changes a book's fields must send the version that it read, so
that it cannot overwrite a change that it has not seen. For a cover or a deletion, the version is optional. The version
is a field of the body, not an If-Match header: a missing version is 400 like any missing field, a stale one 409.

An error is an RFC 9457 problem: {"title", "status", "detail"}, with "field" on a 400 about one field or query
parameter, and "current_version" on 409. A 503 has Retry-After.

Each request writes one JSON line to the log: method, path, status.

Environment: BOOKS_TABLE, a DynamoDB table with the key `id` (S).
Permissions: dynamodb:GetItem, PutItem, UpdateItem, DeleteItem and Scan on this table.
"""

import json
import logging
import sys
from typing import Any

from books.problem import Problem
from books.request import Request
from books.response import Response, problem_response
from books.routes import respond

logger = logging.getLogger(__name__)


def handler(event: dict[str, Any], _context: object) -> Response:
    """Answers a function URL event (payload format 2.0). A bug while answering is logged and answered with 500."""
    response = _answer(event)
    http = event.get("requestContext", {}).get("http", {})
    line = {"method": http.get("method"), "path": http.get("path"), "status": response["statusCode"]}
    sys.stdout.write(json.dumps(line) + "\n")
    return response


def _answer(event: dict[str, Any]) -> Response:
    try:
        return respond(Request.from_event(event))
    except Problem as problem:
        return problem_response(problem)
    except Exception:
        logger.exception("the books API failed")
        return problem_response(Problem(500, "The books API failed. Its log has the cause."))
