"""Credentials by RFC 7617: the parser takes valid user names and passwords, and refuses all others."""

import base64
import re
import unicodedata
from base64 import b64encode
from contextlib import suppress
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authorizer.credentials import CredentialsError, parse


def basic(user_pass: bytes, scheme: str = "Basic") -> str:
    return f"{scheme} {b64encode(user_pass).decode()}"


# A user name and a password as RFC 7617 allows them: no control characters, and no colon in the name.
text = st.characters(exclude_categories=["Cs"], exclude_characters=[chr(c) for c in [*range(32), 127]])


@given(st.text(text.filter(lambda c: c.isascii() and c != ":"), min_size=1), st.text(text.filter(str.isascii)))
def test_ascii_credentials_come_out_as_they_went_in(username: str, password: str):
    """The parser returns exactly the user name and password that were sent."""
    assert parse([basic(f"{username}:{password}".encode())]) == (username, password)


@pytest.mark.parametrize(
    ("user_pass", "expected"),
    [
        ("alice:open:sesame:", ("alice", "open:sesame:")),
        ("alice:", ("alice", "")),
        ("αλίκη:χρυσός", ("αλίκη", "χρυσός")),
        (" alice : secret ", (" alice ", " secret ")),
        ("zoe\u0308:cafe\u0301", ("zo\u00eb", "caf\u00e9")),
    ],
    ids=["colons in the password", "no password", "UTF-8", "spaces are part of it", "decomposed characters"],
)
def test_user_name_and_password(user_pass: str, expected: tuple[str, str]):
    """The first colon ends the user name, the password may have more, and letters are normalized (NFC)."""
    assert parse([basic(user_pass.encode())]) == expected


@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC", "Basic  "])
def test_scheme_in_any_case_and_spacing(scheme: str):
    """The scheme is case-insensitive, and one or more spaces follow it."""
    assert parse([basic(b"alice:secret", scheme)]) == ("alice", "secret")


@pytest.mark.parametrize(
    ("authorization", "cause"),
    [
        ([], "no credentials"),
        ([basic(b"a:b"), basic(b"a:b")], "more than one Authorization header"),
        ([""], "the scheme of Authorization is not Basic"),
        (["Bearer YTpi"], "the scheme of Authorization is not Basic"),
        (["Basic:YTpi"], "the scheme of Authorization is not Basic"),
        (["BasicYTpi"], "the scheme of Authorization is not Basic"),
        (["Basic"], "credentials contain no colon"),
        (["Basic YTp"], "credentials are not base64"),
        (["Basic YTpi, Basic YTpi"], "credentials are not base64"),
        (["Basic YT\x00pi"], "credentials are not base64"),
        (["Basic ÿÿÿÿ"], "credentials are not base64"),
        (["Basic \ud800"], "credentials are not base64"),
        (["Basic alice:secret"], "credentials are not base64"),
        ([basic(b"\xff\xfe:\xff")], "credentials are not UTF-8"),
        ([basic("\ud800:x".encode(errors="surrogatepass"))], "credentials are not UTF-8"),
        ([basic(b"alice")], "credentials contain no colon"),
        ([basic(b"alice\0:secret")], "credentials contain a control character"),
        ([basic(b"alice:sec\x7fret")], "credentials contain a control character"),
        ([basic(b"alice:sec\nret")], "credentials contain a control character"),
        ([basic(b":secret")], "the user name is empty or too long"),
        ([basic(b"a" * 2049 + b":b")], "the user name is empty or too long"),
        ([basic(b"a:" + b"b" * 100_000)], "Authorization is too long"),
    ],
)
def test_malformed(authorization: list[str], cause: str):
    """All other values are refused. The cause quotes nothing that was sent."""
    with pytest.raises(CredentialsError) as refused:
        parse(authorization)
    assert str(refused.value) == cause


def test_longest_user_name():
    """A user name may be as long as a DynamoDB key: 2,048 bytes of UTF-8."""
    assert parse([basic(("é" * 1024 + ":x").encode())])[0] == "é" * 1024


@given(st.lists(st.text(st.characters()) | st.binary().map(basic), max_size=2))
def test_nothing_else_is_raised(authorization: list[str]):
    """Every input is parsed or raises CredentialsError."""
    with suppress(CredentialsError):
        assert parse(authorization)[0]


def by_the_standard_library(value: str) -> tuple[str, str] | None:
    """The result of RFC 7617, by the standard library; None if the value has to be refused."""
    if not (match := re.fullmatch(r"(?i:basic) +([A-Za-z0-9+/]*={0,2}) *", value)) or len(value) > 6144:
        return None
    try:
        text = unicodedata.normalize("NFC", base64.b64decode(match[1], validate=True).decode())
    except ValueError:
        return None
    name, colon, password = text.partition(":")
    visible = not any(unicodedata.category(each) == "Cc" and ord(each) not in range(0x80, 0xA0) for each in text)
    return (name, password) if colon and visible and 0 < len(name.encode()) <= 2048 else None


def test_generated_values():
    """Of 100,000 values, the parser takes the same ones as the standard library, and reads them alike."""
    random = Random(7617)
    letters = ["a", "b", ":", "é", "e\u0301", "\u0085", "\0", "\n", "\x7f", " ", "%", "漢"]
    taken = 0
    for _ in range(100_000):
        text = "".join(random.choices(letters, [20, 20, 30, 9, 9, 9, 1, 1, 1, 5, 5, 5], k=random.randrange(9)))
        scheme = random.choices(["Basic ", "basic ", "BASIC  ", "Basic", "Bearer ", ""], [9, 9, 9, 1, 1, 1])[0]
        value = scheme + basic(text.encode())[6:]
        if random.random() < 0.3:  # break it somewhere
            place = random.randrange(len(value) + 1)
            value = value[:place] + random.choice(["", "=", " ", "-", "é", "A", "\t", ","]) + value[place + 1 :]
        expected = by_the_standard_library(value)
        try:
            assert parse([value]) == expected, value
            taken += 1
        except CredentialsError:
            assert expected is None, value
    assert taken > 20_000
