"""Translates between the laptop's viewers and those of the distribution, which functions see.

On AWS, a viewer sends HTTPS requests to the distribution's domain name. Here it sends HTTP requests to a loopback port.
Functions should see the same headers as on AWS. So the loopback address in a request's headers is replaced by the
distribution's address, and in a response's headers the distribution's address by the loopback address.

The laptop knows no viewer's country. So the developer chooses the viewer's place and device, for all requests or, with
the headers `X-Local-Viewer-Country` and `X-Local-Viewer-Device`, for one request. Nothing else sees these headers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from multidict import CIMultiDict

from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.pages import Refusal
from cloudfront_local.distribution.viewer_headers import devices, places
from cloudfront_local.distribution.viewer_headers import viewer as viewers
from cloudfront_local.distribution.viewer_headers.viewer import Viewer

_LOOPBACK = r"(?:127\.0\.0\.1|localhost|\[::1\])"
# A loopback address with any port: a container or an editor may forward another port to this server's.
_HERE = re.compile(rf"{_LOOPBACK}(?::\d{{1,5}})?", re.ASCII | re.IGNORECASE)

VIEWER_COUNTRY = "X-Local-Viewer-Country"
VIEWER_DEVICE = "X-Local-Viewer-Device"


@dataclass(frozen=True)
class ViewerSide:
    """Translates between `http://<loopback>:<port>` and `https://<distribution domain name>`. `viewer` is the viewer of
    requests that do not choose another one."""

    domain_name: str
    port: int
    viewer: Viewer = viewers.DEFAULT

    def inbound(self, request: Request) -> Request:
        """The request with its viewer, and with the distribution's address in Host, Origin and Referer.

        Raises Refusal if it asks for a viewer that there cannot be.
        """
        headers = CIMultiDict((name, self._inbound(name.lower(), value)) for name, value in request.headers.items())
        country, device = headers.popall(VIEWER_COUNTRY, None), headers.popall(VIEWER_DEVICE, None)
        visited = f"http://{request.headers.get('Host', '')}"
        return replace(request, headers=headers, viewer=self._chosen(country, device), visited=visited)

    def _chosen(self, country: list[str] | None, device: list[str] | None) -> Viewer:
        viewer = self.viewer
        if country:
            viewer = replace(viewer, place=_read(VIEWER_COUNTRY, places.place, country))
        if device:
            viewer = replace(viewer, device=_read(VIEWER_DEVICE, devices.named, device))
        return viewer

    def _inbound(self, name: str, value: str) -> str:
        if name == "host":
            return self.domain_name if _HERE.fullmatch(value) else value
        return self._here.sub(f"https://{self.domain_name}", value) if name in ("origin", "referer") else value

    def outbound(self, response: Response, host: str) -> Response:
        """The response with this server's address in its headers. `host` is the Host header of the viewer's request."""
        here = f"http://{host}"
        headers = CIMultiDict(
            # A function as the replacement: backslashes in the viewer's Host are no references to groups.
            (name, self._there.sub(lambda _: here, value))
            for name, value in response.headers.items()
        )
        return replace(response, headers=headers)

    @cached_property
    def _here(self) -> re.Pattern[str]:
        address = _LOOPBACK + ("(?::80)?" if self.port == 80 else f":{self.port}")
        return re.compile(rf"^http://{address}(?=/|$)")

    @cached_property
    def _there(self) -> re.Pattern[str]:
        return re.compile(rf"https://{re.escape(self.domain_name)}(?![\w.:-])")


_T = TypeVar("_T")


def _read(header: str, read: Callable[[str], _T], values: list[str]) -> _T:
    """The value that a header of the laptop's own has. Raises Refusal."""
    try:
        return read(",".join(values))
    except ValueError as error:
        raise Refusal(400, f"The request header {header}: {error}") from None
