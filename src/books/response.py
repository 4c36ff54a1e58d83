"""Responses for a function URL."""

import base64
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import TypedDict

from books.problem import Problem

# No cache may store a response, and no browser may guess that a user's cover is something else than an image.
COMMON_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


class Response(TypedDict):
    """A function URL's response, payload format 2.0."""

    statusCode: int
    headers: dict[str, str]
    body: str
    isBase64Encoded: bool


def json_response(status: int, document: object, headers: Mapping[str, str] | None = None) -> Response:
    """A response with `document` as JSON in ASCII: an error may quote a field's name that UTF-8 cannot encode."""
    return _response(status, {"content-type": "application/json", **(headers or {})}, json.dumps(document))


def image_response(content_type: str, data: bytes) -> Response:
    """A response with the bytes of an image. The function URL decodes the base64."""
    response = _response(200, {"content-type": content_type}, base64.b64encode(data).decode())
    return {**response, "isBase64Encoded": True}


def empty_response(status: int) -> Response:
    """A response without a body, such as a 204."""
    return _response(status, {}, "")


def problem_response(problem: Problem) -> Response:
    """`problem` as application/problem+json (RFC 9457), of the type about:blank: its title is the status's phrase."""
    title = HTTPStatus(problem.status).phrase
    document = {"title": title, "status": problem.status, "detail": problem.detail, **problem.members}
    headers = {"content-type": "application/problem+json", **problem.headers}
    return json_response(problem.status, document, headers)


def _response(status: int, headers: Mapping[str, str], body: str) -> Response:
    return {
        "statusCode": status,
        "headers": {**COMMON_HEADERS, **headers},
        "body": body,
        "isBase64Encoded": False,
    }
