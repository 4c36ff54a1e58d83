"""Responses for API Gateway, valid in both of its payload formats."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import TypedDict


class Response(TypedDict):
    """The response of a proxy integration."""

    statusCode: int
    headers: dict[str, str]
    body: str


def json_response(status: int, document: object, headers: Mapping[str, str]) -> Response:
    """A response with `document` as JSON. `headers` may override the content type."""
    headers = {"content-type": "application/json", **headers}
    return {"statusCode": status, "headers": headers, "body": json.dumps(document)}


def problem_response(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """An RFC 9457 problem. Its title is the status's phrase. No cache stores it unless `headers` override that."""
    problem = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    common = {"content-type": "application/problem+json", "cache-control": "no-store"}
    return json_response(status, problem, common | dict(headers or {}))
