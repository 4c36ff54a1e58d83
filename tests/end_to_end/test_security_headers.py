"""Security headers through the distribution: on what the bucket answers, and on what the cache has kept."""

from pathlib import Path

import pytest

SITE = Path(__file__).parents[2] / "site"
# Any file that is no page.
FILE = min(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.*") if path.suffix != ".html")


@pytest.mark.parametrize(("path", "status"), [("/", 200), (f"/{FILE}", 200), ("/none.html", 404)])
def test_headers(running_stack, path: str, status: int) -> None:
    """Every answer has them, of whatever status, from the bucket as from the cache."""
    for _ in range(2):
        answer = running_stack.get(path, "demo:demo")
        assert answer.status == status
        assert answer.headers["strict-transport-security"] == "max-age=63072000"
        assert (answer.headers["x-content-type-options"], answer.headers["x-frame-options"]) == ("nosniff", "DENY")
        assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self' ")


def test_setting(running_stack) -> None:
    """The origin custom header says whom pages may connect to, and no viewer sees it."""
    distribution = running_stack.client("cloudfront").get_distribution_config(
        Id=running_stack.description.distribution_id
    )["DistributionConfig"]
    custom = [
        header for origin in distribution["Origins"]["Items"] for header in origin["CustomHeaders"].get("Items", [])
    ]
    (setting,) = {each["HeaderValue"] for each in custom if each["HeaderName"] == "x-security-headers-connect"}
    headers = running_stack.get("/", "demo:demo").headers
    assert f" {setting}; form-action" in headers["content-security-policy"]
    assert not [name for name in headers if name.startswith("x-security-headers-")]
