"""Percent-encoding (RFC 3986 §2.1), of octets: what a text means in UTF-8 is its caller's to say."""

from __future__ import annotations

# RFC 3986 §2.3: the characters that need no escape. All others become %XX, in upper case.
UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
_ESCAPES = tuple([chr(octet) if octet in UNRESERVED else f"%{octet:02X}" for octet in range(256)])
_OCTETS = {b"%02x" % octet: bytes((octet,)) for octet in range(256)}


def percent_encode(octets: bytes) -> str:
    """All but RFC 3986's unreserved characters as %XX."""
    if not octets.translate(None, UNRESERVED):
        return octets.decode("ascii")
    return "".join([_ESCAPES[octet] for octet in octets])


def percent_decode(text: str) -> bytes:
    """The octets behind %XX escapes. A percent sign that starts no escape stands for itself."""
    decoded, *escaped = text.encode().split(b"%")
    for part in escaped:
        octet = _OCTETS.get(part[:2].lower())
        decoded += b"%" + part if octet is None else octet + part[2:]
    return decoded
