"""Verifies ECDSA signatures on the curve P-256 with SHA-256 (FIPS 186-5 §6.4.2, RFC 7518 §3.4).

Verification reads public values only, so its time may depend on them. Points are in Jacobian coordinates (x, y, z),
which stand for (x / z², y / z³): additions then need no division. A point with z = 0 is the point at infinity.
"""

from __future__ import annotations

from hashlib import sha256

TYPE_CHECKING = False
if TYPE_CHECKING:
    Point = tuple[int, int, int]

# NIST SP 800-186 §3.2.1.3: the curve y² = x³ - 3x + b modulo the prime p, with the base point G of order n.
_P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    1,
)
_INFINITY = (1, 1, 0)


class P256Key:
    """A public key: the coordinates of a point on the curve. Raises ValueError if the point is not on the curve."""

    def __init__(self, x: int, y: int) -> None:
        if not (0 <= x < _P and 0 <= y < _P) or (y * y - x * x * x + 3 * x - _B) % _P:
            raise ValueError("the point is not on the curve P-256")
        self._point = (x, y, 1)

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Whether this is the signature of the message. It is r and s, 32 bytes each (RFC 7518 §3.4)."""
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        if len(signature) != 64 or not 0 < r < _N or not 0 < s < _N:
            return False
        digest = int.from_bytes(sha256(message).digest(), "big")
        inverse = pow(s, -1, _N)
        x, _, z = _sum_of_multiples(digest * inverse % _N, _G, r * inverse % _N, self._point)
        if not z:
            return False
        return x * pow(z, -2, _P) % _P % _N == r


def _sum_of_multiples(u: int, p: Point, v: int, q: Point) -> Point:
    """u·p + v·q, bit by bit of both at once ("Shamir's trick")."""
    addends = (_INFINITY, p, q, _add(p, q))
    total = _INFINITY
    for bit in range(max(u.bit_length(), v.bit_length()) - 1, -1, -1):
        total = _double(total)
        chosen = (u >> bit & 1) | (v >> bit & 1) << 1
        if chosen:
            total = _add(total, addends[chosen])
    return total


def _double(point: Point) -> Point:
    """Twice the point: "dbl-2001-b" of the Explicit-Formulas Database, for a = -3."""
    x, y, z = point
    if not z:
        return _INFINITY
    delta, gamma = z * z % _P, y * y % _P
    beta = x * gamma % _P
    alpha = 3 * (x - delta) * (x + delta) % _P
    doubled = (alpha * alpha - 8 * beta) % _P
    return doubled, (alpha * (4 * beta - doubled) - 8 * gamma * gamma) % _P, 2 * y * z % _P


def _add(left: Point, right: Point) -> Point:
    """The sum of two points: "add-1998-cmo-2" of the Explicit-Formulas Database, with the cases that it leaves out."""
    x1, y1, z1 = left
    x2, y2, z2 = right
    if not z1:
        return right
    if not z2:
        return left
    z1z1, z2z2 = z1 * z1 % _P, z2 * z2 % _P
    u1, u2 = x1 * z2z2 % _P, x2 * z1z1 % _P
    s1, s2 = y1 * z2 * z2z2 % _P, y2 * z1 * z1z1 % _P
    if u1 == u2:
        return _double(left) if s1 == s2 else _INFINITY
    h, r = u2 - u1, s2 - s1
    hh = h * h % _P
    hhh, v = h * hh % _P, u1 * hh % _P
    x3 = (r * r - hhh - 2 * v) % _P
    return x3, (r * (v - x3) - s1 * hhh) % _P, h * z1 * z2 % _P
