"""Base64 with the URL-safe alphabet and without padding (RFC 7515 §2)."""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64

_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
_TO_URL = bytes.maketrans(b"+/", b"-_")


def encode(octets: bytes) -> str:
    """The octets as text."""
    return b2a_base64(octets, newline=False).translate(_TO_URL).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The octets of a text. Raises ValueError for all texts but the one that `encode` gives for these octets."""
    octets = a2b_base64(text.encode("ascii").translate(_TO_STANDARD) + b"=" * (-len(text) % 4), strict_mode=True)
    # Otherwise several texts would stand for the same octets, as the last character has bits to spare.
    if encode(octets) != text:
        raise ValueError("the text is not base64url in its one spelling")
    return octets
