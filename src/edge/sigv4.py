"""AWS Signature Version 4 in the `Authorization` header, each stage a function of its arguments alone.

Source: AWS IAM User Guide, "Create a signed AWS API request". What is signed has to be what is sent, and servers
disagree about characters that may be escaped or not. So send the path through `encode_path`, the query through
`encode_query`, and sign these: then no two readings of them differ.
"""

from __future__ import annotations

import functools
import hashlib
import os
import time

from edge.percent import UNRESERVED, percent_encode, respell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

ALGORITHM = "AWS4-HMAC-SHA256"

_PLAIN = UNRESERVED + b"/"

# RFC 2104 §2, ipad and opad: every octet of a key after their XOR.
_INNER = bytes([octet ^ 0x36 for octet in range(256)])
_OUTER = bytes([octet ^ 0x5C for octet in range(256)])


class Credentials:
    """An access key; temporary ones have a session token. No tuple or dataclass, whose `repr` would show the secret."""

    __slots__ = ("access_key", "secret_key", "session_token")

    def __init__(self, access_key: str, secret_key: str, session_token: str | None = None) -> None:
        self.access_key = access_key
        self.secret_key = secret_key
        self.session_token = session_token


def credentials_from_environment() -> Credentials:
    """The credentials that Lambda gives to the function. Raises KeyError, the missing variable its argument."""
    environment = os.environ
    return Credentials(
        environment["AWS_ACCESS_KEY_ID"],
        environment["AWS_SECRET_ACCESS_KEY"],
        environment.get("AWS_SESSION_TOKEN"),
    )


def encode_path(path: str, service: str) -> str:
    """The path to send: every segment decoded and encoded again, an escaped slash (%2F) staying in its segment.

    For all services but S3, whose keys may hold anything, "." and ".." are resolved and empty segments dropped.
    """
    return _normalized(respell(path, _PLAIN), service)


def encode_query(query: str) -> str:
    """The query to send: names and values decoded and encoded again, in the order given, repeated ones kept.

    A "+" is a space: HTML forms mean one, function URLs, API Gateway and S3 read one. Verifiers differ on how a "+"
    is signed (AWS's C library as a plus, others as a space), so neither it nor any other doubtful character is sent.
    """
    return query and "&".join([name + equals + value for name, equals, value in _parameters(query)])


def canonical_path(path: str, service: str) -> str:
    """The path, given as it is sent, as it is signed: S3 takes it encoded once, every other service twice."""
    if service == "s3":
        return encode_path(path, service)
    return percent_encode(_normalized(path, service).encode(), _PLAIN)


def canonical_query(query: str) -> str:
    """The query as it is signed: `encode_query`, every name with a "=", sorted by name, then by value."""
    return query and "&".join([f"{name}={value}" for name, value in sorted([(n, v) for n, _, v in _parameters(query)])])


def canonical_headers(headers: Mapping[str, str]) -> tuple[str, str]:
    """The headers to sign as a block of lines, and their names joined by ";".

    Sign only what arrives as it was sent. CloudFront changes or adds `accept-encoding`, `te`, `user-agent`, `via`,
    `x-amz-cf-id`, `x-amzn-trace-id` and `x-forwarded-for` on the way.
    """
    return _lines(_lowered(headers))


def canonical_request(method: str, path: str, query: str, headers: str, names: str, payload_hash: str) -> str:
    """The request as it is signed, of canonical parts."""
    return f"{method}\n{path}\n{query}\n{headers}\n{names}\n{payload_hash}"


def credential_scope(date: str, region: str, service: str) -> str:
    """What a signature is good for; `date` as YYYYMMDD."""
    return f"{date}/{region}/{service}/aws4_request"


