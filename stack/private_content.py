"""Signed URLs and signed cookies for private content: what CloudFront checks, made with a private key.

Source: Developer Guide, "Serve private content with signed URLs and signed cookies".
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey

HASHES: Mapping[str, type[hashes.HashAlgorithm]] = {"SHA1": hashes.SHA1, "SHA256": hashes.SHA256}

# CloudFront's base64 for URLs and cookies.
_FOR_URLS = str.maketrans("+=/", "-_~")


@dataclass(frozen=True)
class Access:
    """Access to the URLs that `resource` covers until the Unix time `until`.

    `resource` may have wildcards. `after` is the Unix time from when on, and `addresses` an IPv4 range of viewers.
    """

    resource: str
    until: int
    after: int | None = None
    addresses: str | None = None

    @property
    def is_canned(self) -> bool:
        """Whether a canned policy suffices: for one URL, with an end only. It makes the URL short."""
        return not ("*" in self.resource or self.after or self.addresses)

    def policy(self) -> str:
        """The policy that is signed, in the exact form that CloudFront makes of a canned policy."""
        condition: dict[str, Mapping[str, object]] = {"DateLessThan": {"AWS:EpochTime": self.until}}
        if self.addresses:
            condition["IpAddress"] = {"AWS:SourceIp": self.addresses}
        if self.after:
            condition["DateGreaterThan"] = {"AWS:EpochTime": self.after}
        statement = {"Resource": self.resource, "Condition": condition}
        return json.dumps({"Statement": [statement]}, separators=(",", ":"), ensure_ascii=False)


def signed(access: Access, key: PrivateKey, key_pair_id: str, hash_algorithm: str) -> dict[str, str]:
    """The parameters of a signed URL by name. A signed cookie has the same with `CloudFront-` before the name."""
    policy = access.policy().encode()
    about = {"Expires": str(access.until)} if access.is_canned else {"Policy": _encoded(policy)}
    parameters = about | {"Signature": _encoded(_signature(key, policy, hash_algorithm)), "Key-Pair-Id": key_pair_id}
    # Without the parameter, it is SHA1: so the URL is also good where CloudFront knows no other.
    return parameters if hash_algorithm == "SHA1" else parameters | {"Hash-Algorithm": hash_algorithm}


def private_key(pem: str) -> PrivateKey:
    """The private key in a PEM text. Raises ValueError, whose text says what is wrong and does not quote the key."""
    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    except TypeError:
        raise ValueError("is encrypted. Decrypt it first, such as with `openssl pkey -in FILE -out FILE`") from None
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError(f"is no private key in PEM{_hint(pem)}") from None
    is_rsa = isinstance(key, rsa.RSAPrivateKey) and key.key_size == 2048
    is_ec = isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) or not (is_rsa or is_ec):
        raise ValueError(
            "is neither an RSA key of 2,048 bits nor an ECDSA key on the curve P-256. CloudFront takes only these. "
            "Make one, such as with `openssl genrsa -out private-key.pem 2048`"
        )
    return key


def belong_together(key: PrivateKey, public_pem: str) -> bool:
    """Whether a public key in PEM is that of a private key."""
    ours = key.public_key()
    return ours == serialization.load_pem_public_key(public_pem.encode())


def _hint(pem: str) -> str:
    return ", but a public one" if "PUBLIC KEY" in pem else ""


def _signature(key: PrivateKey, text: bytes, hash_algorithm: str) -> bytes:
    algorithm = HASHES[hash_algorithm]()
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(text, padding.PKCS1v15(), algorithm)
    return key.sign(text, ec.ECDSA(algorithm))


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode().translate(_FOR_URLS)
