"""The blog through the distribution: public, and its folders show their index pages."""

from pathlib import Path

import pytest

SITE = Path(__file__).parents[2] / "site"


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/blog", "blog/index.html"),
        ("/blog/", "blog/index.html"),
        ("/blog/first-light/", "blog/first-light/index.html"),
        ("/blog/first-light/index.html", "blog/first-light/index.html"),
    ],
)
def test_page(distribution, path: str, page: str) -> None:
    """Everybody gets the page, and the cache keeps it under the page's own address."""
    if not (SITE / page).is_file():
        pytest.skip(f"site/{page} of the demo is gone")
    answer = distribution.get(path)
    assert (answer.status, answer.content) == (200, (SITE / page).read_bytes())


def test_no_page(distribution) -> None:
    """A folder without an index page is not there."""
    assert distribution.get("/blog/nothing/").status == 404
