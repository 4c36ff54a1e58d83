"""The check that every answer of these tests passes finds a secret wherever it is."""

import pytest

from tests.src.sign_in.confidential import told

AUTHORIZE = "https://login.example.org/oauth2/authorize?"


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("Location", "https://www.example.org/?code=hush", True),
        ("Location", f"{AUTHORIZE}state=a&code_verifier=hush", True),
        ("Location", f"{AUTHORIZE}redirect_uri=https%3A%2F%2Fa%2F%68ush", True),
        ("Location", "https://login.example.org/hush/authorize?state=a", True),
        ("Location", f"{AUTHORIZE}state=hush&nonce=hush&code_challenge=hush", False),
        ("Location", "https://www.example.org/?state=hush", True),
        ("Set-Cookie", "__Host-sign-in=hush; Max-Age=60; Path=/", False),
        ("Set-Cookie", "__Host-sign-in-attempt-a=hush; Max-Age=60", False),
        ("Set-Cookie", "__Host-sign-in-attempt-hush=a; Max-Age=60", True),
        ("Set-Cookie", "other=hush", True),
        ("Cookie", "__Host-sign-in=hush", True),
        ("WWW-Authenticate", 'Bearer error="hush"', True),
        ("X-Hush-hush", "a", True),
    ],
)
def test_header(name: str, value: str, found: bool):
    """Only what the browser has to get for itself is not told."""
    assert told(["hush"], [(name, value)], "a page") == ["hush"] * found


def test_text():
    """A body, a path, a query."""
    assert told(["hush", "eyJ", "other"], [], "a", "<p>hush</p>", "eyJ") == ["hush", "eyJ"]
    # By chance, a random value has these letters.
    assert told(["eyJ"], [("X", "a.eyJ"), ("Y", "x9eyJ-eyJ")], "state_eyJ") == ["eyJ"]
    assert told(["eyJ"], [("Y", "x9eyJ-eyJ")], "state_eyJ") == []
