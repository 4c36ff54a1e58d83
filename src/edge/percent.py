"""Percent-encoding of octets (RFC 3986 §2.1). Callers encode and decode the text, usually as UTF-8."""

from __future__ import annotations

from functools import lru_cache

# RFC 3986 §2.3: the characters that need no escape. All others become %XX, with upper-case digits.
UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
_HEXADECIMAL = frozenset("0123456789ABCDEFabcdef")


def percent_encode(octets: bytes, kept: bytes = UNRESERVED) -> str:
    """The octets as text. All octets but those in `kept`, by default RFC 3986's unreserved characters, become %XX."""
    if doubtful := octets.translate(None, kept):
        # Percent signs are escaped first, because every escape contains one.
        octets = _escaped(octets.replace(b"%", b"%25"), doubtful)
    return octets.decode("ascii")


def percent_decode(text: str) -> bytes:
    """The octets of a text with %XX escapes. A percent sign that starts no escape is kept."""
    first, *escaped = text.split("%")
    return first.encode() + b"".join([_octets(part[:2]) + part[2:].encode() for part in escaped])


def respell(text: str, kept: bytes = UNRESERVED) -> str:
    """The text, decoded and encoded again. Reserved characters in `kept`, such as `/` and `%2F`, stay as they are.

    Equivalent texts get one spelling: `%7e`, `%7E` and `~` become `~`; `%c3` becomes `%C3`.
    """
    octets = text.encode()
    doubtful = octets.translate(None, kept)
    if not doubtful:
        return text
    first, *escaped = _escaped(octets, doubtful).decode("ascii").split("%")
    return first + "".join([_spelling(part[:2]) + part[2:] for part in escaped])


def _escaped(octets: bytes, doubtful: bytes) -> bytes:
    """`octets`, with the octets that are in `doubtful` as %XX, except percent signs."""
    for octet in set(doubtful.replace(b"%", b"")):
        octets = octets.replace(*_replacement(octet))
    return octets


# A cache in place of a table: a table would cost time at import.
@lru_cache(maxsize=256)
def _replacement(octet: int) -> tuple[bytes, bytes]:
    """An octet and its escape."""
    return b"%c" % octet, b"%%%02X" % octet


@lru_cache(maxsize=1024)
def _octets(digits: str) -> bytes:
    """The octets of a percent sign and the two characters after it: one octet if they are an escape, else all three."""
    is_escape = len(digits) == 2 and _HEXADECIMAL.issuperset(digits)
    return bytes.fromhex(digits) if is_escape else b"%" + digits.encode()


@lru_cache(maxsize=1024)
def _spelling(digits: str) -> str:
    """The one spelling of a percent sign and the two characters after it. If they are no escape, `%` becomes `%25`."""
    octets = _octets(digits)
    return percent_encode(octets) if len(octets) == 1 else f"%25{digits}"
