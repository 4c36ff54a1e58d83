"""A request, as a function URL's event describes it (payload format 2.0)."""

import base64
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from books.problem import Problem, field_problem

# Three times the largest book with every character of it escaped.
MAX_JSON_BYTES = 16 * 1024


@dataclass(frozen=True)
class Request:
    """Names in `query` lead to all their values, decoded; names in `headers` are in lower case."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def from_event(cls, event: Mapping[str, Any]) -> "Request":
        body = event.get("body") or ""
        return cls(
            method=event["requestContext"]["http"]["method"],
            path=event["rawPath"],
            query=parse_qs(event.get("rawQueryString", ""), keep_blank_values=True),
            headers=event["headers"],
            body=base64.b64decode(body) if event.get("isBase64Encoded") else body.encode(),
        )

    @property
    def user(self) -> str | None:
        """Who asks, as a function at viewer-request found, for only the signer may call; None without the header."""
        return self.headers.get("x-authenticated-user")

    def parameter(self, name: str) -> str | None:
        """The query parameter `name`, None when absent; Problem 400 when given twice."""
        values = self.query.get(name, [])
        if len(values) > 1:
            raise field_problem(name, "is given more than once.")
        return values[0] if values else None

    def content(self, media_types: Collection[str], max_bytes: int) -> tuple[str, bytes]:
        """The body's media type and bytes; Problem 415 for a type not listed, 413 past `max_bytes`."""
        media_type = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type not in media_types or "content-encoding" in self.headers:
            accept = ", ".join(sorted(media_types))
            detail = f"Send one of these content types, without content encoding: {accept}."
            raise Problem(415, detail, headers={"accept": accept})  # RFC 9110 §15.5.16
        if len(self.body) > max_bytes:
            raise Problem(413, f"The body has {len(self.body)} bytes; at most {max_bytes} are taken.")
        return media_type, self.body

    def json_object(self) -> dict[str, object]:
        """The body as a JSON object; Problem 400 when it is none, 413 and 415 as `content`."""
        _, body = self.content(["application/json"], MAX_JSON_BYTES)
        try:
            document = json.loads(body.decode())
        except (ValueError, RecursionError) as error:  # also not UTF-8, digits without end, nested too deep
            raise Problem(400, "The body is not JSON in UTF-8.") from error
        if not isinstance(document, dict):
            raise Problem(400, "The body is not a JSON object.")
        return document
