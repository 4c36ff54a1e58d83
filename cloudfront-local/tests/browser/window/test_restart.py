"""The window's page over a restart of `cloudfront-local serve`."""

import re

from playwright.async_api import expect

ROWS = "role=listbox >> role=option"


async def test_connects_again(opened) -> None:
    """The page says that it waits for the server; then it shows the requests of the new server alone."""
    await opened.happens("hit", target="/before")
    await expect(opened.page.locator(ROWS)).to_contain_text(["/before"])
    await opened.stop()
    await expect(opened.page.locator("#live")).to_have_text("Connecting")
    await opened.page.locator(ROWS).click()
    await expect(opened.page.locator("#detail")).to_have_text(
        "The window does not answer: cloudfront-local has ended, or starts again."
    )
    opened.kept.clear()
    await opened.happens("miss", target="/after")
    await opened.start()
    await expect(opened.page.locator("#live")).to_have_text("Live", timeout=15_000)
    await expect(opened.page.locator(ROWS)).to_have_text([re.compile("/after")])
    await expect(opened.page.locator("#detail h2")).to_have_text("Behaviors of the distribution")
    assert opened.page.url == opened.url
