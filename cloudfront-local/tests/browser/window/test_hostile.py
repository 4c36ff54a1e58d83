"""What a stranger sends stays text in the window."""

from playwright.async_api import expect

MARKUP = '<img src=x onerror="window.hostile=1"><script>window.hostile=1</script>'


async def test_markup_stays_text(opened) -> None:
    """Paths, queries, headers, bodies and results of functions that look like markup are shown as text, and run
    nothing."""

    def generated(event):
        return {"status": "200", "headers": {"x-made": [{"key": "X-Made", "value": MARKUP}]}, "body": MARKUP}

    window = await opened(functions={"viewer-request": generated})
    await window.get("/" + MARKUP.replace(" ", ""), {"X-Sent": MARKUP, "User-Agent": MARKUP})
    await window.choose("onerror")
    detail = window.page.locator("#detail")
    await expect(detail).to_contain_text(MARKUP)
    await expect(detail.locator("h2")).to_contain_text("onerror=")
    assert await window.page.locator("main img, main script").count() == 0
    assert await window.page.evaluate("window.hostile") is None
    await window.page.get_by_role("button", name="Replay", exact=True).click()
    await expect(window.page.locator("role=option")).to_have_count(2)
    assert await window.page.evaluate("window.hostile") is None
