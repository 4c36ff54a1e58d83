"""A viewer's request that makes an event worth keeping."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field

from multidict import CIMultiDict

from cloudfront_local.distribution.messages import Request

DOMAIN = "{domain}"  # in a header's value, stands for the distribution's own


@dataclass(frozen=True)
class Visit:
    """A request, and what a function makes of it. `name` is the file under events/ that is recorded of it.

    `how` and `result` are for the table; `asks_aws` says that the function cannot answer without AWS.
    """

    name: str
    how: str
    result: str
    path: str = "/"
    method: str = "GET"
    user: str = "demo:demo"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    asks_aws: bool = False

    @property
    def function(self) -> str:
        return self.name.partition("/")[0]

    def request(self, domain: str) -> Request:
        """The request as a distribution of this domain name gets it."""
        headers = CIMultiDict({"Host": domain, "User-Agent": "curl/8.14.1", "Accept": "*/*"})
        if self.user:
            headers["Authorization"] = f"Basic {b64encode(self.user.encode()).decode()}"
        headers.update({name: value.replace(DOMAIN, domain) for name, value in self.headers.items()})
        if self.body:
            headers["Content-Length"] = str(len(self.body))
        uri, _, querystring = self.path.partition("?")
        return Request(self.method, uri, querystring, headers, self.body)
