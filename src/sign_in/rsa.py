"""Verifies RSA signatures with SHA-256 by `pow` alone: RSASSA-PKCS1-v1_5 and RSASSA-PSS (RFC 8017 §8).

Verification reads public values only, so its time may depend on them.
"""

from __future__ import annotations

from hashlib import sha256

# RFC 8017 §9.2, note 1: the DER encoding of the algorithm identifier of SHA-256, before the hash itself.
_DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
_HASH_LENGTH = 32


class RsaKey:
    """A public key: `modulus` is n, `exponent` is e.

    Raises ValueError for keys that nobody should use, and for keys that would take too long.
    """

    def __init__(self, modulus: int, exponent: int) -> None:
        # RFC 7518 §3.3: 2,048 bits or larger. 8,192 bits bound the work.
        if not 2048 <= modulus.bit_length() <= 8192 or not modulus & 1:
            raise ValueError("the modulus does not have 2,048 to 8,192 bits, or is even")
        if not 3 <= exponent < 1 << 32 or not exponent & 1:
            raise ValueError("the exponent is not an odd number from 3 to 2^32")
        self._modulus = modulus
        self._exponent = exponent
        self._length = (modulus.bit_length() + 7) // 8

    def verifies_pkcs1(self, signature: bytes, message: bytes) -> bool:
        """Whether this is the RSASSA-PKCS1-v1_5 signature of the message (RFC 8017 §8.2.2).

        The expected encoding is built and compared as a whole: parsing it is how forgeries got in.
        """
        encoded = self._opened(signature)
        tail = b"\x00" + _DIGEST_INFO + sha256(message).digest()
        return encoded == b"\x00\x01" + b"\xff" * (self._length - len(tail) - 2) + tail

    def verifies_pss(self, signature: bytes, message: bytes) -> bool:
        """Whether this is the RSASSA-PSS signature of the message, with a salt of 32 bytes (RFC 7518 §3.5)."""
        encoded = self._opened(signature)
        if encoded is None:
            return False
        # RFC 8017 §9.1.2. The encoded message has one bit less than the modulus, so it may be a byte shorter.
        bits = self._modulus.bit_length() - 1
        surplus = self._length - (bits + 7) // 8
        unused = 8 * (self._length - surplus) - bits  # the leftmost bits, which have to be zero
        if any(encoded[:surplus]) or encoded[surplus] >> (8 - unused) or encoded[-1] != 0xBC:
            return False
        encoded = encoded[surplus:]
        masked, digest = encoded[: -_HASH_LENGTH - 1], encoded[-_HASH_LENGTH - 1 : -1]
        mask = _mgf1(digest, len(masked))
        block = bytearray(a ^ b for a, b in zip(masked, mask, strict=True))
        block[0] &= 0xFF >> unused
        padding, salt = block[:-_HASH_LENGTH], bytes(block[-_HASH_LENGTH:])
        if padding != bytes(len(padding) - 1) + b"\x01":
            return False
        return sha256(bytes(8) + sha256(message).digest() + salt).digest() == digest

    def _opened(self, signature: bytes) -> bytes | None:
        """The signature to the power of the exponent, as many bytes as the modulus; None if it is out of range."""
        number = int.from_bytes(signature, "big")
        if len(signature) != self._length or number >= self._modulus:
            return None
        return pow(number, self._exponent, self._modulus).to_bytes(self._length, "big")


def _mgf1(seed: bytes, length: int) -> bytes:
    """The mask generation function of RFC 8017 §B.2.1 with SHA-256."""
    blocks = [sha256(seed + counter.to_bytes(4, "big")).digest() for counter in range(-(-length // _HASH_LENGTH))]
    return b"".join(blocks)[:length]
