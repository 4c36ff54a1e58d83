"""Signed JSON Web Tokens in the compact form (RFC 7515, RFC 7519), held against RFC 8725."""

from __future__ import annotations

import json

from sign_in import base64url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from sign_in.jwk import Key

# Providers' tokens have 1 to 4 kB.
MAX_LENGTH = 16384


class TokenError(Exception):
    """A token is not to be trusted. The text says why, in one line, and quotes nothing of the token."""


def read_token(token: str, key_of: Callable[[str], Key | None]) -> tuple[str, dict[str, Any]]:
    """The type and the claims of a token whose signature is valid. Callers judge both (sign_in.claims).

    The type is the header's `typ`, such as "jwt" or "at+jwt", in lower case and without "application/" (RFC 7515
    §4.1.9); empty if the header has none.

    `key_of` gives the issuer's key by its `kid`, or None. The key decides the algorithm: what the token says about it
    must agree, so neither "none" nor an HMAC with the public key can pass (RFC 8725 §3.1). Raises TokenError, and what
    `key_of` raises.
    """
    if len(token) > MAX_LENGTH:
        raise TokenError("the token is too long")
    parts = token.split(".")
    if len(parts) != 3:
        raise TokenError("the token does not have three parts")
    header = _object(parts[0], "header")
    # RFC 7515 §4.1.11: who does not know a critical extension refuses the token. This module knows none.
    if "crit" in header or "b64" in header:
        raise TokenError("the token's header has an extension")
    key_id = header.get("kid", "")
    key = key_of(key_id) if isinstance(key_id, str) else None
    if key is None:
        raise TokenError("the token names a key that the provider does not have")
    if header.get("alg") != key.algorithm:
        raise TokenError(f"the token's algorithm is not {key.algorithm}, its key's")
    try:
        signature = base64url.decode(parts[2])
    except ValueError:
        raise TokenError("the token's signature is not base64url") from None
    if not key.verifies(signature, f"{parts[0]}.{parts[1]}".encode(errors="replace")):
        raise TokenError("the token's signature is not valid")
    return str(header.get("typ", "")).lower().removeprefix("application/"), _object(parts[1], "payload")


def _object(part: str, name: str) -> dict[str, Any]:
    """The JSON object in a part of the token. Raises TokenError, also if a name occurs twice (RFC 8725 §2.4), and for
    half of a surrogate pair, which no header and no cookie can hold."""
    try:
        decoded = json.loads(base64url.decode(part).decode(), object_pairs_hook=_unique, parse_constant=_refuse)
        json.dumps(decoded, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise TokenError(f"the token's {name} is not a JSON object in base64url") from None
    if not isinstance(decoded, dict):
        raise TokenError(f"the token's {name} is not a JSON object in base64url")
    return decoded


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) != len(pairs):
        raise ValueError("a name occurs twice")
    return unique


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")
