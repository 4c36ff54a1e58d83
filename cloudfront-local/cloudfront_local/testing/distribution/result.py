"""What a viewer gets."""

from __future__ import annotations

import json as parser
from dataclasses import dataclass
from typing import Any

from multidict import CIMultiDict

from cloudfront_local.distribution.messages import Response


@dataclass(frozen=True)
class Result:
    """A distribution's answer: `headers` without regard to case, `content` as bytes."""

    status: int
    headers: CIMultiDict[str]
    content: bytes

    @property
    def text(self) -> str:
        """The content as text in UTF-8."""
        return self.content.decode()

    @property
    def json(self) -> Any:
        """The content, from JSON."""
        return parser.loads(self.content)

    @property
    def x_cache(self) -> str:
        """What CloudFront says of its cache, such as "Hit from cloudfront"."""
        return self.headers.get("X-Cache", "")

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that the answer sets, by name, without their attributes."""
        pairs = (cookie.partition(";")[0].partition("=") for cookie in self.headers.getall("Set-Cookie", ()))
        return {name.strip(): value for name, _, value in pairs}


def result(response: Response, method: str) -> Result:
    """The answer as the viewer of a request with this method gets it."""
    return Result(response.status, response.headers, b"" if method == "HEAD" else response.body)
