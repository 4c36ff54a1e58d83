"""The laptop's address and the distribution's: functions see the one, the browser the other.

At CloudFront a viewer speaks HTTPS to the distribution's domain name. Here it speaks HTTP to a loopback port. So that
functions see what they will see once deployed, the loopback origin in a request's headers is replaced with the
distribution's on the way in, and the other way round in a response's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from multidict import CIMultiDict

from cloudfront_local.distribution.messages import Request, Response

_LOOPBACK = r"(?:127\.0\.0\.1|localhost|\[::1\])"


@dataclass(frozen=True)
class ViewerSide:
    """Translates between `http://<loopback>:<port>` and `https://<distribution domain name>`."""

    domain_name: str
    port: int

    def inbound(self, request: Request) -> Request:
        """The request as CloudFront would have received it."""
        address = _LOOPBACK + ("(?::80)?" if self.port == 80 else f":{self.port}")
        here = re.compile(rf"^http://{address}(?=/|$)")
        translations: dict[str, Callable[[str], str]] = {
            "host": lambda value: self.domain_name if re.fullmatch(address, value) else value,
            "origin": lambda value: here.sub(f"https://{self.domain_name}", value),
            "referer": lambda value: here.sub(f"https://{self.domain_name}", value),
        }
        headers = CIMultiDict(
            (name, translations.get(name.lower(), str)(value)) for name, value in request.headers.items()
        )
        return replace(request, headers=headers)

    def outbound(self, response: Response, host: str) -> Response:
        """The response as a browser on this machine can follow it. `host` is what the viewer called this server."""
        there = re.compile(rf"https://{re.escape(self.domain_name)}(?![\w.:-])")
        headers = CIMultiDict((name, there.sub(f"http://{host}", value)) for name, value in response.headers.items())
        return replace(response, headers=headers)