def string_to_sign(timestamp: str, scope: str, request: str) -> str:
    """What the key signs; `timestamp` as YYYYMMDDTHHMMSSZ, `request` canonical."""
    return f"{ALGORITHM}\n{timestamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    """RFC 2104 with SHA-256. Not by way of the module hmac, whose import is 5 % of a cold start."""
    inner, outer = _keyed(key)
    inner, outer = inner.copy(), outer.copy()
    inner.update(message)
    outer.update(inner.digest())
    return outer.digest()


@functools.lru_cache(maxsize=16)
def _keyed(key: bytes) -> tuple[hashlib._Hash, hashlib._Hash]:
    """The inner and the outer hash, the key taken in: half of the work, and the same for each signature of a day."""
    block = (key if len(key) <= 64 else hashlib.sha256(key).digest()).ljust(64, b"\0")
    return hashlib.sha256(block.translate(_INNER)), hashlib.sha256(block.translate(_OUTER))


@functools.lru_cache(maxsize=16)
def signing_key(secret_key: str, date: str, region: str, service: str) -> bytes:
    """The key of one day, Region and service. Remembered: deriving it costs as much as the rest of a signature."""
    key = f"AWS4{secret_key}".encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac_sha256(key, part.encode())
    return key


def signature(key: bytes, text: str) -> str:
    """The signature of a string to sign, in hexadecimal."""
    return hmac_sha256(key, text.encode()).hex()


def authorization_header(access_key: str, scope: str, names: str, signed: str) -> str:
    """The value of the `Authorization` header."""
    return f"{ALGORITHM} Credential={access_key}/{scope}, SignedHeaders={names}, Signature={signed}"


def signed_headers(
    method: str,
    host: str,
    path: str,
    query: str,
    headers: Mapping[str, str],
    payload: bytes | str,
    *,
    service: str,
    region: str,
    credentials: Credentials,
    now: float,
    send_hash: bool = False,
) -> dict[str, str]:
    """The headers to add to a request, `authorization` among them, their names in lower case.

    `path` and `query` as they are sent (`encode_path`, `encode_query`), `headers` those to sign besides `host` and
    the ones added, `payload` the body or a text to sign in place of its SHA-256 (such as "UNSIGNED-PAYLOAD"), `now`
    in seconds since the epoch. `send_hash` adds the payload's hash as a header, which S3 always gets.
    """
    timestamp = _timestamp(int(now))
    payload_hash = payload if isinstance(payload, str) else hashlib.sha256(payload).hexdigest()
    scope = credential_scope(timestamp[:8], region, service)
    added = {"x-amz-date": timestamp}
    if credentials.session_token:
        added["x-amz-security-token"] = credentials.session_token
    if send_hash or service == "s3":  # Amazon S3: every request has to carry it
        added["x-amz-content-sha256"] = payload_hash
    lines, names = _lines({**_lowered(headers), **added, "host": host})
    request = canonical_request(
        method, canonical_path(path, service), canonical_query(query), lines, names, payload_hash
    )
    key = signing_key(credentials.secret_key, timestamp[:8], region, service)
    signed = signature(key, string_to_sign(timestamp, scope, request))
    added["authorization"] = authorization_header(credentials.access_key, scope, names, signed)
    return added


@functools.lru_cache(maxsize=1)
def _timestamp(now: int) -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))


def _lowered(headers: Mapping[str, str]) -> dict[str, str]:
    """Names in lower case; values trimmed, by octets: str.split would also take away spaces that are not ASCII's."""
    return {name.lower(): b" ".join(value.encode().split()).decode() for name, value in headers.items()}


def _lines(headers: dict[str, str]) -> tuple[str, str]:
    names = sorted(headers)
    return "".join([f"{name}:{headers[name]}\n" for name in names]), ";".join(names)


def _normalized(path: str, service: str) -> str:
    """RFC 3986 §5.2.4, and empty segments dropped, as the AWS SDKs do. S3's paths are left alone."""
    if service == "s3" or ("//" not in path and "/." not in path):
        return path or "/"
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment)
    return "/" + "/".join(segments) + ("/" if segments and path.endswith("/") else "")


def _parameters(query: str) -> list[tuple[str, str, str]]:
    """Name, "=" or "", and value of every parameter, encoded."""
    return [
        (respell(name), equals, respell(value))
        for name, equals, value in [part.partition("=") for part in query.replace("+", " ").split("&") if part]
    ]
