"""The URLs that the resource of a custom policy covers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudfront_local.distribution.signatures.resource import covers


@pytest.mark.parametrize(
    ("resource", "url", "covered"),
    [
        ("https://a.org/x", "https://a.org/x", True),
        ("https://a.org/x", "https://a.org/xy", False),
        ("https://a.org/x", "http://a.org/x", False),
        ("https://a.org/x", "https://a.org/X", False),
        ("https://a.org/x", "https://a.org/x?q=1", False),
        ("http*://a.org/x", "http://a.org/x", False),  # The star stands for the whole protocol.
        ("*://a.org/x", "http://a.org/x", True),
        ("*://a.org/x", "https://a.org/x", True),
        ("a.org/x", "https://a.org/x", False),
        ("*.org/x", "https://a.org/x", True),
        ("*a.org/x", "http://a.org/x", True),
        ("ftp://a.org/x", "ftp://a.org/x", False),
        # A star stays in its section, except at the end of the path and of the domain.
        ("https://*.org/x", "https://a.b.org/x", True),
        ("https://*.org/x", "https://evil.com/.org/x", False),
        ("https://a.org/*/x", "https://a.org/b/c/x", True),
        ("https://a.org/*/x", "https://a.org/b?c/x", False),
        ("https://a.org/*", "https://a.org/b?c=1", True),
        ("https://a.org/*.jpg", "https://a.org/b.jpg?c=1", False),
        ("https://a.org*", "https://a.org/b?c=1", True),
        ("https://a.org*", "https://a.org.evil.com/b?c=1", True),
        ("https://a.org", "https://a.org/", False),
        ("https://a.org/x?*", "https://a.org/x?c=1", True),
        ("https://a.org/x?c=*&d=1", "https://a.org/x?c=2&d=1", True),
        ("https://a.org/x\\?c=1", "https://a.org/x?c=1", True),
        # One character, also in the middle of a path.
        ("https://a.org/x?.jpg", "https://a.org/x1.jpg", True),
        ("https://a.org/x?.jpg", "https://a.org/x12.jpg", False),
        ("https://?.org/x", "https://a.org/x", True),
        ("https://?.org/x", "https://ab.org/x", False),
        # Stars in the middle of a path and of a domain.
        ("https://a.org/*/c/*.pdf", "https://a.org/b/c/d/c/e.pdf", True),
        ("https://a.org/*/c/*.pdf", "https://a.org/b/d/e.pdf", False),
        ("https://*.a.*.org/x", "https://a.b.a.c.org/x", True),
        ("https://a.org/*b*?c=*", "https://a.org/abab?c=1", True),
        # Many stars are decided at once: the server waits for it.
        ("https://a.org/" + "*a" * 60 + "b", "https://a.org/" + "a" * 200, False),
        ("https://a.org/" + "*" * 60 + "b", "https://a.org/" + "a" * 200, False),
        # All URLs.
        ("*", "http://a.org/x?y", True),
        ("", "http://a.org/x?y", True),
        ("://", "http://a.org/x", False),
    ],
)
def test_covers(resource: str, url: str, covered: bool) -> None:
    assert covers(resource, url) is covered


@given(st.text(alphabet="htps:/*?.a\\[(", max_size=40), st.text(alphabet="htps:/?.a", max_size=40))
def test_anything(resource: str, url: str) -> None:
    """No resource raises."""
    assert covers(resource, url) in (True, False)
