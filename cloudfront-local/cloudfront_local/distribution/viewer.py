"""Translates between the laptop's address, which the browser uses, and the distribution's, which functions see.

On AWS, a viewer sends HTTPS requests to the distribution's domain name. Here it sends HTTP requests to a loopback port.
Functions should see the same headers as on AWS. So the loopback address in a request's headers is replaced by the
distribution's address, and in a response's headers the distribution's address by the loopback address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property

from multidict import CIMultiDict

from cloudfront_local.distribution.messages import Request, Response

_LOOPBACK = r"(?:127\.0\.0\.1|localhost|\[::1\])"
# A loopback address with any port: a container or an editor may forward another port to this server's.
_HERE = re.compile(rf"{_LOOPBACK}(?::\d{{1,5}})?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class ViewerSide:
    """Translates between `http://<loopback>:<port>` and `https://<distribution domain name>`."""

    domain_name: str
    port: int

    def inbound(self, request: Request) -> Request:
        """The request with the distribution's address in Host, Origin and Referer."""
        headers = CIMultiDict((name, self._inbound(name.lower(), value)) for name, value in request.headers.items())
        return replace(request, headers=headers)

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
