"""Cache behaviors: their settings, and the search for the behavior that matches a request's path.

Source: CloudFront Developer Guide, "Cache behavior settings" (path pattern, allowed HTTP methods).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote

from cloudfront_local.distribution.policies import CachePolicy, OriginRequestPolicy
from cloudfront_local.distribution.response_headers_policy import ResponseHeadersPolicy
from cloudfront_local.distribution.signatures.keys import TrustedKeys
from cloudfront_local.distribution.wildcards import regular_expression


@dataclass(frozen=True)
class FunctionAssociation:
    """A numbered version of a function, tied to one event type of a behavior."""

    function_arn: str
    include_body: bool = False


@dataclass(frozen=True)
class CacheBehavior:
    """One cache behavior. `functions` of Lambda@Edge and the ARNs of `cloudfront_functions` are by event type, such as
    `viewer-request`.

    `trusted_keys` sign the URLs or cookies that the behavior's viewers need; None if they need none.
    `viewer_protocol_policy` is `allow-all`, `redirect-to-https` or `https-only`.
    """

    path_pattern: str
    origin_id: str
    cache_policy: CachePolicy
    origin_request_policy: OriginRequestPolicy = field(default_factory=OriginRequestPolicy)
    response_headers_policy: ResponseHeadersPolicy | None = None
    allowed_methods: frozenset[str] = frozenset({"GET", "HEAD"})
    cached_methods: frozenset[str] = frozenset({"GET", "HEAD"})
    compress: bool = False
    functions: Mapping[str, FunctionAssociation] = field(default_factory=dict)
    cloudfront_functions: Mapping[str, str] = field(default_factory=dict)
    trusted_keys: TrustedKeys | None = None
    viewer_protocol_policy: str = "allow-all"

    def may_cache(self, method: str) -> bool:
        """Whether CloudFront may cache answers to this method: GET and HEAD, and OPTIONS if `cached_methods` has it."""
        return self.cache_policy.caches and method in self.cached_methods

    @property
    def collapses(self) -> bool:
        """Whether requests for the same object wait for the first of them. If cookies are forwarded, none waits."""
        return not self.forwards_cookies

    @property
    def forwards_cookies(self) -> bool:
        """Whether the viewer's cookies can reach the origin, and the origin's `Set-Cookie` the viewer."""
        return not (self.cache_policy.cookies.is_none and self.origin_request_policy.cookies.is_none)

    @property
    def shows_body(self) -> bool:
        """Whether the viewer-request function sees the body."""
        association = self.functions.get("viewer-request")
        return association is not None and association.include_body

    @property
    def shows_query(self) -> bool:
        """Whether functions at origin events see the query string. They do only if the whole query string is forwarded.

        Source: Developer Guide, "Restrictions on all edge functions", query strings.
        """
        return self.cache_policy.query_strings.is_all or self.origin_request_policy.query_strings.is_all


def match(behaviors: Iterable[CacheBehavior], uri: str) -> CacheBehavior:
    """The first behavior whose path pattern matches. The default behavior, `*`, comes last and matches every path."""
    path = normalized(uri)
    return next(b for b in behaviors if _pattern(b.path_pattern).fullmatch(path))


def path_matches(path_pattern: str, uri: str) -> bool:
    """Whether a path pattern matches the path of a viewer's request."""
    return _pattern(path_pattern).fullmatch(normalized(uri)) is not None


def normalized(uri: str) -> str:
    """The path in the normal form (RFC 3986, section 6) that patterns are matched with. The origin still receives the
    path as the viewer sent it."""
    if not _NOT_NORMAL.search(uri):
        return uri
    path = re.sub(r"%([0-9A-Fa-f]{2})", _unreserved, uri)
    trailing = "/" if path.endswith(("/", "/.", "/..")) else ""
    path = posixpath.normpath("/" + path.lstrip("/"))
    return path if path.endswith("/") else path + trailing


# Most paths are in the normal form: they are not taken apart.
_NOT_NORMAL = re.compile(r"^[^/]|//|/\.|%|^$")


def _unreserved(escape: re.Match[str]) -> str:
    character = unquote(escape[0], errors="replace")
    return character if re.fullmatch(r"[A-Za-z0-9._~-]", character) else escape[0].upper()


@lru_cache
def _pattern(path_pattern: str) -> re.Pattern[str]:
    """`*` matches any number of characters, including slashes; `?` matches one. The leading slash may be left out."""
    return re.compile("/" + regular_expression(path_pattern.removeprefix("/")), re.DOTALL)
