"""Stored passwords: scrypt in the PHC string format, and the limits of its parameters."""

import hashlib
from base64 import b64encode

import pytest

from authorizer.passwords import BrokenHashError, hash_password, verify_password


def phc(password: str, ln: int = 1, r: int = 1, p: int = 1, salt: bytes = b"salt of 16 bytes", length: int = 32) -> str:
    """A PHC string made without the code under test."""
    digest = hashlib.scrypt(password.encode(), salt=salt, n=1 << ln, r=r, p=p, maxmem=1 << 27, dklen=length)
    encoded = [b64encode(part).decode().rstrip("=") for part in (salt, digest)]
    return f"$scrypt$ln={ln},r={r},p={p}${encoded[0]}${encoded[1]}"


def test_a_hashed_password_verifies():
    """The password that was hashed verifies, and another one does not."""
    stored = hash_password("open sesame")
    assert verify_password("open sesame", stored)
    assert not verify_password("open sesam", stored)


def test_format_and_salt():
    """The string has the documented parameters, and each has another salt."""
    one, other = hash_password("same"), hash_password("same")
    assert one != other
    assert one.startswith("$scrypt$ln=14,r=8,p=5$")
    assert [len(part) for part in one.split("$")] == [0, 6, 13, 22, 43]


@pytest.mark.parametrize(
    "stored",
    [
        phc("secret"),
        phc("secret", ln=14, r=8, p=1),
        phc("secret", ln=14, r=8, p=5),
        phc("secret", ln=4, r=8, p=5),
        phc("secret", salt=b"8 bytes."),
        phc("secret", length=16),
        phc("secret", length=64),
    ],
)
def test_other_parameters(stored: str):
    """Hashes of other programs verify if they take at most the time and the memory of ours."""
    assert verify_password("secret", stored)
    assert not verify_password("Secret", stored)


def test_one_spelling():
    """A decomposed password verifies against the hash of the composed one."""
    assert verify_password("cafe\u0301", hash_password("caf\u00e9"))


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "secret",
        "$2b$12$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234",
        "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo",
        phc("secret").replace("ln=1", "ln=0"),
        phc("secret").replace("ln=1", "ln=01"),
        phc("secret").replace("r=1", "r=0"),
        phc("secret").replace("p=1", "p=-1"),
        phc("secret").replace("ln=1", "ln=\u0661"),
        phc("secret").replace("p=1", "p=1,x=1"),
        phc("secret").replace("ln=1,r=1", "r=1,ln=1"),
        phc("secret") + "=",
        phc("secret") + "\n",
        phc("secret") + "$",
        phc("secret").rpartition("$")[0],
        phc("secret").rpartition("$")[0] + "$",
        phc("secret", length=15),
        phc("secret", salt=b"7 bytes"),
        phc("secret") + "AA",
        phc("secret").replace("$c", "$*"),
    ],
)
def test_broken(stored: str):
    """Any other string is broken, which is not the same as a wrong password."""
    with pytest.raises(BrokenHashError):
        verify_password("secret", stored)


@pytest.mark.parametrize(
    "parameters",
    [
        "ln=15,r=8,p=1",
        "ln=16,r=4,p=2",
        "ln=14,r=16,p=1",
        "ln=99,r=1,p=1",
        "ln=14,r=8,p=6",
        "ln=15,r=9,p=3",
        "ln=1,r=1,p=99",
        "ln=1,r=99,p=1",
        "ln=16,r=1,p=1",
    ],
)
def test_unaffordable(parameters: str):
    """The parameters of a stored string cannot exhaust the function's memory or time."""
    with pytest.raises(BrokenHashError):
        verify_password("secret", phc("secret").replace("ln=1,r=1,p=1", parameters))


def test_errors_keep_the_hash_to_themselves():
    """An error about a broken hash does not contain the hash."""
    with pytest.raises(BrokenHashError) as broken:
        verify_password("secret", "$scrypt$ln=20,r=8,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo")
    assert "aGFza" not in str(broken.value)
    assert broken.value.__cause__ is None
