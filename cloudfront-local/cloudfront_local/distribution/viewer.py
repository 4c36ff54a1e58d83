"""Translates between the laptop's viewers and those of the distribution, which functions see.

On AWS, a viewer sends requests to the distribution's domain name. Here it sends them to a loopback address and a port.
Functions should see the same headers as on AWS. So the loopback address in a request's headers is replaced by the
distribution's address, and in a response's headers the distribution's address by the loopback address. If the laptop
does not serve HTTPS, a viewer's plain HTTP counts as HTTPS.

The laptop knows no viewer's country. So the developer chooses the viewer's place and device, for all requests or, with
the headers `X-Local-Viewer-Country` and `X-Local-Viewer-Device`, for one request. Nothing else sees these headers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TypeVar

from multidict import CIMultiDict

from cloudfront_local.distribution.config import without_port
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
    requests that do not choose another one.

    With an `https_port`, HTTP and HTTPS are translated apart: `https://<loopback>:<https_port>` and
    `http://<loopback>:<port>`. The viewer may also use an alias; then only its port is this server's.
    """

    domain_name: str
    port: int
    viewer: Viewer = viewers.DEFAULT
    https_port: int | None = None

    def inbound(self, request: Request) -> Request:
        """The request with its viewer, and with the distribution's address in Host, Origin and Referer. Its scheme is
        first that of the connection.

        Raises Refusal if it asks for a viewer that there cannot be.
        """
        alias = self._alias(request.headers.get("Host", ""))
        headers = CIMultiDict(
            (name, self._inbound(name.lower(), value, alias)) for name, value in request.headers.items()
        )
        country, device = headers.popall(VIEWER_COUNTRY, None), headers.popall(VIEWER_DEVICE, None)
        return replace(
            request,
            headers=headers,
            viewer=self._chosen(country, device),
            scheme="https" if self.https_port is None else request.scheme,
            visited=f"{request.scheme}://{request.headers.get('Host', '')}",
        )

    def _chosen(self, country: list[str] | None, device: list[str] | None) -> Viewer:
        viewer = self.viewer
        if country:
            viewer = replace(viewer, place=_read(VIEWER_COUNTRY, places.place, country))
        if device:
            viewer = replace(viewer, device=_read(VIEWER_DEVICE, devices.named, device))
        return viewer

    def _alias(self, host: str) -> str:
        """The other name that the viewer uses, without the port; empty for a loopback address, and without HTTPS."""
        return without_port(host) if self.https_port is not None and not _HERE.fullmatch(host) else ""

    def _inbound(self, name: str, value: str, alias: str) -> str:
        if name == "host":
            return self.domain_name if _HERE.fullmatch(value) else alias or value
        if name in ("origin", "referer"):
            for here, there in self._addresses:
                value = here.sub(there, value)
            if alias:
                here = _urls_at(alias, self.port, self.https_port)
                value = here.sub(lambda found: found[1] or found[2], value)
        return value

    def outbound(self, response: Response, visited: str) -> Response:
        """The response with this server's address in its headers. `visited` is the beginning of the URL as the viewer
        sent it, such as `http://127.0.0.1:8080`."""
        scheme, _, host = visited.partition("://")
        name = without_port(host)
        there = _urls_of(self.domain_name, self._alias(host))

        def here(found: re.Match[str]) -> str:
            if self.https_port is None:
                return f"http://{host}" if found[1] == "https" else found[0]
            port = self.https_port if found[1] == "https" else self.port
            return visited if found[1] == scheme else f"{found[1]}://{name}:{port}"

        headers = CIMultiDict((key, there.sub(here, value)) for key, value in response.headers.items())
        return replace(response, headers=headers)

    @cached_property
    def _addresses(self) -> list[tuple[re.Pattern[str], str]]:
        """This server's addresses, and those of the distribution in their place."""
        if self.https_port is None:
            return [(_url("http", self.port), f"https://{self.domain_name}")]
        ports = {"http": self.port, "https": self.https_port}
        return [(_url(scheme, port), f"{scheme}://{self.domain_name}") for scheme, port in ports.items()]


def _url(scheme: str, port: int) -> re.Pattern[str]:
    is_default = (scheme, port) in (("http", 80), ("https", 443))
    return re.compile(rf"^{scheme}://{_LOOPBACK}" + (f"(?::{port})?" if is_default else f":{port}") + "(?=/|$)")


@lru_cache
def _urls_at(alias: str, port: int, https_port: int | None) -> re.Pattern[str]:
    """The beginning of a URL at an alias on this server. A group has it without the port."""
    name = re.escape(alias)
    return re.compile(rf"^(?:(http://{name}):{port}|(https://{name}):{https_port})(?=/|$)")


@lru_cache
def _urls_of(domain_name: str, alias: str) -> re.Pattern[str]:
    """The URLs of a distribution, also at one of its aliases, if there is one. None has a port."""
    names = "|".join(re.escape(name) for name in (domain_name, alias) if name)
    return re.compile(rf"(https?)://(?:{names})(?![\w.:-])")


_T = TypeVar("_T")


def _read(header: str, read: Callable[[str], _T], values: list[str]) -> _T:
    """The value that a header of the laptop's own has. Raises Refusal."""
    try:
        return read(",".join(values))
    except ValueError as error:
        raise Refusal(400, f"The request header {header}: {error}") from None
