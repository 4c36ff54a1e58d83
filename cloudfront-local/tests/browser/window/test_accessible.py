"""The window for everybody: axe-core finds nothing, nothing is wider than the screen, and both themes differ."""

import pytest
from playwright.async_api import expect

WIDTHS = [390, 1600]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
async def test_axe_finds_nothing(opened, axe, width, scheme) -> None:
    """In the empty window, and at a request that was refused."""
    window = await opened(functions={"origin-request": broken}, width=width, scheme=scheme)
    await expect(window.page.locator("#empty")).to_be_visible()
    assert await findings(window.page, axe) == []
    await window.get("/page?v=1")
    await window.choose("/page")
    assert await findings(window.page, axe) == []
    assert await window.page.evaluate("document.documentElement.scrollWidth") <= width
    background = await window.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, background[4:-1].split(","))) < 200) == (scheme == "dark")


async def findings(page, axe) -> list[str]:
    await page.evaluate(axe)
    found = await page.evaluate("axe.run(document)")
    assert len(found["passes"]) > 20
    return [f"{each['id']}: {node['html']}" for each in found["violations"] for node in each["nodes"]]


def broken(event):
    request = event["Records"][0]["cf"]["request"]
    request["headers"]["connection"] = [{"key": "Connection", "value": "close"}]
    return request
