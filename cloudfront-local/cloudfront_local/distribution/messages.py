"""HTTP requests and responses inside the distribution. Paths, header names and bodies stay as received, undecoded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from multidict import CIMultiDict

from cloudfront_local.distribution.viewer_headers import viewer as viewers
from cloudfront_local.distribution.viewer_headers.viewer import Viewer


@dataclass(frozen=True)
class Request:
    """A request. `uri` is the path and `querystring` the query without `?`, both percent-encoded as received.

    `viewer` is where the request comes from, as the developer chose it. `scheme` is `http` or `https`; `tls` has the
    version, the cipher and the kind of handshake of the viewer's connection. `visited` is the beginning of the URL as
    the viewer sent it, such as `http://127.0.0.1:8080`; empty if that is the distribution's own. `replay_of` is the id
    of the request that the window sends again; empty if a viewer sent this one.
    """

    method: str
    uri: str
    querystring: str = ""
    headers: CIMultiDict[str] = field(default_factory=CIMultiDict)
    body: bytes = b""
    client_ip: str = "127.0.0.1"
    client_port: int = 0
    http_version: str = "1.1"
    viewer: Viewer = viewers.DEFAULT
    scheme: str = "https"
    tls: str = "TLSv1.3:TLS_AES_128_GCM_SHA256:fullHandshake"
    visited: str = ""
    replay_of: str = ""

    @property
    def target(self) -> str:
        """The request target: the path, and the query after a `?`."""
        return f"{self.uri}?{self.querystring}" if self.querystring else self.uri


@dataclass(frozen=True)
class Response:
    """A response with its whole body. `reason` is the reason phrase of the status line."""

    status: int
    headers: CIMultiDict[str] = field(default_factory=CIMultiDict)
    body: bytes = b""
    reason: str = ""


def headers_from_wire(raw_headers: Iterable[tuple[bytes, bytes]]) -> CIMultiDict[str]:
    """Headers in the order and spelling in which they arrived.

    A value that is not UTF-8 is decoded as ISO-8859-1. Source: Developer Guide, "Restrictions on all edge functions",
    encoding.
    """
    return CIMultiDict((name.decode("latin-1"), _text(value)) for name, value in raw_headers)


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
