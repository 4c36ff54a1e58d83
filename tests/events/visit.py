"""A viewer's request that makes an event worth keeping."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from multidict import CIMultiDict

from cloudfront_local.distribution.messages import Request

TABLE = """\
# Events of `src/{function}`

`make events FUNCTION={function}` records them and writes this table. [What events are](../README.md)

| Event | The request | Result | Without AWS |
|---|---|---|---|
{rows}
"""
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


def table(function: str, visits: Iterable[Visit]) -> str:
    """The README of a function's events: how each came to be, and what is expected of it."""
    rows = [
        f"| [`{name}`]({name}.json) | {each.how} | {each.result} | {'503' if each.asks_aws else 'the same'} |"
        for each in visits
        if each.function == function and (name := each.name.partition("/")[2])
    ]
    return TABLE.format(function=function, rows="\n".join(rows))
