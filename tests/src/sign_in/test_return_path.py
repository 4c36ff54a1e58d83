"""The way back after signing in leads to a path on the same host, however it was dressed up."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sign_in.return_path import return_path
from tests.src.sign_in.conftest import ADDRESS, HOST, SESSION

TRICKS = (
    "//evil.example",
    "///evil.example",
    "////evil.example/..",
    "/\\evil.example",
    "\\\\evil.example",
    "/%2fevil.example",
    "/%2F%2Fevil.example",
    "/%5cevil.example",
    "/%09/evil.example",
    "/\t/evil.example",
    "/\r\nLocation: https://evil.example",
    "/%0d%0aSet-Cookie:%20a=b",
    "https://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "//user:pass@evil.example",
    "/@evil.example",
    "/.evil.example",
    "/members/..//evil.example",
    "/members/../../evil.example",
    "//evil.example@www.example.org/",
    "/members#//evil.example",
    "/\u2028//evil.example",
    "/é",
    "/\x00",
    "/%",
    "/%zz",
    "",
)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


def leads_home(location: str) -> bool:
    """Whether a browser stays on the host, as the WHATWG's URL Standard reads an address."""
    read = location.replace("\\", "/").replace("\t", "").replace("\n", "").replace("\r", "")
    parts = urlsplit(read)
    return (parts.scheme, parts.netloc) == ("https", HOST) and read == location and location.isascii()


@pytest.mark.parametrize("trick", TRICKS)
@pytest.mark.parametrize("query", ["", "next=https://evil.example", "a=\r\nb", "\\", "#//evil.example"])
def test_trick(browser, provider, trick: str, query: str):
    """After a whole login, a redirect to this host alone, in one line."""
    request = {"method": "GET", "uri": trick, "querystring": query}
    headers = {"host": HOST, "accept": "text/html"}
    items = {name: [{"key": name, "value": value}] for name, value in headers.items()}
    sent = browser.send({**request, "headers": items}).sent
    provider.answers(provider.signed(provider.claims(sent["nonce"])))
    answer = browser.load(f"/members/callback?code=secret-code&state={sent['state']}")
    assert answer.status == 302
    assert leads_home(answer.location), answer.location
    assert not urlsplit(answer.location).path.startswith("//")


@pytest.mark.parametrize("trick", TRICKS)
@pytest.mark.parametrize("signed_in", [False, True])
def test_trick_at_the_address_of_sign_in(browser, provider, cookie, trick: str, signed_in: bool):
    """The page that this address names is on the same host, too."""
    if signed_in:
        browser.jar[SESSION] = cookie()
    headers = {"host": HOST, "accept": "text/html", "cookie": "; ".join(map("=".join, browser.jar.items()))}
    items = {name: [{"key": name, "value": value}] for name, value in headers.items()}
    answer = browser.send({"method": "GET", "uri": "/members/sign-in", "querystring": trick, "headers": items})
    if not signed_in:
        provider.answers(provider.signed(provider.claims(answer.sent["nonce"])))
        answer = browser.load(f"/members/callback?code=secret-code&state={answer.sent['state']}")
    assert answer.status == 302
    assert leads_home(answer.location), answer.location
    assert not urlsplit(answer.location).path.startswith("//")


@pytest.mark.parametrize(
    ("uri", "query", "path"),
    [
        ("/members/", "", "/members/"),
        ("/members/a%20b/c", "", "/members/a%20b/c"),
        ("/members/a", "x=1&y=%2F&x=2", "/members/a?x=1&y=%2F&x=2"),
        ("/members/a", "next=https://other.example/", "/members/a?next=https://other.example/"),
        ("//members//a", "", "/members//a"),
        ("/members/é", "ü", "/members/%C3%A9?%C3%BC"),
        ("/members/<b>\"'", "", "/members/%3Cb%3E%22'"),
        ("/members/sign-in", "/members/a?b", "/members/a?b"),
        ("/members/sign-in", "", "/members/"),
        ("/members/sign-in", "?b", "/members/?b"),
        ("/" + "a" * 1499, "", "/" + "a" * 1499),
        ("/members/a", "b" * 1489, "/members/a?" + "b" * 1489),
        ("/members/a", "b" * 1490, "/members/a"),
        ("/members/a", "b" * 8000, "/members/a"),
        ("/" + "a" * 1499, "b", "/" + "a" * 1499),
        ("/" + "a" * 1500, "", "/members/"),
        ("/" + "a" * 1500, "b", "/members/"),
        ("/members/sign-in", "/members/a?" + "b" * 1490, "/members/a"),
        ("/members/sign-in", "/" + "a" * 1500, "/members/"),
    ],
)
def test_kept(uri: str, query: str, path: str):
    """The page that was asked for, with its query. Of what is too long for a cookie, a page remains that is near."""
    assert return_path({"uri": uri, "querystring": query}) == path


@given(TEXTS, TEXTS)
def test_generated(uri: str, query: str):
    """Whatever is asked for: one slash at the beginning, and visible ASCII."""
    path = return_path({"uri": uri, "querystring": query})
    assert leads_home(ADDRESS + path)
    assert path.startswith("/")
    assert not path.startswith("//")
    assert path.isprintable()
