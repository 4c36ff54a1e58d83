"""Which cached objects an invalidation removes."""

import pytest

from cloudfront_local.distribution.cache.invalidation import invalidation
from cloudfront_local.distribution.policies import CachePolicy, Selection


@pytest.mark.parametrize(
    ("path", "target", "removed"),
    [
        ("/a.jpg", "/a.jpg", True),
        ("/a.jpg", "/A.jpg", False),
        ("/a.jpg", "/a.jpg?x=1", False),
        ("/a.jpg?x=1", "/a.jpg?x=1", True),
        ("/a.jpg*", "/a.jpg?x=1", True),
        ("/*", "/any/thing?x=1", True),
        ("/dir/*", "/dir/a/b", True),
        ("/dir/*", "/dir", False),
        ("/dir*", "/dir", True),
        ("/d*r/a", "/dir/a", False),
        ("/d*r/a", "/d*r/a", True),
        ("/dir", "/dir/", False),
    ],
)
def test_concerns(path: str, target: str, removed: bool) -> None:
    assert invalidation([path]).concerns(target) is removed


@pytest.mark.parametrize("path", ["", "a.jpg", "*", "#tag", "https://example.org/a"])
def test_refused(path: str) -> None:
    with pytest.raises(ValueError, match="begins with /"):
        invalidation(["/fine", path])


async def test_removes_every_variant(edge) -> None:
    """Objects with other headers, and the answer to HEAD, are removed with the path; other paths stay."""
    at = edge(cache_policy=CachePolicy(0, 100, 100, headers=Selection("whitelist", frozenset({"x-variant"}))))
    at.origin.reply(headers={"Cache-Control": "max-age=60"})
    asked = [("/a", "1", "GET"), ("/a", "2", "GET"), ("/b", "1", "GET")]

    async def results() -> list[str]:
        return [
            (await at.get(path, {"X-Variant": variant}, method)).headers["X-Cache"].split()[0]
            for path, variant, method in asked
        ]

    assert await results() == ["Miss"] * 3
    assert await results() == ["Hit"] * 3
    assert at.distribution.invalidate(["/a"]) == 2
    assert await results() == ["Miss", "Miss", "Hit"]
