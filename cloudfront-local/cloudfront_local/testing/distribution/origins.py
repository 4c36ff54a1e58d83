"""The hosts that a test answers for: a distribution's origins, and what functions connect to."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from multidict import CIMultiDict

from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.wildcards import regular_expression
from cloudfront_local.rules.headers import CONTROL_CHARACTER, TOKEN


@dataclass(frozen=True)
class Received:
    """A request that came to a host: `path` and `query` as they were sent, `headers` without regard to case."""

    method: str
    host: str
    path: str
    query: str
    headers: CIMultiDict[str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, from JSON."""
        return json.loads(self.body)

    def __str__(self) -> str:
        return f"{self.method} https://{self.host}{self.path}{'?...' if self.query else ''}"


class Origin:
    """A host, or the part of it whose paths match a pattern, that the test answers for.

    Each request takes the next answer; the last one repeats until another is added. `requests` are those that came, in
    order.
    """

    def __init__(self, host: str, path: str) -> None:
        self.host, self.path = host, path
        self.requests: list[Received] = []
        self._pattern = regular_expression(path)
        self._answers: list[Response | None] = []
        self._repeats = False

    def reply(
        self, status: int = 200, body: str | bytes | Mapping[str, Any] = b"", headers: Mapping[str, str] | None = None
    ) -> Origin:
        """Adds an answer. A mapping is sent as JSON. Raises ValueError for what no origin can answer."""
        if not isinstance(status, int) or not 100 <= status <= 599:
            raise ValueError(f"{status!r} is no status of an answer. Give a number from 100 to 599.")
        if not isinstance(body, str | bytes | Mapping):
            raise ValueError(f"A body of type {type(body).__name__} cannot be sent. Give a text, bytes, or a mapping.")
        for name, value in (headers or {}).items():
            if not TOKEN.fullmatch(name.lower()) or CONTROL_CHARACTER.search(value):
                raise ValueError(f"The header {name!r} has characters that no header can have, such as a line break.")
        fields = CIMultiDict(headers or {})
        if isinstance(body, Mapping):
            fields.setdefault("Content-Type", "application/json")
            body = json.dumps(body)
        content = body.encode() if isinstance(body, str) else body
        fields.setdefault("Content-Length", str(len(content)))
        return self._add(Response(status, fields, content))

    def refuse(self) -> Origin:
        """Adds an answer: there is no connection."""
        return self._add(None)

    def serves(self, host: str, path: str) -> bool:
        """Whether a request for this host and path comes here."""
        return host == self.host and re.fullmatch(self._pattern, path) is not None

    def take(self, request: Received) -> Response | None:
        """The answer to a request; None for no connection. Raises LookupError if the test has given none."""
        self.requests.append(request)
        if not self._answers:
            raise LookupError
        self._repeats = len(self._answers) == 1
        return self._answers[0] if self._repeats else self._answers.pop(0)

    def _add(self, answer: Response | None) -> Origin:
        if self._repeats:
            self._answers.clear()
            self._repeats = False
        self._answers.append(answer)
        return self


@dataclass
class Origins:
    """The hosts of one test. `unexpected` has a line for each request that the test did not expect."""

    given: list[Origin] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)

    def origin(self, host: str, path: str) -> Origin:
        """The host with this path pattern, the same for the same names."""
        for each in self.given:
            if (each.host, each.path) == (host, path):
                return each
        self.given.append(Origin(host, path))
        return self.given[-1]

    def serves(self, host: str, path: str) -> bool:
        """Whether the test answers a request for this host and path."""
        return any(each.serves(host, path) for each in self.given)

    def answer(self, request: Received, sender: str) -> Response | None:
        """The answer to a request; None for no connection. A request that nothing answers is kept as unexpected.

        Of several patterns that match, the longest counts. `sender` is who sent the request.
        """
        matching = [each for each in self.given if each.serves(request.host, request.path)]
        try:
            return max(matching, key=lambda each: len(each.path)).take(request)
        except (LookupError, ValueError):
            self.unexpected.append(f"{request} (from {sender})")
            return None


def received(request: Request, host: str, path: str) -> Received:
    """The distribution's request to an origin, as the host receives it."""
    return Received(request.method, host, path, request.querystring, request.headers, request.body)
