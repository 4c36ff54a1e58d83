"""The window for everybody: axe-core finds nothing, nothing is wider than the screen, and both themes differ."""

from pathlib import Path

import pytest
from playwright.async_api import expect

EXAMPLES = [each.stem for each in (Path(__file__).parent / "requests").glob("*.json")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1600])
async def test_axe_finds_nothing(opened, axe, width, scheme) -> None:
    """In the empty window, at a request of each kind, and in the dialog."""
    page = opened.page
    await page.set_viewport_size({"width": width, "height": 900})
    await page.emulate_media(color_scheme=scheme)
    await page.evaluate(axe)
    await expect(page.locator("#empty")).to_be_visible()
    assert await findings(page) == []
    for example in EXAMPLES:
        await opened.happens(example, target=f"/{example}")
        await opened.choose(f"/{example}")
        assert await findings(page) == [], example
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        if width < 600:
            await page.get_by_role("button", name="Back").click()
    await opened.choose(f"/{EXAMPLES[0]}")
    await page.get_by_role("button", name="Replay as…").click()
    assert await findings(page) == []
    background = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, background[4:-1].split(","))) < 200) == (scheme == "dark")


async def test_focus_is_visible(opened) -> None:
    """Each control that Tab reaches has an outline."""
    await opened.happens("refused", target="/page")
    await opened.choose("/page")
    page = opened.page
    await page.locator("h1").click()
    for _ in range(20):
        await page.keyboard.press("Tab")
        style = "getComputedStyle(document.activeElement).outlineStyle"
        assert await page.evaluate(style) == "solid", await page.evaluate("document.activeElement.outerHTML")


async def findings(page) -> list[str]:
    found = await page.evaluate("axe.run(document)")
    assert len(found["passes"]) > 15
    return [f"{each['id']}: {node['html']}" for each in found["violations"] for node in each["nodes"]]
