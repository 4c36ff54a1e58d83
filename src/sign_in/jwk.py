"""The provider's public keys: a JSON Web Key Set (RFC 7517). A key decides the algorithm of its signatures."""

from __future__ import annotations

from sign_in import base64url
from sign_in.p256 import P256Key
from sign_in.rsa import RsaKey

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# Providers publish two to five keys. The bound is for a set that is not a provider's.
MAX_KEYS = 50


class Key:
    """A public key. `verifies(signature, message)` is for signatures by `algorithm`, such as "RS256"."""

    def __init__(self, algorithm: str, verifies: Callable[[bytes, bytes], bool]) -> None:
        self.algorithm = algorithm
        self.verifies = verifies


def read_keys(document: Any) -> dict[str, Key]:
    """The keys of a JWK set by their `kid`. A key without `kid` has the empty name.

    Leaves out the keys that this module cannot use, as RFC 7517 §5 asks for. Raises ValueError if none remains.
    """
    listed = document.get("keys") if isinstance(document, dict) else None
    keys: dict[str, Key] = {}
    for each in listed[:MAX_KEYS] if isinstance(listed, list) else []:
        try:
            keys.setdefault(str(each.get("kid", "")), _read_key(each))
        except (ValueError, LookupError, TypeError, AttributeError):
            continue
    if not keys:
        raise ValueError("the JWK set holds no usable key")
    return keys


def _read_key(jwk: Any) -> Key:
    """One key. Raises ValueError and others for a key that is not for signatures of a known kind."""
    # RFC 7517 §4.2 and §4.3: both are optional, and say what the key is for.
    if jwk.get("use", "sig") != "sig" or "verify" not in jwk.get("key_ops", ["verify"]):
        raise ValueError("the key is not for signatures")
    if jwk["kty"] == "RSA":
        key = RsaKey(_number(jwk["n"]), _number(jwk["e"]))
        # Without `alg`, RS256: OpenID Connect Core §15.1 has every provider support it.
        kinds = {"RS256": key.verifies_pkcs1, "PS256": key.verifies_pss}
        algorithm = jwk.get("alg", "RS256")
        return Key(algorithm, kinds[algorithm])
    if jwk["kty"] == "EC" and jwk["crv"] == "P-256" and jwk.get("alg", "ES256") == "ES256":
        return Key("ES256", P256Key(_number(jwk["x"]), _number(jwk["y"])).verifies)
    raise ValueError("the key is of another kind")


def _number(text: str) -> int:
    """A Base64urlUInt (RFC 7518 §2) of up to 8,192 bits."""
    if len(text) > 1400:
        raise ValueError("the number is too long")
    return int.from_bytes(base64url.decode(text), "big")
