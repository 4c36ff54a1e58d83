"""RSA by `pow`, against `cryptography`: whatever that verifies and refuses, this verifies and refuses."""

import random
from collections.abc import Iterator

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA384

from sign_in.rsa import RsaKey

PKCS1 = padding.PKCS1v15()
PSS = padding.PSS(padding.MGF1(SHA256()), 32)
DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
ROUNDS = 300
LONG = 10_000
# Exponents and sizes, also of a length that is no multiple of eight bits, and how many such keys the long test makes.
KINDS = {(65537, 2048): 16, (3, 2048): 10, (65537, 2050): 4, (65537, 3072): 2}


@pytest.fixture(scope="module")
def keys() -> list[rsa.RSAPrivateKey]:
    """A key of each kind."""
    return [rsa.generate_private_key(e, bits) for e, bits in KINDS]


def ours(key: rsa.RSAPrivateKey) -> RsaKey:
    public = key.public_key().public_numbers()
    return RsaKey(public.n, public.e)


def theirs(key: rsa.RSAPrivateKey, signature: bytes, message: bytes, scheme: padding.AsymmetricPadding) -> bool:
    try:
        key.public_key().verify(signature, message, scheme, SHA256())
    except InvalidSignature:
        return False
    return True


def agree(key: rsa.RSAPrivateKey, signature: bytes, message: bytes) -> Iterator[bool]:
    """Whether both say the same. OpenSSL takes a PSS signature without its leading zeros; RFC 8017 §8.1.2 does not."""
    if len(signature) != (key.key_size + 7) // 8:
        yield not ours(key).verifies_pkcs1(signature, message)
        yield not ours(key).verifies_pss(signature, message)
        return
    yield ours(key).verifies_pkcs1(signature, message) is theirs(key, signature, message, PKCS1)
    yield ours(key).verifies_pss(signature, message) is theirs(key, signature, message, PSS)


def generated(keys: list[rsa.RSAPrivateKey], rounds: int, draw: random.Random) -> None:
    """Signs random messages, breaks some of the signatures and messages, and compares."""
    for number in range(rounds):
        key, message = keys[number % len(keys)], draw.randbytes(draw.randrange(200))
        signature = key.sign(message, draw.choice([PKCS1, PSS]), SHA256())
        if draw.random() < 0.8:
            bent = bytearray(signature)
            bent[draw.randrange(len(bent))] ^= 1 << draw.randrange(8)
            signature = draw.choice([bytes(bent), signature[1:], signature + b"\0", draw.randbytes(len(signature))])
        if draw.random() < 0.2:
            message += b"x"
        # The keys do not follow from the seed.
        assert all(agree(key, signature, message)), (key.public_key().public_numbers(), signature.hex(), message.hex())


def test_generated(keys, draw):
    """Some hundred signatures, most of them broken."""
    generated(keys, ROUNDS, draw)


@pytest.mark.long
def test_generated_in_number(draw):
    """The same for 10,000, by 32 keys."""
    keys = [rsa.generate_private_key(e, bits) for (e, bits), number in KINDS.items() for _ in range(number)]
    generated(keys, LONG, draw)


def test_good(keys):
    """Good signatures of both kinds, and neither is taken for the other."""
    for key in keys:
        pkcs1, pss = (key.sign(b"message", scheme, SHA256()) for scheme in (PKCS1, PSS))
        assert ours(key).verifies_pkcs1(pkcs1, b"message")
        assert ours(key).verifies_pss(pss, b"message")
        assert not ours(key).verifies_pss(pkcs1, b"message")
        assert not ours(key).verifies_pkcs1(pss, b"message")


