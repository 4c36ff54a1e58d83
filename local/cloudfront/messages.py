"""HTTP messages as they pass through the distribution: bytes and names as received, nothing decoded."""

from __future__ import annotations

from dataclasses import dataclass, field

from multidict import CIMultiDict


@dataclass(frozen=True)
class Request:
    """A request. `uri` is the raw path, `querystring` the raw query without its `?`; both as on the wire."""

    method: str
    uri: str
    querystring: str = ""
    headers: CIMultiDict[str] = field(default_factory=CIMultiDict)
    body: bytes = b""
    client_ip: str = "127.0.0.1"
    http_version: str = "1.1"

    @property
    def target(self) -> str:
        """The request target: path and query as one."""
        return f"{self.uri}?{self.querystring}" if self.querystring else self.uri


@dataclass(frozen=True)
class Response:
    """A response with its whole body. `reason` is the status line's phrase."""

    status: int
    headers: CIMultiDict[str] = field(default_factory=CIMultiDict)
    body: bytes = b""
    reason: str = ""
