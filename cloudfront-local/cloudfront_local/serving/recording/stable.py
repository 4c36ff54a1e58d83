"""Makes recorded events and results repeatable and publishable: fixed ids, times and addresses, and no secrets."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from typing import Any

# The values of the CloudFront Developer Guide, "Lambda@Edge event structure". RFC 5737 reserves 203.0.113.0/24 for
# documentation.
REQUEST_ID = "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ=="
CLIENT_IP = "203.0.113.178"
CLIENT_PORT = 46532
_LOOPBACK = re.compile(r"127\.0\.0\.1|::1")

_BEGINNING = 64  # characters of Base64 that remain of a truncated body

_SECRET = "example"  # noqa: S105 - it stands in place of a secret
_SECRET_NAME = re.compile(r"(token|secret|password|signature|credential|api-?key|jwt)$", re.IGNORECASE)
_CHALLENGES = frozenset({"www-authenticate", "proxy-authenticate"})
_AUTHORIZATION_NAME = re.compile(r"auth(orization)?$")
# RFC 9110 §11.4: a scheme, then credentials. Values that begin like this are credentials under any header's name,
# except in a challenge.
_SCHEME = re.compile(r"(Basic|Bearer|Digest|DPoP|Negotiate|NTLM|AWS4-[A-Z0-9-]+)( +|$)", re.IGNORECASE)
_JSON_WEB_TOKEN = re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*")  # RFC 7519 §3: Base64url of `{"...`
_COOKIE = re.compile(r"[^;\s][^;]*")
_HTTP_DATE = re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT")  # RFC 9110 §5.6.7
_ENTITY_TAG = re.compile(r'"[^"]*"')
_SIGV4_KEY = re.compile(r"Credential=[^/,\s]*(/\d{8})?")
_SIGV4_SIGNATURE = re.compile(r"Signature=[^,\s]*")
_SIGNATURE = f"Signature={'0' * 64}"
_USER_OF_URL = re.compile(r"(?<=://)[^/?#@]*(?=@)")


def stable(value: Any, login: str = "") -> Any:
    """Returns a copy of an event or a result (a JSON value) in which every request has the same id, address, time and
    entity tag.

    `login` (`demo:demo`) is public and stays. All other passwords, cookies, tokens, keys and signatures are replaced.
    A body stays, except a body that CloudFront truncated: its first 64 characters stay.
    """
    if isinstance(value, list):
        return [stable(item, login) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("inputTruncated") is True and isinstance(value.get("data"), str):
        return {**value, "data": value["data"][:_BEGINNING]}
    return {name: _field(name, item, login) for name, item in value.items()}


def _field(name: str, value: Any, login: str) -> Any:
    if name == "requestId":
        return REQUEST_ID
    if name == "clientIp":
        return CLIENT_IP
    if name == "viewer" and isinstance(value, dict) and "ip" in value:
        return {**value, "ip": CLIENT_IP}
    if name == "querystring" and isinstance(value, str):
        return _query(value)
    if name in ("headers", "customHeaders") and isinstance(value, dict):
        return {header: _items(header, items, login) for header, items in value.items()}
    if name in ("querystring", "cookies") and isinstance(value, dict):
        return {each: _values(item, _SECRET if _is_secret(name, each) else None) for each, item in value.items()}
    return stable(value, login)


def _is_secret(field: str, name: str) -> bool:
    return field == "cookies" or bool(_SECRET_NAME.search(name))


def _values(item: Any, instead: str | None) -> Any:
    """A parameter or a cookie in an event of a CloudFront Function, with this text in place of its values."""
    if instead is None or not isinstance(item, dict):
        return item
    return {
        name: [_values(each, instead) for each in value] if isinstance(value, list) else instead
        for name, value in item.items()
    }


def _query(query: str) -> str:
    return "&".join(_parameter(*parameter.partition("=")) for parameter in query.split("&"))


def _parameter(name: str, equals: str, value: str) -> str:
    return f"{name}{equals}{_SECRET if _SECRET_NAME.search(name) and value else value}"


def _items(name: str, items: Any, login: str) -> Any:
    """A header's items with stable values. Items of a wrong shape stay unchanged: the recording shows the mistake."""
    if isinstance(items, dict):  # of a CloudFront Function: {"value": ..., "multiValue": [{"value": ...}]}
        (first,) = _items(name, [items], login)
        more = {"multiValue": _items(name, first["multiValue"], login)} if "multiValue" in first else {}
        return {**first, **more}
    if not isinstance(items, list):
        return items
    return [
        {**item, "value": _header(name.lower(), item["value"], login)}
        if isinstance(item, dict) and isinstance(item.get("value"), str)
        else item
        for item in items
    ]


def _header(name: str, value: str, login: str) -> str:
    if _AUTHORIZATION_NAME.search(name) or (_SCHEME.match(value) and name not in _CHALLENGES):
        return _authorization(value, login)
    match name:
        case "cookie":
            return _COOKIE.sub(lambda cookie: _cookie(cookie[0]), value)
        case "set-cookie":
            cookie, semicolon, attributes = value.partition(";")
            return _cookie(cookie) + semicolon + attributes
        case "location" | "content-location" | "referer":
            return _url(value)
        case "x-forwarded-for":
            return _LOOPBACK.sub(CLIENT_IP, value)
        case "cloudfront-viewer-address":
            return f"{CLIENT_IP}:{CLIENT_PORT}"
        case "etag" | "if-match" | "if-none-match":
            return _ENTITY_TAG.sub('"example"', value)
        case "x-amz-date":
            return "20260101T000000Z"
    if _SECRET_NAME.search(name):
        return _SECRET
    return _JSON_WEB_TOKEN.sub(_SECRET, _HTTP_DATE.sub("Thu, 01 Jan 2026 00:00:00 GMT", value))


def _cookie(cookie: str) -> str:
    name, equals, _ = cookie.partition("=")
    return f"{name}{equals}{_SECRET}" if equals else _SECRET


def _url(url: str) -> str:
    address, hash_sign, fragment = url.partition("#")
    path, question_mark, query = _USER_OF_URL.sub(_SECRET, address).partition("?")
    return path + question_mark + _query(query) + hash_sign + _query(fragment)


def _authorization(value: str, login: str) -> str:
    """Credentials with their scheme. A value without a scheme is a secret as a whole."""
    found = _SCHEME.match(value)
    if found is None:
        return _SECRET if value else value
    scheme, credentials = found[1], value[found.end() :]
    if scheme.lower() == "basic":
        return f"{scheme} {_basic(credentials, login)}"
    if scheme.upper().startswith("AWS4-"):
        dated = _SIGV4_KEY.sub(
            lambda key: "Credential=ASIAIOSFODNN7EXAMPLE" + ("/20260101" if key[1] else ""), credentials
        )
        return f"{scheme} {_SIGV4_SIGNATURE.sub(_SIGNATURE, dated)}"
    return f"{scheme} {_SECRET}" if credentials else scheme


def _basic(credentials: str, login: str) -> str:
    """Keeps the parts of Basic credentials that belong to `login`, and replaces the others by `example`.

    Invalid credentials stay invalid: a wrong password becomes another wrong one, text that is not Base64 `not-base64`.
    """
    try:
        user, colon, password = b64decode(credentials, validate=True).decode().partition(":")
    except ValueError:
        return "not-base64"
    known_user, _, known_password = login.partition(":")
    shown = user if user == known_user else _SECRET
    return b64encode(f"{shown}{colon}{password if password == known_password else _SECRET}".encode()).decode()
