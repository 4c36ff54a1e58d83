"""The fixture's type: a whole distribution, asked by a test."""

from __future__ import annotations

import base64
import json as serializer
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import pytest
from multidict import CIMultiDict

from cloudfront_local.distribution.messages import Request
from cloudfront_local.distribution.pipeline import Distribution as Pipeline
from cloudfront_local.distribution.viewer_headers import devices, places
from cloudfront_local.distribution.viewer_headers.viewer import Viewer
from cloudfront_local.testing.distribution.background import Background
from cloudfront_local.testing.distribution.clock import Clock
from cloudfront_local.testing.distribution.origins import Origin, Origins
from cloudfront_local.testing.distribution.result import Result, result

# What the viewer sends with each request, unless the test gives other values.
HEADERS = {"User-Agent": "pytest", "Accept": "*/*"}

_HOST = re.compile(r"localhost|([a-z0-9_-]{1,63}\.)+[a-z0-9-]{1,63}", re.IGNORECASE)


class Distribution:
    """A distribution at an edge location whose cache is empty when the test begins.

    distribution.origin("api.example.org").reply(503)
    assert distribution.get("/api/x").status == 503
    distribution.clock.advance(9)
    assert distribution.get("/api/x").x_cache == "Error from cloudfront"
    """

    def __init__(self, served: Pipeline, clock: Clock, origins: Origins, background: Background) -> None:
        self.clock = clock
        self._served = served
        self._origins = origins
        self._background = background

    @property
    def domain_name(self) -> str:
        """The distribution's own name, such as d111111abcdef8.cloudfront.net."""
        return self._served.config.domain_name

    def origin(self, host: str, path: str = "*") -> Origin:
        """A host that the test answers for, in the place of an origin or of a server that a function calls.

        An origin of the distribution may also be named by its Id. `path` is a pattern with `*` and `?`: the test
        answers for these paths alone. Raises ValueError for what is neither an Id nor the name of a host.
        """
        ids = self._served.config.origins
        if host not in ids and not _HOST.fullmatch(host):
            raise ValueError(
                f"{host!r} is neither the Id of an origin ({', '.join(ids)}) nor the name of a host, such as "
                "api.example.org."
            )
        named = ids.get(host)
        return self._origins.origin(named.domain_name if named else host, path)

    def get(self, path: str, **options: Any) -> Result:
        """A GET request. The options are those of `request`."""
        __tracebackhide__ = True
        return self.request("GET", path, **options)

    def head(self, path: str, **options: Any) -> Result:
        """A HEAD request. The options are those of `request`."""
        __tracebackhide__ = True
        return self.request("HEAD", path, **options)

    def post(self, path: str, **options: Any) -> Result:
        """A POST request. The options are those of `request`."""
        __tracebackhide__ = True
        return self.request("POST", path, **options)

    def request(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | str = b"",
        json: Any = None,
        user: tuple[str, str] | None = None,
        cookies: Mapping[str, str] | None = None,
        country: str = "US",
        device: str = "",
        host: str = "",
        scheme: str = "https",
    ) -> Result:
        """A viewer's request. `path` may have a query string; both go as they are given.

        `json` is sent as the body. `user` has a name and a password, for HTTP basic authentication. `country` is a code
        of ISO 3166-1, and `device` desktop, mobile, smart-tv or tablet, with `,ios` or `,android` if you like;
        without it, the User-Agent tells. `host` is one of the distribution's names. Fails the test if the request leads
        to a request that the test did not expect. Raises ValueError for values that no viewer can have.
        """
        __tracebackhide__ = True
        if not path.startswith("/"):
            raise ValueError(f"{path!r} does not begin with /. Give a path with its query string, and `host` apart.")
        if scheme not in ("http", "https"):
            raise ValueError(f"{scheme!r} is no scheme of a viewer. Give http or https.")
        if user is not None and (isinstance(user, str) or len(user) != 2):
            raise ValueError('`user` has a name and a password, such as ("demo", "demo").')
        fields = CIMultiDict({"Host": host or self.domain_name, **HEADERS})
        fields.update(_fields(user, cookies))
        content = body.encode() if isinstance(body, str) else body
        if json is not None:
            content = serializer.dumps(json).encode()
            fields["Content-Type"] = "application/json"
        if content:
            fields["Content-Length"] = str(len(content))
        fields.update(headers or {})
        uri, _, query = path.partition("?")
        viewer = Viewer(places.place(country), devices.named(device) if device else None)
        asked = Request(method, uri, query, fields, content, viewer=viewer, scheme=scheme)
        answered = self._background.run(self._served.handle(asked))
        self._fail_unexpected()
        return result(answered, method)

    def _fail_unexpected(self) -> None:
        __tracebackhide__ = True
        if self._origins.unexpected:
            lines = "\n".join(f"  {each}" for each in dict.fromkeys(self._origins.unexpected))
            self._origins.unexpected.clear()
            host = lines.partition("://")[2].partition("/")[0]
            pytest.fail(
                f"No answer was given for:\n{lines}\n"
                f'Give one before the request, such as distribution.origin("{host}").reply(200).'
            )


def _fields(user: tuple[str, str] | None, cookies: Mapping[str, str] | None) -> dict[str, str]:
    fields = {}
    if user:
        fields["Authorization"] = "Basic " + base64.b64encode(":".join(user).encode()).decode()
    if cookies:
        fields["Cookie"] = "; ".join(f"{name}={quote(value, safe='-_.~!*%')}" for name, value in cookies.items())
    return fields


class StackDistribution(Distribution):
    """A deployed distribution, with its stack in the embedded AWS."""

    def __init__(self, served: Pipeline, clock: Clock, origins: Origins, background: Background, stack: Any) -> None:
        super().__init__(served, clock, origins, background)
        self._stack = stack

    @property
    def outputs(self) -> Mapping[str, str]:
        """The outputs of the stack, by name."""
        outputs: Mapping[str, str] = self._stack.deployment.outputs
        return outputs

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client of the embedded AWS, as its root. After the test, tables and buckets are as they were."""
        return self._stack.aws.endpoint.client(service, region)
