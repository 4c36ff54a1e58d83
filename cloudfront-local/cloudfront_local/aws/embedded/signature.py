"""Verifies Signature Version 4 of requests with the root key, and Version 4A of those to several Regions.

Source: IAM User Guide, "Create a signed AWS API request"; S3 API Reference, "Authenticating Requests: Using Query
Parameters" and "... Using the Authorization Header".
"""

import hashlib
import hmac
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import quote, unquote

from cloudfront_local.aws.embedded import signature_4a

# AWS refuses a signature whose time differs by more than this.
SKEW = timedelta(minutes=15)
_PRESIGNED_SECONDS = 7 * 24 * 3600
_UNSIGNED = "UNSIGNED-PAYLOAD"

HMAC = "AWS4-HMAC-SHA256"
_AUTHORIZATION = re.compile(
    rf"(?P<algorithm>{HMAC}|{signature_4a.ALGORITHM}) +Credential=(?P<credential>[^, ]+) *, *"
    r"SignedHeaders=(?P<headers>[^, ]+) *, *Signature=(?P<signature>[0-9a-f]{64,160})"
)
# The scope of a signature for several Regions names none.
_CREDENTIAL = re.compile(
    r"(?P<key>[A-Za-z0-9_]{1,128})/(?P<scope>(?P<date>[0-9]{8})/([a-z0-9-]{1,64}/)?(?P<service>[a-z0-9.-]{1,64})"
    r"/aws4_request)"
)
_TIME = re.compile(r"[0-9]{8}T[0-9]{6}Z")


class Key(NamedTuple):
    """An access key: its id and its secret."""

    id: str
    secret: str


@dataclass(frozen=True)
class Request:
    """A request as it came: `path` and `query` are raw, header names in lower case, repeated values joined by commas.

    `body` is None if nobody read the body, because the signature does not cover it.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes | None = None


@dataclass(frozen=True)
class Signature:
    """A signature of a request, and the parts of its credential scope."""

    algorithm: str
    key_id: str
    date: str
    scope: str
    service: str
    signed_headers: tuple[str, ...]
    value: str
    time: str
    expires: int | None
    """The seconds that a presigned URL holds; None for a signature in the Authorization header."""

    @property
    def region(self) -> str:
        """The Region in the scope. A scope of Version 4A has none; the service's name is in its place."""
        return self.scope.split("/")[1]

    def covers_body(self, headers: Mapping[str, str]) -> bool:
        """Whether the signature covers the whole body. It does not if the payload is unsigned, or signed in chunks."""
        stated = headers.get("x-amz-content-sha256", "")
        if self.expires is not None and self.service == "s3":
            return False
        return not (stated == _UNSIGNED or stated.startswith("STREAMING-"))


def from_header(authorization: str, headers: Mapping[str, str]) -> Signature | None:
    """The signature in an Authorization header; None if the header has another form."""
    found = _AUTHORIZATION.fullmatch(authorization.strip())
    scope = _CREDENTIAL.fullmatch(found["credential"]) if found else None
    if not found or not scope:
        return None
    names = tuple(found["headers"].split(";"))
    return _of(found["algorithm"], scope, names, found["signature"], headers.get("x-amz-date", ""), None)


def from_query(query: str) -> Signature | None:
    """The signature in a presigned URL; None if a part is missing, or is there twice."""
    found: dict[str, str] = {}
    for name, value in _pairs(query):
        if name in found and name.startswith("X-Amz-"):
            return None
        found[name] = value
    scope = _CREDENTIAL.fullmatch(found.get("X-Amz-Credential", ""))
    expires = found.get("X-Amz-Expires", "")
    if found.get("X-Amz-Algorithm") != HMAC or not scope or not re.fullmatch(r"[0-9]{1,6}", expires):
        return None
    names = tuple(found.get("X-Amz-SignedHeaders", "").split(";"))
    return _of(HMAC, scope, names, found.get("X-Amz-Signature", ""), found.get("X-Amz-Date", ""), int(expires))


def _of(
    algorithm: str, found: re.Match[str], names: tuple[str, ...], value: str, time: str, expires: int | None
) -> Signature:
    scope = found["scope"]
    return Signature(algorithm, found["key"], found["date"], scope, found["service"], names, value, time, expires)


def fault(signature: Signature, request: Request, key: Key, now: datetime) -> str:
    """Why the signature does not hold for the request; empty if it holds."""
    if not _TIME.fullmatch(signature.time) or signature.time[:8] != signature.date:
        return "its signature has no time"
    try:
        signed_at = datetime.strptime(signature.time, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return "its signature has no time"
    holds_until = signed_at + (SKEW if signature.expires is None else timedelta(seconds=signature.expires))
    if now < signed_at - SKEW or now > holds_until or (signature.expires or 0) > _PRESIGNED_SECONDS:
        return "its signature has expired, or is not valid yet"
    if "host" not in signature.signed_headers or not all(name in request.headers for name in signature.signed_headers):
        return "its signature does not cover its headers"
    if any(_holds(signature, canonical, key) for canonical in _canonical_requests(signature, request)):
        return ""
    return "its signature is wrong"


def _holds(signature: Signature, canonical_request: str, key: Key) -> bool:
    digest = hashlib.sha256(canonical_request.encode()).hexdigest()
    text = f"{signature.algorithm}\n{signature.time}\n{signature.scope}\n{digest}"
    if signature.algorithm == signature_4a.ALGORITHM:
        return signature_4a.verifies(bytes.fromhex(signature.value), text, *key)
    secret = f"AWS4{key.secret}".encode()
    for part in (*signature.scope.split("/"), text):
        secret = hmac.digest(secret, part.encode(), "sha256")
    return hmac.compare_digest(secret.hex(), signature.value)


def _canonical_requests(signature: Signature, request: Request) -> Iterator[str]:
    """The canonical request in each spelling of the path and of the query string that clients sign."""
    headers = "".join(f"{name}:{' '.join(request.headers[name].split())}\n" for name in signature.signed_headers)
    payload = _payload(signature, request)
    for path, query in itertools.product(dict.fromkeys(_paths(request.path)), _queries(signature, request.query)):
        yield "\n".join((request.method, path, query, headers, ";".join(signature.signed_headers), payload))


def _paths(raw: str) -> tuple[str, ...]:
    """S3 signs the path with one encoding, other services sign it with two."""
    once = quote(unquote(raw), safe="/-_.~")
    return once, quote(once, safe="/-_.~"), raw, quote(raw, safe="/-_.~")


def _payload(signature: Signature, request: Request) -> str:
    if not signature.covers_body(request.headers):
        return request.headers.get("x-amz-content-sha256") or _UNSIGNED
    return hashlib.sha256(request.body or b"").hexdigest()


def _pairs(query: str) -> list[tuple[str, str]]:
    parts = (part.partition("=") for part in query.split("&") if part)
    return [(unquote(name), unquote(value)) for name, _, value in parts]


def _queries(signature: Signature, query: str) -> Iterator[str]:
    """Clients sign the query string in the one encoding that AWS asks for; botocore signs the encoding that it got."""
    pairs = [pair for pair in _pairs(query) if pair[0] != "X-Amz-Signature" or signature.expires is None]
    yield "&".join(sorted(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in pairs))
    raw = (part.partition("=") for part in query.split("&")) if query else ()
    kept = sorted((name, value) for name, _, value in raw if name != "X-Amz-Signature" or signature.expires is None)
    yield "&".join(f"{name}={value}" for name, value in kept)
