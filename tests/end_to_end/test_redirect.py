"""The redirect through the distribution: the form's answer is made at the edge."""

from pathlib import Path

import pytest

SITE = Path(__file__).parents[2] / "site"


def test_form(distribution) -> None:
    """The form on the index page leads to the other page, its query string carried over."""
    headers = {"Referer": f"https://{distribution.domain_name}/demo/index.html"}
    answer = distribution.get("/demo/submit?name=octo+cat", headers=headers)
    assert (answer.status, answer.headers["location"]) == (302, "/demo/other.html?name=octo+cat")
    assert answer.headers["x-cache"] == "LambdaGeneratedResponse from cloudfront"


def test_without_the_form(distribution) -> None:
    """Whoever did not come from the form's page is not sent on: S3 has nothing there."""
    assert distribution.get("/demo/submit?name=octocat").status == 404


@pytest.mark.parametrize("page", ["index", "other"])
def test_pages(distribution, page: str) -> None:
    """Both pages of the demo are there for everybody."""
    if not (SITE / "demo" / f"{page}.html").is_file():
        pytest.skip(f"site/demo/{page}.html of the demo is gone")
    answer = distribution.get(f"/demo/{page}.html")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
