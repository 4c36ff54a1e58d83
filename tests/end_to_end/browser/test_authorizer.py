"""Signing in at the browser's own prompt."""

import pytest
from playwright.sync_api import Error, expect

pytestmark = pytest.mark.browser


def test_nobody_at_the_prompt_does_not_enter(viewer):
    """Without a password the browser asks for one; headless nobody answers, and it gives up on the 401."""
    page = viewer(http_credentials=None)
    with pytest.raises(Error, match="ERR_INVALID_AUTH_CREDENTIALS"):
        page.goto("/")
    expect(page.locator("h1")).to_have_count(0)


def test_wrong_password_does_not_enter(viewer):
    """The prompt answered wrongly leaves a 401 and no page."""
    page = viewer(http_credentials={"username": "demo", "password": "wrong"})
    answer = page.goto("/")
    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith('Basic realm="')
    expect(page.locator("h1")).to_have_count(0)


def test_the_right_password_lets_in(page):
    """The demo user sees the page."""
    assert page.goto("/").status == 200
