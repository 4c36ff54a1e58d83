"""Passwords at rest: scrypt in the PHC string format, `$scrypt$ln=14,r=8,p=5$<salt>$<hash>`.

`ln` is the binary logarithm of scrypt's cost N (RFC 7914 §2), `r` the block size, and `p` the parallelization. Salt and
hash are base64 without padding (https://github.com/P-H-C/phc-string-format).
"""

import os
import re
from binascii import a2b_base64, b2a_base64
from hashlib import scrypt
from hmac import compare_digest

from authorizer.credentials import nfc

# OWASP's Password Storage Cheat Sheet lists these parameters as its minimum with 16 MiB. A hash takes 0.2 s of a whole
# processor; docs/authorizer.md has the time for each memory size.
LN, R, P = 14, 8, 5
# A stored string may ask for as much work and memory at most. A hash with more memory would take another time for the
# same work, because it does not fit into the processor's cache.
MAX_WORK = R * P << LN
MAX_BLOCKS = R * P
MAX_MEMORY = 20 << 20
# A part of one pass (ln=14, r=8, p=1) is hashed as passes over a sixteenth of the memory.
PART = 4

_PHC = re.compile(
    r"\$scrypt\$ln=([1-9][0-9]?),r=([1-9][0-9]?),p=([1-9][0-9]?)\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{22,86})"
)


class BrokenHashError(ValueError):
    """A stored string is not a PHC string of scrypt, or its parameters are too large.

    The text names the fault and does not quote the string.
    """


def hash_password(password: str) -> str:
    """The PHC string to store for a password, under a new random salt of 16 bytes."""
    salt = os.urandom(16)
    digest = _derive(password, LN, R, P, salt, 32)
    return f"$scrypt$ln={LN},r={R},p={P}${_encode(salt)}${_encode(digest)}"


def verify_password(password: str, stored: str) -> bool:
    """Whether `stored`, a PHC string, is the hash of this password. Raises BrokenHashError.

    A wrong password takes the same time with every stored string, whatever the string's parameters, and the same time
    as `verify_nothing`.
    """
    match = _PHC.fullmatch(stored)
    if match is None:
        raise BrokenHashError("the stored password is not a PHC string of scrypt")
    ln, r, p = map(int, match.groups()[:3])
    if ln > LN or r > R or r * p > MAX_BLOCKS or r * p << ln > MAX_WORK:
        raise BrokenHashError("the stored password's scrypt parameters ask for too much time or memory")
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
    """Hash for as long as `hash_password` does, less the work already done.

    The time of an answer then does not reveal who is a user. scrypt's time grows with N * r * p (RFC 7914 §2);
    `work_done` is this product for the hash already made.
    """
    whole, rest = divmod(MAX_WORK - work_done, R << LN)
    parts = round(rest / (R << LN - PART))
    for ln, passes in ((LN, whole), (LN - PART, parts)):
        if passes:
            _derive(password, ln, R, passes, bytes(16), 32)


def _derive(password: str, ln: int, r: int, p: int, salt: bytes, length: int) -> bytes:
    # OpenSSL checks the parameters against RFC 7914 §2 and maxmem before it allocates memory. Python then raises
    # ValueError.
    return scrypt(nfc(password).encode(), salt=salt, n=1 << ln, r=r, p=p, maxmem=MAX_MEMORY, dklen=length)


def _encode(binary: bytes) -> str:
    return b2a_base64(binary, newline=False).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return a2b_base64(text + "=" * (-len(text) % 4), strict_mode=True)
