"""ECDSA on P-256, against `cryptography`: whatever that verifies and refuses, this verifies and refuses."""

import random

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from sign_in.p256 import P256Key
from tests.src.sign_in.conftest import es256

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
ROUNDS = 60
LONG = 10_000


def ours(key: ec.EllipticCurvePrivateKey) -> P256Key:
    public = key.public_key().public_numbers()
    return P256Key(public.x, public.y)


def theirs(key: ec.EllipticCurvePrivateKey, signature: bytes, message: bytes) -> bool:
    if len(signature) != 64:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        key.public_key().verify(encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def generated(rounds: int, draw: random.Random) -> None:
    """Signs random messages with keys of their own, breaks some of the signatures and messages, and compares."""
    for number in range(rounds):
        key = ec.derive_private_key(draw.randrange(1, N), ec.SECP256R1())
        message = draw.randbytes(draw.randrange(200))
        signature = es256(key, message)
        if draw.random() < 0.6:
            bent = bytearray(signature)
            bent[draw.randrange(64)] ^= 1 << draw.randrange(8)
            s = int.from_bytes(signature[32:], "big")
            negated = signature[:32] + (N - s).to_bytes(32, "big")  # is valid, too: ECDSA's signatures are malleable
            signature = draw.choice([bytes(bent), negated, signature[:-1], signature + b"\0", draw.randbytes(64)])
        if draw.random() < 0.2:
            message += b"x"
        assert ours(key).verifies(signature, message) is theirs(key, signature, message), (number, signature.hex())


def test_generated(draw):
    """Some dozen keys and signatures, many of them broken."""
    generated(ROUNDS, draw)


@pytest.mark.long
def test_generated_in_number(draw):
    """The same for 10,000."""
    generated(LONG, draw)


def pair(r: int, s: int) -> bytes:
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def test_edges():
    """Wycheproof's edge cases by description: r and s of 0, 1, n, n ± 1, p and beyond, alone and together."""
    key = ec.derive_private_key(186, ec.SECP256R1())
    edges = [0, 1, 2, N - 2, N - 1, N, N + 1, P - 1, P, P - N, (1 << 256) - 1, 1 << 255]
    for r in edges:
        for s in edges:
            signature = pair(r, s)
            assert ours(key).verifies(signature, b"message") is theirs(key, signature, b"message"), (r, s)


def test_added_order():
    """r + n and s + n stand for the same numbers, but are refused: a signature has one spelling but for its sign."""
    draw = random.Random(1)
    for _ in range(20):
        key = ec.derive_private_key(draw.randrange(1, N), ec.SECP256R1())
        signature = es256(key, b"message")
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        for bent in ((r + N, s), (r, s + N)):
            if max(bent) < 1 << 256:
                assert not ours(key).verifies(pair(*bent), b"message")


@pytest.mark.parametrize("secret", [1, 2, 3, N - 1, N - 2, (N + 1) // 2, 1 << 255, (1 << 128) - 1])
def test_special_keys(secret: int):
    """Keys whose point is the base point, its double, its opposite: additions meet equal and opposite points there."""
    key = ec.derive_private_key(secret, ec.SECP256R1())
    for number in range(5):
        message = b"%d" % number
        assert ours(key).verifies(es256(key, message), message)
        assert not ours(key).verifies(es256(key, message), message + b"x")


def test_sum_is_infinity():
    """The two multiples cancel out: no point, so no signature, and no failure."""
    from hashlib import sha256

    digest = int.from_bytes(sha256(b"message").digest(), "big") % N
    # Of the key -G, u·G + v·(-G) is the point at infinity where u = v, that is, where r is the hash.
    key = ec.derive_private_key(N - 1, ec.SECP256R1())
    assert not ours(key).verifies(pair(digest, 12345), b"message")


def test_der_is_not_taken():
    """The DER form of a signature is none: JSON Web Tokens have r and s."""
    key = ec.derive_private_key(186, ec.SECP256R1())
    assert not ours(key).verifies(key.sign(b"message", ec.ECDSA(SHA256())), b"message")
    for length in (0, 1, 32, 63, 65, 128):
        assert not ours(key).verifies(b"\x01" * length, b"message")


def test_points_off_the_curve():
    """A key whose point is not on the curve, beyond the prime, or at infinity, is none."""
    key = ec.derive_private_key(186, ec.SECP256R1()).public_key().public_numbers()
    for x, y in (
        (0, 0),
        (key.x, key.y + 1),
        (key.x + P, key.y),
        (key.x, key.y + P),
        (key.y, key.x),
        (P, P),
        (-1, key.y),
    ):
        with pytest.raises(ValueError, match="not on the curve"):
            P256Key(x, y)
    assert P256Key(key.x, P - key.y)  # the opposite point
