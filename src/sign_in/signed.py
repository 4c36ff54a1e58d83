"""Texts that only this function can have written: a payload and its HMAC, for cookies."""

from __future__ import annotations

import json
from hmac import compare_digest

from edge.sigv4 import hmac_sha256
from sign_in import base64url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Browsers keep cookies of up to 4,096 bytes, with name and attributes (RFC 6265 §6.1).
MAX_LENGTH = 3600


def key_for(session_key: bytes, purpose: str, distribution_id: str) -> bytes:
    """A key for one purpose in one distribution: a text that is signed for another one is worth nothing here."""
    return hmac_sha256(session_key, f"{purpose} {distribution_id}".encode())


def sign(payload: dict[str, Any], key: bytes) -> str:
    """The signed text: the payload as JSON and its HMAC-SHA256, both in base64url, with a dot between them."""
    text = base64url.encode(json.dumps(payload, separators=(",", ":")).encode())
    return f"{text}.{base64url.encode(hmac_sha256(key, text.encode()))}"


def opened(signed: str, keys: list[bytes]) -> tuple[dict[str, Any], bytes] | None:
    """The payload and the key that signed it, or None if none of the keys did."""
    if len(signed) > MAX_LENGTH or not signed.isascii():
        return None
    text, _, mac = signed.partition(".")
    for key in keys:
        if compare_digest(base64url.encode(hmac_sha256(key, text.encode())), mac):
            payload: dict[str, Any] = json.loads(base64url.decode(text))
            return payload, key
    return None
