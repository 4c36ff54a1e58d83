"""RFC 7617: what counts as a user name and password, and what does not."""

from base64 import b64encode
from contextlib import suppress

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
    """Whatever the RFC allows in a user name and a password is read exactly."""
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
    """The first colon splits; the rest is the password's; letters have one spelling (NFC)."""
    assert parse([basic(user_pass.encode())]) == expected


@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC", "Basic  "])
def test_scheme_in_any_case_and_spacing(scheme: str):
    """The scheme is case-insensitive and one or more spaces follow it."""
    assert parse([basic(b"alice:secret", scheme)]) == ("alice", "secret")


@pytest.mark.parametrize(
    ("authorization", "cause"),
    [
        ([], "no credentials"),
        ([basic(b"a:b"), basic(b"a:b")], "more than one Authorization header"),
        ([""], "Authorization is not of the Basic scheme"),
        (["Bearer YTpi"], "Authorization is not of the Basic scheme"),
        (["Basic:YTpi"], "Authorization is not of the Basic scheme"),
        (["BasicYTpi"], "Authorization is not of the Basic scheme"),
        (["Basic"], "credentials hold no colon"),
        (["Basic YTp"], "credentials are not base64"),
        (["Basic YTpi, Basic YTpi"], "credentials are not base64"),
        (["Basic YT\x00pi"], "credentials are not base64"),
        (["Basic ÿÿÿÿ"], "credentials are not base64"),
        (["Basic \ud800"], "credentials are not base64"),
        (["Basic alice:secret"], "credentials are not base64"),
        ([basic(b"\xff\xfe:\xff")], "credentials are not UTF-8"),
        ([basic("\ud800:x".encode(errors="surrogatepass"))], "credentials are not UTF-8"),
        ([basic(b"alice")], "credentials hold no colon"),
        ([basic(b"alice\0:secret")], "credentials hold a control character"),
        ([basic(b"alice:sec\x7fret")], "credentials hold a control character"),
        ([basic(b"alice:sec\nret")], "credentials hold a control character"),
        ([basic(b":secret")], "the user name is empty or too long"),
        ([basic(b"a" * 2049 + b":b")], "the user name is empty or too long"),
        ([basic(b"a:" + b"b" * 100_000)], "Authorization is too long"),
    ],
)
def test_malformed(authorization: list[str], cause: str):
    """Everything else is refused with its cause, which repeats nothing that was sent."""
    with pytest.raises(CredentialsError) as refused:
        parse(authorization)
    assert str(refused.value) == cause


def test_longest_user_name():
    """A user name may be as long as a DynamoDB key: 2,048 bytes of UTF-8."""
    assert parse([basic(("é" * 1024 + ":x").encode())])[0] == "é" * 1024


@given(st.lists(st.text(st.characters()) | st.binary().map(basic), max_size=2))
def test_nothing_else_is_raised(authorization: list[str]):
    """No input gets an exception other than the refusal."""
    with suppress(CredentialsError):
        assert parse(authorization)[0]
