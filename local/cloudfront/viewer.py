"""The laptop's address and the distribution's: functions see the one, the browser the other.

At CloudFront a viewer speaks HTTPS to the distribution's domain name. Here it speaks HTTP to a loopback port. So that
functions see what they will see once deployed, the loopback origin in a request's headers is replaced with the
distribution's on the way in, and the other way round in a response's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from multidict import CIMultiDict

from local.cloudfront.messages import Request, Response

_LOOPBACK = r"(?:127\.0\.0\.1|localhost|\[::1\])"
_ADDRESSED = ("origin", "referer")


@dataclass(frozen=True)
class ViewerSide:
    """Translates between `http://<loopback>:<port>` and `https://<distribution domain name>`."""

    domain_name: str
    port: int

    def inbound(self, request: Request) -> Request:
        """The request as CloudFront would have received it."""
        here = re.compile(rf"^http://{_LOOPBACK}:{self.port}(?=/|$)")
        headers = CIMultiDict(
            (name, here.sub(f"https://{self.domain_name}", value) if name.lower() in _ADDRESSED else value)
            for name, value in request.headers.items()
        )
        if re.fullmatch(rf"{_LOOPBACK}(:{self.port})?", headers.get("Host", "")):
            headers["Host"] = self.domain_name
        return replace(request, headers=headers)

    def outbound(self, response: Response, host: str) -> Response:
        """The response as a browser on this machine can follow it. `host` is what the viewer called this server."""
        there = f"https://{self.domain_name}"
        headers = CIMultiDict(
            (name, value.replace(there, f"http://{host}")) for name, value in response.headers.items()
        )
        return replace(response, headers=headers)
