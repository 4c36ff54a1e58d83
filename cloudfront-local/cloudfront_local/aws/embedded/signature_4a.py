"""Verifies the signature of Signature Version 4A: ECDSA with a key that is derived from an access key.

Clients sign so where a request may go to several Regions, as that of a key value store. Source: IAM User Guide, "AWS
Signature Version 4 for API requests"; the derivation is NIST SP 800-108's in counter mode, as in AWS's C library.
"""

import hmac
from functools import lru_cache

# ministack brings cryptography to its own Python.
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

ALGORITHM = "AWS4-ECDSA-P256-SHA256"
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the curve P-256


def verifies(signature: bytes, string_to_sign: str, key_id: str, secret: str) -> bool:
    """Whether this is the access key's signature, in DER, of the string to sign."""
    try:
        _public_key(key_id, secret).verify(signature, string_to_sign.encode(), ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=4)
def _public_key(key_id: str, secret: str) -> ec.EllipticCurvePublicKey:
    for counter in range(1, 255):
        context = key_id.encode() + bytes([counter])
        message = (1).to_bytes(4, "big") + ALGORITHM.encode() + b"\0" + context + (256).to_bytes(4, "big")
        candidate = int.from_bytes(hmac.digest(f"AWS4A{secret}".encode(), message, "sha256"), "big")
        if candidate <= _ORDER - 2:
            return ec.derive_private_key(candidate + 1, ec.SECP256R1()).public_key()
    raise ValueError("no key can be derived from this access key")  # one of 2^8000 access keys
