"""Passwords at rest: scrypt in the PHC string format, `$scrypt$ln=14,r=8,p=5$<salt>$<hash>`.

`ln` is the binary logarithm of scrypt's cost N (RFC 7914 §2), r its block size, p its parallelisation; salt and hash
are base64 without padding (https://github.com/P-H-C/phc-string-format).
"""

import os
import re
from binascii import a2b_base64, b2a_base64
from hashlib import scrypt
from hmac import compare_digest

from authorizer.credentials import nfc

# The least that OWASP's Password Storage Cheat Sheet lists with 16 MiB: 0.2 s of a whole processor. How long that takes
# with each memory size, docs/authorizer.md says.
LN, R, P = 14, 8, 5
# A stored string may ask for as much time and no more, for twice the memory: Python needs its part of the 128 MB too.
MAX_WORK = R * P << LN
MAX_BLOCKS = R * P
MAX_MEMORY = 40 << 20

_PHC = re.compile(
    r"\$scrypt\$ln=([1-9][0-9]?),r=([1-9][0-9]?),p=([1-9][0-9]?)\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{22,86})"
)


class BrokenHashError(ValueError):
    """A stored string is no scrypt PHC string or asks for too much. The text says which, and not the string."""


def hash_password(password: str) -> str:
    """The PHC string to store for a password, under a new random salt of 16 bytes."""
    salt = os.urandom(16)
    digest = _derive(password, LN, R, P, salt, 32)
    return f"$scrypt$ln={LN},r={R},p={P}${_encode(salt)}${_encode(digest)}"


def verify_password(password: str, stored: str) -> bool:
    """Whether a password is the one that a PHC string was made from. Raises BrokenHashError.

    A wrong password takes as long with every stored string, and as long as `verify_nothing`, whatever it asks for.
    """
    match = _PHC.fullmatch(stored)
    if match is None:
        raise BrokenHashError("the stored password is no PHC string of scrypt")
    ln, r, p = map(int, match.groups()[:3])
    if r * p > MAX_BLOCKS or r * p << ln > MAX_WORK:
        raise BrokenHashError("the stored password's scrypt parameters are beyond what this function can afford")
    try:
        salt, digest = _decode(match[4]), _decode(match[5])
        derived = _derive(password, ln, r, p, salt, len(digest))
    except ValueError:
        raise BrokenHashError("the stored password's salt, hash or scrypt parameters are not valid") from None
    verified = compare_digest(derived, digest)
    if not verified:
        verify_nothing(password, work_done=r * p << ln)
    return verified


def verify_nothing(password: str, work_done: int = 0) -> None:
    """Take the rest of the time that a hash of `hash_password` takes, so that time does not tell who is a user.

    scrypt's time grows with N * r * p (RFC 7914 §2): `work_done` is this product of what was hashed already.
    """
    if rest := round((MAX_WORK - work_done) / (R << LN)):
        _derive(password, LN, R, rest, bytes(16), 32)


def _derive(password: str, ln: int, r: int, p: int, salt: bytes, length: int) -> bytes:
    # OpenSSL raises ValueError for parameters beyond RFC 7914 §2 or maxmem, before it allocates anything.
    return scrypt(nfc(password).encode(), salt=salt, n=1 << ln, r=r, p=p, maxmem=MAX_MEMORY, dklen=length)


def _encode(binary: bytes) -> str:
    return b2a_base64(binary, newline=False).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return a2b_base64(text + "=" * (-len(text) % 4), strict_mode=True)
