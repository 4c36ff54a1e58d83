"""Answers, as API Gateway takes them from its function in both payload formats."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import TypedDict


class Response(TypedDict):
    """A proxy integration's response."""

    statusCode: int
    headers: dict[str, str]
    body: str


def json_response(status: int, document: object, headers: Mapping[str, str]) -> Response:
    """`document` as JSON; `headers` may override its content type."""
    headers = {"content-type": "application/json", **headers}
    return {"statusCode": status, "headers": headers, "body": json.dumps(document)}


def problem_response(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """An RFC 9457 problem of type about:blank, titled as its status; uncached unless `headers` say so."""
    problem = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    common = {"content-type": "application/problem+json", "cache-control": "no-store"}
    return json_response(status, problem, common | dict(headers or {}))
