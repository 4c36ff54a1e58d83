"""CORS headers of a response headers policy.

Sources: CloudFront Developer Guide, "Understand response headers policies" (CORS headers), and "Use managed response
headers policies". Fetch Standard, section 3.3, for the names of the headers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from multidict import CIMultiDict

from cloudfront_local.distribution import unverified
from cloudfront_local.distribution.messages import Request
from cloudfront_local.distribution.wildcards import regular_expression
from cloudfront_local.rules.api_refusals import CORS_ORIGIN

CORS_PREFIX = "access-control-"
_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")

# Facts of the guide's table of origins:
#   http://*.example.org     http://www.example.org, but neither https nor a port
#   *.example.org            http and https, any depth of subdomains, no port
#   example.org              http and https
#   http://example.org:*     any port, and none
#   http://example.org:1*3   the ports 13, 123 and 1893
#   *                        every origin
# A wildcard stands only for the leftmost labels of the host, or in the port.


@dataclass(frozen=True)
class Cors:
    """The CORS section of a policy. `origins` is None for all origins. Names in `allow_headers` may have wildcards."""

    origins: re.Pattern[str] | None
    allow_headers: tuple[str, ...] = ()
    allow_methods: tuple[str, ...] = ()
    allow_credentials: bool = False
    expose_headers: tuple[str, ...] = ()
    max_age: int | None = None
    override: bool = False

    def headers(self, request: Request) -> Iterator[tuple[str, str]]:
        """The CORS headers for the answer to a request; none without an `Origin` that the policy allows.

        Every OPTIONS request counts as a preflight request.
        """
        origin = request.headers.get("Origin")
        if origin is None or (self.origins and not self.origins.fullmatch(origin)):
            return
        yield "Access-Control-Allow-Origin", origin if self.origins else "*"
        if self.allow_credentials:
            yield "Access-Control-Allow-Credentials", "true"
        if request.method == "OPTIONS":
            if allowed := self._allowed_headers(request.headers):
                yield "Access-Control-Allow-Headers", ", ".join(allowed)
            if self.allow_methods:
                yield "Access-Control-Allow-Methods", ", ".join(self.allow_methods)
            if self.max_age is not None:
                yield "Access-Control-Max-Age", str(self.max_age)
        if self.expose_headers:
            yield "Access-Control-Expose-Headers", ", ".join(self.expose_headers)

    def _allowed_headers(self, asked: CIMultiDict[str]) -> list[str]:
        """The names for Allow-Headers. A browser knows `*`, but no `x-amz-*`: the requested names stand for that."""
        requested = [n.strip() for v in asked.getall("Access-Control-Request-Headers", ()) for n in v.split(",")]
        names: dict[str, None] = {}
        for allowed in self.allow_headers:
            if "*" in allowed and allowed != "*":
                matching = re.compile(regular_expression(allowed), re.IGNORECASE)
                names |= dict.fromkeys(name for name in requested if matching.fullmatch(name))
            else:
                names[allowed] = None
        return list(names)

    def assumptions(self, request: Request) -> Iterator[str]:
        """The statements about CORS that no source confirms, and that the answer to a request depends on."""
        if request.method != "OPTIONS":
            if self.expose_headers:
                yield unverified.EXPOSE_HEADERS
            return
        if "Access-Control-Request-Method" not in request.headers:
            yield unverified.PREFLIGHT
        if "Access-Control-Request-Headers" in request.headers:
            if not self.allow_headers:
                yield unverified.NO_ALLOW_HEADERS
            if any("*" in name and name != "*" for name in self.allow_headers):
                yield unverified.ALLOW_HEADERS_WILDCARD


def cors_section(config: Mapping[str, Any]) -> Cors:
    """The section of a `CorsConfig` of the CloudFront API. Raises ValueError for an origin that CloudFront refuses."""
    origins = _items(config, "AccessControlAllowOrigins")
    methods = _items(config, "AccessControlAllowMethods")
    return Cors(
        origins=None if "*" in origins else re.compile("|".join(map(_origin, origins)), re.IGNORECASE),
        allow_headers=_items(config, "AccessControlAllowHeaders"),
        allow_methods=_METHODS if "ALL" in methods else methods,
        allow_credentials=config.get("AccessControlAllowCredentials", False),
        expose_headers=_items(config, "AccessControlExposeHeaders"),
        max_age=config.get("AccessControlMaxAgeSec"),
        override=config.get("OriginOverride", False),
    )


def _items(config: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(config.get(name, {}).get("Items") or ())


def _origin(pattern: str) -> str:
    """The regular expression of an entry of Access-Control-Allow-Origin."""
    found = CORS_ORIGIN.fullmatch(pattern)
    if not found:
        raise ValueError(
            f"Access-Control-Allow-Origin {pattern}: a wildcard may stand for the leftmost part of the host "
            "(*.example.org) or in the port (http://example.org:*). Correct the origin."
        )
    scheme = re.escape(found["scheme"]) if found["scheme"] else "https?://"
    host = (r"[^/:]+\." if found["any"] else "") + re.escape(found["host"])
    return scheme + host + _port(found["port"])


def _port(pattern: str | None) -> str:
    if pattern is None:
        return ""
    return "(?::[0-9]+)?" if pattern == "*" else ":" + pattern.replace("*", "[0-9]*")
