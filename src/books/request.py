"""A request, taken from a function URL's event (payload format 2.0)."""

import base64
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from books.problem import Problem, field_problem

# Three times the size of the largest book in JSON with every character escaped.
MAX_JSON_BYTES = 16 * 1024


@dataclass(frozen=True)
class Request:
    """A request. `query` has all values of each parameter, decoded; the names in `headers` are in lower case."""

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
        """The user's name, which a function at viewer-request has verified; None without the header.

        Clients cannot forge the header, because only the signer may call the function URL.
        """
        return self.headers.get("x-authenticated-user")

    @property
    def country(self) -> str | None:
        """The viewer's country as a code of ISO 3166-1, which CloudFront adds; None without the header.

        The origin request policy of `/api/*`, AllViewerExceptHostHeader, forwards CloudFront's headers, too.
        """
        return self.headers.get("cloudfront-viewer-country")

    def parameter(self, name: str) -> str | None:
        """The value of the query parameter `name`, None if absent. Raises Problem 400 if it is given twice."""
        values = self.query.get(name, [])
        if len(values) > 1:
            raise field_problem(name, "is given more than once.")
        return values[0] if values else None

    def content(self, media_types: Collection[str], max_bytes: int) -> tuple[str, bytes]:
        """The body's media type and bytes. Raises Problem 415 for another type, 413 for more than `max_bytes`."""
        media_type = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type not in media_types or "content-encoding" in self.headers:
            accept = ", ".join(sorted(media_types))
            detail = f"Send one of these content types, without a content encoding: {accept}."
            raise Problem(415, detail, headers={"accept": accept})  # RFC 9110 §15.5.16
        if len(self.body) > max_bytes:
            raise Problem(413, f"The body has {len(self.body)} bytes; the limit is {max_bytes}.")
        return media_type, self.body

    def json_object(self) -> dict[str, object]:
        """The body as a JSON object. Raises Problem 400 if it is not one, and 413 and 415 like `content`."""
        _, body = self.content(["application/json"], MAX_JSON_BYTES)
        try:
            document = json.loads(body.decode())
        except (ValueError, RecursionError) as error:  # not JSON, not UTF-8, a number too long, nested too deeply
            raise Problem(400, "The body is not JSON in UTF-8.") from error
        if not isinstance(document, dict):
            raise Problem(400, "The body is not a JSON object.")
        return document
