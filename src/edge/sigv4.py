"""AWS Signature Version 4 in the `Authorization` header. Each stage is a function that depends on its arguments only.

Source: AWS IAM User Guide, "Create a signed AWS API request". A request has to be sent as it is signed, and servers
disagree about characters with an optional escape. So encode the path by `encode_path` and the query by `encode_query`,
then sign and send the results: all servers read these alike.
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

# RFC 2104 §2: tables that map every octet of a key to its XOR with ipad and with opad.
_INNER = bytes([octet ^ 0x36 for octet in range(256)])
_OUTER = bytes([octet ^ 0x5C for octet in range(256)])


class Credentials:
    """An access key, with a session token if it is temporary.

    This is not a tuple or dataclass, because the `repr` of these would show the secret.
    """

    __slots__ = ("access_key", "secret_key", "session_token")

    def __init__(self, access_key: str, secret_key: str, session_token: str | None = None) -> None:
        self.access_key = access_key
        self.secret_key = secret_key
        self.session_token = session_token


def credentials_from_environment() -> Credentials:
    """The credentials that Lambda gives to the function. Raises KeyError, which names the missing variable."""
    environment = os.environ
    return Credentials(
        environment["AWS_ACCESS_KEY_ID"],
        environment["AWS_SECRET_ACCESS_KEY"],
        environment.get("AWS_SESSION_TOKEN"),
    )


def encode_path(path: str, service: str) -> str:
    """The path to send: every segment is decoded and encoded again. An escaped slash (%2F) stays escaped.

    For all services but S3, "." and ".." are resolved and empty segments removed. S3's keys may contain all of these.
    """
    return _normalized(respell(path, _PLAIN), service)


def encode_query(query: str) -> str:
    """The query to send: names and values are decoded and encoded again. Order and repeated names are kept.

    A "+" becomes %20: HTML forms, function URLs, API Gateway and S3 all take it for a space. It must not be sent as a
    "+", because verifiers disagree: AWS's C library signs it as a plus, others sign it as a space.
    """
    return query and "&".join([name + equals + value for name, equals, value in _parameters(query)])


def canonical_path(path: str, service: str) -> str:
    """The path as it is signed. `path` is the path as it is sent; all services but S3 expect it encoded once more."""
    if service == "s3":
        return encode_path(path, service)
    return percent_encode(_normalized(path, service).encode(), _PLAIN)


def canonical_query(query: str) -> str:
    """The query as it is signed: encoded as by `encode_query`, with "=" after every name, sorted by name and value."""
    return query and "&".join([f"{name}={value}" for name, value in sorted([(n, v) for n, _, v in _parameters(query)])])


def canonical_headers(headers: Mapping[str, str]) -> tuple[str, str]:
    """The headers to sign as a block of lines, and their names joined by ";".

    Sign only headers that arrive as they were sent. CloudFront changes or adds `accept-encoding`, `te`, `user-agent`,
    `via`, `x-amz-cf-id`, `x-amzn-trace-id` and `x-forwarded-for` on the way.
    """
    return _lines(_lowered(headers))


def canonical_request(method: str, path: str, query: str, headers: str, names: str, payload_hash: str) -> str:
    """The request as it is signed. `path`, `query`, `headers` and `names` are canonical."""
    return f"{method}\n{path}\n{query}\n{headers}\n{names}\n{payload_hash}"


def credential_scope(date: str, region: str, service: str) -> str:
    """The credential scope: the date, Region and service for which a signature is valid. `date` is YYYYMMDD."""
    return f"{date}/{region}/{service}/aws4_request"


def string_to_sign(timestamp: str, scope: str, request: str) -> str:
    """The string to sign. `timestamp` is YYYYMMDDTHHMMSSZ, `request` the canonical request."""
    return f"{ALGORITHM}\n{timestamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    """HMAC (RFC 2104) with SHA-256. The import of the module `hmac` would take 5 % of a cold start."""
    inner, outer = _keyed(key)
    inner, outer = inner.copy(), outer.copy()
    inner.update(message)
    outer.update(inner.digest())
    return outer.digest()


@functools.lru_cache(maxsize=16)
def _keyed(key: bytes) -> tuple[hashlib._Hash, hashlib._Hash]:
    """The inner and the outer hash after they have read the key.

    This is half of the work of an HMAC, and the same for every signature of a day.
    """
    block = (key if len(key) <= 64 else hashlib.sha256(key).digest()).ljust(64, b"\0")
    return hashlib.sha256(block.translate(_INNER)), hashlib.sha256(block.translate(_OUTER))


@functools.lru_cache(maxsize=16)
def signing_key(secret_key: str, date: str, region: str, service: str) -> bytes:
    """The signing key of one day, Region and service.

    It is cached, because its derivation takes as long as the rest of a signature.
    """
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
    """The headers to add to a request, including `authorization`. Their names are in lower case.

    `path` and `query` are those to send (`encode_path`, `encode_query`). `headers` are further headers to sign, besides
    `host` and the added ones. `payload` is the body, or a string to sign in place of the body's SHA-256, such as
    "UNSIGNED-PAYLOAD". `now` is in seconds since the epoch. `send_hash` adds the header `x-amz-content-sha256`; for S3
    it is always added.
    """
    timestamp = _timestamp(int(now))
    payload_hash = payload if isinstance(payload, str) else hashlib.sha256(payload).hexdigest()
    scope = credential_scope(timestamp[:8], region, service)
    added = {"x-amz-date": timestamp}
    if credentials.session_token:
        added["x-amz-security-token"] = credentials.session_token
    if send_hash or service == "s3":  # S3 requires this header in every request
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
    """The headers with names in lower case and trimmed values.

    Values are trimmed as bytes, because str.split would also remove spaces outside of ASCII.
    """
    return {name.lower(): b" ".join(value.encode().split()).decode() for name, value in headers.items()}


def _lines(headers: dict[str, str]) -> tuple[str, str]:
    names = sorted(headers)
    return "".join([f"{name}:{headers[name]}\n" for name in names]), ";".join(names)


def _normalized(path: str, service: str) -> str:
    """The path without dot segments (RFC 3986 §5.2.4) and empty segments, as in the AWS SDKs. S3's are unchanged."""
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
