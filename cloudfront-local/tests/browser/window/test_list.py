"""The list of requests in the window: it moves while requests come, filters, and obeys the keyboard."""

import re

from playwright.async_api import expect

ROWS = "role=listbox >> role=option"


async def test_before_the_first_request(opened) -> None:
    """The empty list says what to do."""
    page = (await opened()).page
    await expect(page.locator("#empty")).to_contain_text("No requests yet")
    await expect(page.locator("#empty")).to_contain_text(re.compile(r"curl -i http://127\.0\.0\.1:\d+/"))


async def test_moves_while_requests_come(opened) -> None:
    """A request appears at the top as it happens, with its status, result and time. A page that is opened later shows
    the same list."""
    window = await opened()
    window.at.origin.reply(200, headers={"Cache-Control": "max-age=60"})
    for path in ("/first", "/second", "/first"):
        await window.get(path)
        await expect(window.page.locator(ROWS).first).to_contain_text(path)
    rows = await window.page.locator(ROWS).all_inner_texts()
    assert [row.split("\n")[:4] for row in rows] == [
        ["200", "GET", "/first", "Hit"],
        ["200", "GET", "/second", "Miss"],
        ["200", "GET", "/first", "Miss"],
    ]
    assert all(re.search(r"\n(< )?[\d.]+ m?s$", row) for row in rows)
    await window.page.reload()
    await expect(window.page.locator(ROWS)).to_have_count(3)
    assert await window.page.locator(ROWS).all_inner_texts() == rows


async def test_news_for_a_screen_reader(opened) -> None:
    """A polite live region tells of new requests."""
    window = await opened()
    window.at.origin.reply(404)
    await window.get("/missing")
    await expect(window.page.locator("#news[role=status]")).to_contain_text("1 new request: 404 GET /missing")


async def test_filter(opened) -> None:
    """By path with `*`, by status or its class, and by function; Escape clears the filter."""
    window = await opened(functions={"viewer-request": lambda event: event["Records"][0]["cf"]["request"]})
    window.at.origin.reply(200).reply(404).reply(503)
    for path in ("/api/books", "/api/users", "/page"):
        await window.get(path)
    page, shown = window.page, window.page.locator(f"{ROWS} >> visible=true")
    await expect(shown).to_have_count(3)
    await page.get_by_label("Path").fill("/api/*s")
    await expect(shown).to_have_count(2)
    await expect(page.locator("#count")).to_have_text("2 of 3 requests")
    await page.get_by_label("Status").select_option("4xx")
    await expect(shown).to_have_text([re.compile("404.*/api/users")])
    await page.get_by_label("Status").select_option("503")
    await expect(page.locator("#empty")).to_contain_text("No request passes the filter")
    await page.get_by_label("Path").press("Escape")
    await expect(shown).to_have_count(3)
    await page.get_by_label("Function").select_option("viewer-request-function")
    await expect(shown).to_have_count(3)


async def test_keyboard(opened) -> None:
    """Arrows, Home and End choose a request; Enter goes to it, Escape comes back, / goes to the filter."""
    window = await opened()
    window.at.origin.reply(200)
    for number in range(3):
        await window.get(f"/{number}")
    page = window.page
    await expect(page.locator(ROWS)).to_have_count(3)
    chosen, heading = page.locator("[role=option][aria-selected=true]"), page.locator("#detail h2")
    for key, path in (("ArrowDown", "/2"), ("ArrowDown", "/1"), ("End", "/0"), ("ArrowUp", "/1"), ("Home", "/2")):
        await page.keyboard.press(key)
        await expect(chosen).to_contain_text(path)
        await expect(heading).to_contain_text(f"GET {path}")
    await page.get_by_role("listbox").focus()
    active = await page.get_by_role("listbox").get_attribute("aria-activedescendant")
    assert active == await chosen.get_attribute("id")
    await page.keyboard.press("Enter")
    await expect(heading).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("listbox")).to_be_focused()
    await page.keyboard.press("/")
    await expect(page.get_by_label("Path")).to_be_focused()
    assert await page.get_by_label("Path").input_value() == ""


async def test_focus_is_visible(opened) -> None:
    """Each control that Tab reaches has an outline."""
    page = (await opened()).page
    for _ in range(6):
        await page.keyboard.press("Tab")
        style = "getComputedStyle(document.activeElement).outlineStyle"
        assert await page.evaluate(style) == "solid", await page.evaluate("document.activeElement.outerHTML")
