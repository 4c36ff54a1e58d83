"""Percent-encoding (RFC 3986 §2.1), of octets: what a text means in UTF-8 is its caller's to say."""

from __future__ import annotations

from functools import lru_cache

# RFC 3986 §2.3: the characters that need no escape. All others become %XX, in upper case.
UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
_HEXADECIMAL = frozenset("0123456789ABCDEFabcdef")


def percent_encode(octets: bytes, kept: bytes = UNRESERVED) -> str:
    """All but RFC 3986's unreserved characters, or those in `kept`, as %XX."""
    if doubtful := octets.translate(None, kept):
        # The percent sign goes first, for every escape has one.
        octets = _escaped(octets.replace(b"%", b"%25"), doubtful)
    return octets.decode("ascii")


def percent_decode(text: str) -> bytes:
    """The octets behind %XX escapes. A percent sign that starts no escape stands for itself."""
    first, *escaped = text.split("%")
    return first.encode() + b"".join([_octets(part[:2]) + part[2:].encode() for part in escaped])


def respell(text: str, kept: bytes = UNRESERVED) -> str:
    """The text decoded and encoded again, but for characters in `kept`: escaped or not, they stay as they are.

    Texts that mean the same get one spelling: `%7e`, `%7E` and `~` become `~`; `%c3` becomes `%C3`.
    """
    octets = text.encode()
    doubtful = octets.translate(None, kept)
    if not doubtful:
        return text
    first, *escaped = _escaped(octets, doubtful).decode("ascii").split("%")
    return first + "".join([_spelling(part[:2]) + part[2:] for part in escaped])


def _escaped(octets: bytes, doubtful: bytes) -> bytes:
    """All of the doubtful ones but percent signs as %XX."""
    for octet in set(doubtful.replace(b"%", b"")):
        octets = octets.replace(*_replacement(octet))
    return octets


# Each is asked for when it is first needed: an import makes no table.
@lru_cache(maxsize=256)
def _replacement(octet: int) -> tuple[bytes, bytes]:
    """An octet and its escape."""
    return b"%c" % octet, b"%%%02X" % octet


@lru_cache(maxsize=1024)
def _octets(digits: str) -> bytes:
    """What a percent sign and the two characters behind it stand for: an octet, or themselves."""
    is_escape = len(digits) == 2 and _HEXADECIMAL.issuperset(digits)
    return bytes.fromhex(digits) if is_escape else b"%" + digits.encode()


@lru_cache(maxsize=1024)
def _spelling(digits: str) -> str:
    """The same in the one spelling: of what is no escape, the percent sign alone is encoded."""
    octets = _octets(digits)
    return percent_encode(octets) if len(octets) == 1 else f"%25{digits}"
