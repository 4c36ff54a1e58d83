"""The public keys that a behavior trusts, and the check of a signature with them.

Source: Developer Guide, "Specify signers that can create signed URLs and signed cookies".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey

# By the parameter Hash-Algorithm. Without the parameter, it is SHA1.
HASHES: Mapping[str, type[hashes.HashAlgorithm]] = {"": hashes.SHA1, "SHA1": hashes.SHA1, "SHA256": hashes.SHA256}


@dataclass(frozen=True)
class TrustedKeys:
    """Public keys by their ids, as `Key-Pair-Id` names them."""

    keys: Mapping[str, PublicKey] = field(default_factory=dict)

    def __contains__(self, key_pair_id: str) -> bool:
        return key_pair_id in self.keys

    def verifies(self, key_pair_id: str, signature: bytes, text: bytes, hash_algorithm: str) -> bool:
        """Whether a key has signed the text: with PKCS#1 v1.5 for RSA, with DER for ECDSA."""
        key, algorithm = self.keys[key_pair_id], HASHES[hash_algorithm]()
        try:
            if isinstance(key, rsa.RSAPublicKey):
                key.verify(signature, text, padding.PKCS1v15(), algorithm)
            else:
                key.verify(signature, text, ec.ECDSA(algorithm))
        except InvalidSignature:
            return False
        return True


def public_key(pem: str) -> PublicKey:
    """A public key in PEM. Raises ValueError, with what is wrong, if CloudFront does not take the key."""
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("it is no public key in PEM") from None
    is_rsa = isinstance(key, rsa.RSAPublicKey) and key.key_size == 2048
    is_ec = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) or not (is_rsa or is_ec):
        raise ValueError("it is neither an RSA key of 2,048 bits nor an ECDSA key on the curve P-256")
    return key
