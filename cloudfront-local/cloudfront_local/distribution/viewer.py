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
_OF_THE_LAPTOP = frozenset({VIEWER_COUNTRY.lower(), VIEWER_DEVICE.lower()})


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
        address = _LOOPBACK + ("(?::80)?" if self.port == 80 else f":{self.port}")
        here = re.compile(rf"^http://{address}(?=/|$)")
        translations: dict[str, Callable[[str], str]] = {
            "host": lambda value: self.domain_name if _HERE.fullmatch(value) else value,
            "origin": lambda value: here.sub(f"https://{self.domain_name}", value),
            "referer": lambda value: here.sub(f"https://{self.domain_name}", value),
        }
        headers = CIMultiDict(
            (name, translations.get(name.lower(), str)(value))
            for name, value in request.headers.items()
            if name.lower() not in _OF_THE_LAPTOP
        )
        return replace(request, headers=headers, viewer=self._viewer(request))

    def _viewer(self, request: Request) -> Viewer:
        country, device = request.headers.get(VIEWER_COUNTRY), request.headers.get(VIEWER_DEVICE)
        viewer = self.viewer
        if country is not None:
            viewer = replace(viewer, place=_chosen(VIEWER_COUNTRY, places.place, country))
        if device is not None:
            viewer = replace(viewer, device=_chosen(VIEWER_DEVICE, devices.named, device))
        return viewer

    def outbound(self, response: Response, host: str) -> Response:
        """The response with this server's address in its headers. `host` is the Host header of the viewer's request."""
        there = re.compile(rf"https://{re.escape(self.domain_name)}(?![\w.:-])")
        here = f"http://{host}"
        headers = CIMultiDict(
            # A function as the replacement: backslashes in the viewer's Host are no references to groups.
            (name, there.sub(lambda _: here, value))
            for name, value in response.headers.items()
        )
        return replace(response, headers=headers)


_T = TypeVar("_T")


def _chosen(header: str, read: Callable[[str], _T], value: str) -> _T:
    """The value that a header of the laptop's own chooses. Raises Refusal."""
    try:
        return read(value)
    except ValueError as error:
        raise Refusal(400, f"The request header {header}: {error}") from None
