"""What a stranger sends stays text in the window."""

from playwright.async_api import expect

MARKUP = '<img src=x onerror="window.hostile=1"><script>window.hostile=1</script>'


async def test_markup_stays_text(opened) -> None:
    """Each text of a request may look like markup: it is shown as text, and runs nothing."""
    request = await opened.happens("refused")
    hostile = _with(request, MARKUP)
    await opened.happens(
        "refused", **{**hostile, "id": "hostile", "number": 2, "status": 502, "at": 1, "milliseconds": 1}
    )
    page = opened.page
    detail = await opened.choose(MARKUP)
    assert (await detail.inner_text()).count(MARKUP) > 30
    assert await page.locator("main img, main script").count() == 0
    assert await page.evaluate("window.hostile") is None
    await expect(page).to_have_title(f"502 {MARKUP} {MARKUP} · cloudfront-local")


def _with(value, text: str):
    """The value with this text for each text in it, but for those that the page takes for names."""
    if isinstance(value, dict):
        names = ("kind", "outcome", "event_type")
        return {key: each if key in names else _with(each, text) for key, each in value.items()}
    if isinstance(value, list):
        return [_with(each, text) for each in value]
    return text if isinstance(value, str) else value
