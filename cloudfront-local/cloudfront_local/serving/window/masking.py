"""Hides secrets in what the window shows: Authorization, cookies, tokens, custom headers' values, signatures.

A value under a name that tells a secret is masked, and so is each other text that has the same value in it: a line of
the log, a function's result, a remark.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from typing import Any

from cloudfront_local.distribution.trace import Trace

MASK = "•••"

_NAME = re.compile(
    r"(token|secret|password|passwd|pwd|signature|credential|credentials|api[-_]?key|access[-_]?key|jwt|session|sig|auth"
    r"|authorization|key-pair-id|policy|code|state)$",
    re.IGNORECASE,
)
_HEADER = re.compile(r"(token|secret|password|signature|credential|api-?key|jwt|auth|authorization)$", re.IGNORECASE)
_COOKIES = frozenset({"cookie", "set-cookie"})
# RFC 9110 §11.4: a scheme, then credentials, under any header's name.
_SCHEME = re.compile(r"^(Basic|Bearer|Digest|DPoP|Negotiate|NTLM|AWS4-[A-Z0-9-]+) +\S", re.IGNORECASE)
_CHALLENGES = frozenset({"www-authenticate", "proxy-authenticate"})
_JSON_WEB_TOKEN = re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*")  # RFC 7519 §3: Base64url of `{"...`
_PARAMETER = re.compile(r"([?&;]|^)([^=?&;\s]{1,200})=([^&;#\s\"']+)")
_SHORTEST = 6  # characters of a value that is looked for in other texts


class Masking:
    """Masks what it is given. `secrets` are values that are masked wherever they appear."""

    def __init__(self, secrets: set[str]) -> None:
        self._secrets = sorted((each for each in secrets if len(each) >= _SHORTEST), key=len, reverse=True)

    def text(self, text: str) -> str:
        """The text without the secrets that are known, and without tokens."""
        if any(secret in text for secret in self._secrets):
            text = self._any_secret.sub(MASK, text)
        return _JSON_WEB_TOKEN.sub(MASK, text)

    @functools.cached_property
    def _any_secret(self) -> re.Pattern[str]:
        """Matches the secrets, the longest first. Few requests need it: it takes longer to make than a line of the list
        takes without it."""
        return re.compile("|".join(map(re.escape, self._secrets)))

    def header(self, name: str, value: str) -> str:
        return self.text(_header(name.lower(), value))

    def target(self, target: str) -> str:
        return self.text(query(target))

    def json(self, value: Any) -> Any:
        """A copy of an event or a result."""
        return _json(value, "", self.text)

    def fields(self, value: Any) -> Any:
        """A copy of any JSON document, without the values of fields that have a secret's name."""
        if isinstance(value, dict):
            return {
                name: MASK if isinstance(item, str) and _HEADER.search(name) else self.fields(item)
                for name, item in value.items()
            }
        if isinstance(value, list):
            return [self.fields(item) for item in value]
        return self.text(value) if isinstance(value, str) else value


class Open(Masking):
    """Masks nothing: somebody asked for the secrets."""

    def __init__(self) -> None:
        super().__init__(set())

    def text(self, text: str) -> str:
        return text

    def header(self, _: str, value: str) -> str:
        return value

    def target(self, target: str) -> str:
        return target

    def json(self, value: Any) -> Any:
        return value

    def fields(self, value: Any) -> Any:
        return value


def of(trace: Trace) -> Masking:
    """Masks a request, with its own secrets."""
    return Masking(set(_secrets(trace)))


def query(text: str) -> str:
    """A URL, a target or a query string without the values of parameters that have a secret's name."""
    return _PARAMETER.sub(lambda found: f"{found[1]}{found[2]}={MASK if _NAME.search(found[2]) else found[3]}", text)


def _header(name: str, value: str) -> str:
    if name in _COOKIES:
        return _cookie(value, only_first=name == "set-cookie")
    if name in _CHALLENGES:
        return value
    if _SCHEME.match(value):
        return f"{value.partition(' ')[0]} {MASK}"
    if _HEADER.search(name):
        return MASK
    return query(value) if name in ("location", "content-location", "referer") else value


def _cookie(value: str, *, only_first: bool) -> str:
    """Cookies with their names. Of Set-Cookie, the attributes stay."""
    cookie, semicolon, rest = value.partition(";")
    name, equals, _ = cookie.partition("=")
    masked = f"{name}{equals}{MASK}" if equals else MASK
    if not semicolon:
        return masked
    return f"{masked};{rest if only_first else ' ' + _cookie(rest.strip(), only_first=False)}"


def _secrets(trace: Trace) -> Iterator[str]:
    """The secret values of a request."""
    for _, value in _of_name(trace.request.headers.items()):
        yield from _values(value)
    if trace.response:
        for name, value in _of_name(trace.response.headers.items()):
            yield from _values(value.partition(";")[0] if name.lower() == "set-cookie" else value)
    for found in _PARAMETER.finditer(trace.request.querystring):
        if _NAME.search(found[2]):
            yield found[3]
    for asked in trace.asked:
        # What the origin's name shows, such as its Region, is no secret.
        yield from (value for _, value in asked.origin.custom_headers if value not in asked.origin.domain_name)
        for _, value in _of_name(asked.sent.headers.items()):
            yield from _values(value)


def _of_name(headers: Any) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in headers if _header(name.lower(), value) != value)


def _values(value: str) -> Iterator[str]:
    """A header's value, and the credentials, cookies and parts in it."""
    yield value
    for part in re.split(r"[;,\s]+", value):
        name, _, inner = part.partition("=")
        if name != "SignedHeaders":
            yield inner
    if _SCHEME.match(value):
        yield value.partition(" ")[2]


def _json(value: Any, field: str, text: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return text(query(value) if field in ("querystring", "uri", "origin") else value)
    if isinstance(value, list):
        return [_json(item, field, text) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: _field(field, name, item, text) for name, item in value.items()}


def _field(parent: str, name: str, value: Any, text: Callable[[str], str]) -> Any:
    if parent in ("headers", "customHeaders"):
        return _values_of(value, lambda found: MASK if parent == "customHeaders" else text(_header(name, found)))
    if parent == "cookies" or (parent == "querystring" and _NAME.search(name)):
        return _values_of(value, lambda _: MASK)
    return _json(value, name, text)


def _values_of(value: Any, mask: Callable[[str], str]) -> Any:
    """The items of a header, a cookie or a parameter, in the forms of both kinds of functions."""
    if isinstance(value, list):
        return [_values_of(item, mask) for item in value]
    if isinstance(value, dict):
        kept = {"key", "attributes"}
        return {
            name: item if name in kept else mask(item) if isinstance(item, str) else _values_of(item, mask)
            for name, item in value.items()
        }
    return mask(value) if isinstance(value, str) else value
