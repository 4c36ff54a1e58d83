"""Security headers through the distribution: on what the bucket answers, and on what the cache has kept."""

import pytest


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/style.css", 200), ("/none.html", 403)])
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
    headers = running_stack.get("/", "demo:demo").headers
    assert " https://api.github.com; form-action" in headers["content-security-policy"]
    assert not [name for name in headers if name.startswith("x-security-headers-")]