def raw(key: rsa.RSAPrivateKey, encoded: bytes) -> bytes:
    """A signature whose opened form is this: what its owner could make, and what forgeries try to look like."""
    numbers = key.private_numbers()
    opened = int.from_bytes(encoded, "big")
    return pow(opened, numbers.d, numbers.public_numbers.n).to_bytes((key.key_size + 7) // 8, "big")


def encoded(length: int, tail: bytes, *, begin: bytes = b"\x00\x01", fill: bytes = b"\xff") -> bytes:
    return begin + fill * (length - len(begin) - len(tail) - 1) + b"\x00" + tail


@pytest.mark.parametrize(
    "name",
    [
        "good",
        "garbage behind the hash",
        "short padding and garbage",
        "block type 2",
        "block type 0",
        "no zero",
        "padding of zeros",
        "one wrong padding byte",
        "algorithm without NULL",
        "algorithm with a long length",
        "algorithm with garbage",
        "hash of another length",
        "SHA-1",
        "hash alone",
        "begins with 01",
    ],
)
def test_encoding(keys, name: str):
    """The forgeries of PKCS #1 v1.5 by description, as Wycheproof lists them: all but the good one are refused."""
    from hashlib import sha1, sha256

    message = b"message"
    digest = sha256(message).digest()
    tail = DIGEST_INFO + digest
    for key in keys:
        length = (key.key_size + 7) // 8
        good = encoded(length, tail)
        forged = {
            "good": good,
            "garbage behind the hash": encoded(length, tail + b"\0" * 8),
            "short padding and garbage": (b"\x00\x01" + b"\xff" * 8 + b"\x00" + tail).ljust(length, b"\xaa"),
            "block type 2": encoded(length, tail, begin=b"\x00\x02"),
            "block type 0": encoded(length, tail, begin=b"\x00\x00"),
            "no zero": good.replace(b"\xff\x00" + tail, b"\xff\xff" + tail),
            "padding of zeros": encoded(length, tail, fill=b"\x00"),
            "one wrong padding byte": good[:10] + b"\xfe" + good[11:],
            "algorithm without NULL": encoded(
                length, bytes.fromhex("302f300b0609608648016503040201") + b"\x04\x20" + digest
            ),
            "algorithm with a long length": encoded(length, b"\x30\x81" + tail[1:]),
            "algorithm with garbage": encoded(length, b"\x30\x33" + tail[2:17] + b"\x05\x02\x00\x00" + tail[19:]),
            "hash of another length": encoded(length, DIGEST_INFO + digest[:-1]),
            "SHA-1": encoded(length, bytes.fromhex("3021300906052b0e03021a05000414") + sha1(message).digest()),  # noqa: S324
            "hash alone": encoded(length, digest),
            "begins with 01": b"\x00" + encoded(length - 1, tail),
        }[name]
        signature = raw(key, forged)
        assert ours(key).verifies_pkcs1(signature, message) is (name == "good")
        assert all(agree(key, signature, message))


def test_pss_encoding(keys):
    """A PSS encoding with another trailer, or with a bit of its hash or of its padding changed, is refused."""
    for key in keys:
        public = key.public_key().public_numbers()
        length = (key.key_size + 7) // 8
        signature = int.from_bytes(key.sign(b"message", PSS, SHA256()), "big")
        good = pow(signature, public.e, public.n).to_bytes(length, "big")
        assert ours(key).verifies_pss(raw(key, good), b"message")
        for bent in (good[:-1] + b"\xcc", good[:-1] + b"\x00", _flipped(good, -2), _flipped(good, length // 3)):
            assert not ours(key).verifies_pss(raw(key, bent), b"message")
            assert all(agree(key, raw(key, bent), b"message"))


def _flipped(encoded: bytes, position: int) -> bytes:
    """The octets with one bit changed."""
    changed = bytearray(encoded)
    changed[position] ^= 1
    return bytes(changed)


@pytest.mark.parametrize("salt", [0, 20, 31, 33, 64])
def test_pss_salt(keys, salt: int):
    """RFC 7518 §3.5: the salt is as long as the hash, and of no other length."""
    signature = keys[0].sign(b"message", padding.PSS(padding.MGF1(SHA256()), salt), SHA256())
    assert not ours(keys[0]).verifies_pss(signature, b"message")


def test_other_hashes(keys):
    """Signatures with other hashes, also in the mask of PSS, are none."""
    key = keys[0]
    for digest in (SHA1(), SHA384()):
        assert not ours(key).verifies_pkcs1(key.sign(b"message", PKCS1, digest), b"message")
        mask = padding.PSS(padding.MGF1(digest), 32)
        assert not ours(key).verifies_pss(key.sign(b"message", mask, SHA256()), b"message")


def test_out_of_range(keys):
    """Zero, one, the modulus and more, and a signature plus the modulus."""
    for key in keys:
        public = key.public_key().public_numbers()
        length = (key.key_size + 7) // 8
        good = int.from_bytes(key.sign(b"message", PKCS1, SHA256()), "big")
        for value in (0, 1, public.n - 1, public.n, public.n + 1, good + public.n, (1 << 8 * length) - 1):
            if value < 1 << 8 * length:
                signature = value.to_bytes(length, "big")
                assert not ours(key).verifies_pkcs1(signature, b"message")
                assert not ours(key).verifies_pss(signature, b"message")
        assert not ours(key).verifies_pkcs1(b"\0" + good.to_bytes(length, "big"), b"message")
        assert not ours(key).verifies_pkcs1(b"", b"message")


@pytest.mark.parametrize(
    ("modulus", "exponent"),
    [
        (0, 65537),
        (1, 65537),
        ((1 << 1024) + 1, 65537),
        ((1 << 2047) + 2, 65537),
        ((1 << 8192) + 1, 65537),
        ((1 << 2047) + 1, 0),
        ((1 << 2047) + 1, 1),
        ((1 << 2047) + 1, 4),
        ((1 << 2047) + 1, (1 << 32) + 1),
    ],
)
def test_keys_for_nobody(modulus: int, exponent: int):
    """Keys that are too small, too large, even, or whose exponent keeps a message as it is."""
    with pytest.raises(ValueError, match=r"modulus|exponent"):
        RsaKey(modulus, exponent)
