"""Security headers through the distribution: on what the bucket answers, and on what the cache has kept."""

from pathlib import Path

import pytest

SITE = Path(__file__).parents[2] / "site"
# Any file that is no page.
FILE = min(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.*") if path.suffix != ".html")


@pytest.mark.parametrize(("path", "status"), [("/", 200), (f"/{FILE}", 200), ("/none.html", 404)])
def test_headers(distribution, path: str, status: int) -> None:
    """Every answer has them, of whatever status, from the bucket as from the cache."""
    for _ in range(2):
        answer = distribution.get(path, user=("demo", "demo"))
        assert answer.status == status
        assert answer.headers["strict-transport-security"] == "max-age=63072000"
        assert (answer.headers["x-content-type-options"], answer.headers["x-frame-options"]) == ("nosniff", "DENY")
        assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self' ")


def test_setting(distribution) -> None:
    """The origin custom header says whom pages may connect to, and no viewer sees it."""
    cloudfront = distribution.client("cloudfront")
    (summary,) = cloudfront.list_distributions()["DistributionList"]["Items"]
    custom = [header for origin in summary["Origins"]["Items"] for header in origin["CustomHeaders"].get("Items", [])]
    (setting,) = {each["HeaderValue"] for each in custom if each["HeaderName"] == "x-security-headers-connect"}
    headers = distribution.get("/", user=("demo", "demo")).headers
    assert f" {setting}; form-action" in headers["content-security-policy"]
    assert not [name for name in headers if name.startswith("x-security-headers-")]
