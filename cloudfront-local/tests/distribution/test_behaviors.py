"""The behavior that a path matches."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudfront_local.distribution.behaviors import CacheBehavior, match, normalized
from cloudfront_local.distribution.policies import CachePolicy

DISABLED = CachePolicy(0, 0, 0)


def matched(pattern: str, uri: str) -> bool:
    behaviors = [CacheBehavior(pattern, "first", DISABLED), CacheBehavior("*", "default", DISABLED)]
    return match(behaviors, uri).origin_id == "first"


@pytest.mark.parametrize(
    ("pattern", "uri", "expected"),
    [
        ("/images/*.jpg", "/images/a.jpg", True),
        ("/images/*.jpg", "/images/2026/11/a.jpg", True),
        ("/images/*.jpg", "/images/.jpg", True),
        ("/images/*.jpg", "/images/a.jpeg", False),
        ("/images/*", "/images/", True),
        ("/images/*", "/images", False),
        ("/a??.jpg", "/abc.jpg", True),
        ("/a??.jpg", "/ab.jpg", False),
        ("/a??.jpg", "/abcd.jpg", False),
        ("/a?c", "/a/c", True),
        ("/API/*", "/api/books", False),
        ("api/*", "/api/books", True),
        ("*product.jpg", "/shop/product.jpg", True),
        ("/*product.jpg", "/shop/product.jpg", True),
        ("/a.b", "/axb", False),
        ("/$&+:@~\"'-_.", "/$&+:@~\"'-_.", True),
        ("/[ab]", "/a", False),
        ("/api/*", "//api//books", True),
        ("/api/*", "/files/../api/books", True),
        ("/api/*", "/api/../files/x", False),
        ("/api/*", "/api/%2e%2e/files/x", False),
        ("/api/*", "/%61pi/books", True),
        ("/a%2Fb", "/a%2fb", True),
        ("/a/b", "/a%2Fb", False),
        ("/*", "/", True),
    ],
)
def test_pattern(pattern: str, uri: str, expected: bool) -> None:
    """`*` also matches slashes, `?` one character. Case matters, a leading slash does not. Paths are normalized."""
    assert matched(pattern, uri) is expected


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("/", "/"),
        ("/a//b", "/a/b"),
        ("/a/./b/../c", "/a/c"),
        ("/a/b/..", "/a/"),
        ("/a/", "/a/"),
        ("/..", "/"),
        ("/%7Euser/%c3%a9", "/~user/%C3%A9"),
        ("/a%2fb", "/a%2Fb"),
    ],
)
def test_normalized(uri: str, path: str) -> None:
    """Dot segments and double slashes are removed, unreserved characters decoded, other escapes put in upper case."""
    assert normalized(uri) == path


def test_order() -> None:
    """The first matching behavior counts, even if a later one has a longer pattern."""
    behaviors = [CacheBehavior(pattern, pattern, DISABLED) for pattern in ("/a*", "/a/b/c", "*")]
    assert [match(behaviors, uri).path_pattern for uri in ("/a/b/c", "/b")] == ["/a*", "*"]


async def test_query_is_no_part_of_the_path(edge) -> None:
    """The query string is not matched, and the origin gets the path as the viewer sent it."""
    at = edge(CacheBehavior("/api/*", "main", DISABLED))
    at.origin.reply()
    await at.get("/files/..//api/x%2e?y=/z")
    assert [request.uri for request in at.origin.requests] == ["/files/..//api/x%2e"]
    await at.get("/other?x=/api/")
    assert (await at.get("/other?x=/api/")).headers["X-Cache"] == "Hit from cloudfront"


@pytest.mark.parametrize(
    ("uri", "path", "pattern"),
    [
        ("//api//books", "/api/books", "/api/*"),
        ("/x/../api/books", "/api/books", "/api/*"),
        ("/api/../index.html", "/index.html", "*"),
        ("/%61pi/books", "/api/books", "/api/*"),
        ("///", "/", "*"),
        ("/../../x", "/x", "*"),
    ],
)
async def test_paths_that_are_not_normal(edge, caplog, uri: str, path: str, pattern: str) -> None:
    """The terminal names, once, the behavior of such a path and the path that functions and origin get."""
    at = edge(CacheBehavior("/api/*", "main", DISABLED), default_root_object="index.html")
    at.origin.reply()
    for target in ("/normal", uri, uri + "?token=secret", "//other"):
        await at.get(target)
    assert at.origin.requests[1].uri == uri
    serves = f"Here, '{uri}' is matched as '{path}': the behavior {pattern} serves it"
    (record,) = [record for record in caplog.records if "Not verified" in record.getMessage()]
    assert record.getMessage().endswith(f"{serves}, and functions and origin get '{uri}'.")


@given(st.text("ab*?", max_size=12), st.text("ab", max_size=12))
def test_wildcards(pattern: str, path: str) -> None:
    """Stars and question marks match what the shell's match, wherever they stand."""
    assert matched(f"/{pattern}", f"/{path}") is fnmatchcase(path, pattern)


def test_many_stars() -> None:
    """A pattern with many stars is decided at once: the server waits for it."""
    assert not matched("/" + "*a" * 60 + "b", "/" + "a" * 200)
