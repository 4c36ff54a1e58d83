"""The list of requests in the window: it moves while requests come, filters, and obeys the keyboard."""

import re

from playwright.async_api import expect

ROWS = "role=listbox >> role=option"


async def test_before_the_first_request(opened) -> None:
    """The empty list says what to do."""
    await expect(opened.page.locator("#empty")).to_contain_text("No requests yet")
    await expect(opened.page.locator("#empty")).to_contain_text("curl -i http://127.0.0.1:8080/")


async def test_moves_while_requests_come(opened) -> None:
    """A request appears at the top as it happens, with its status, result and time. A page that is opened later shows
    the same list."""
    page = opened.page
    for example, target in (("miss", "/first"), ("refused", "/second"), ("hit", "/first")):
        await opened.happens(example, target=target)
        await expect(page.locator(ROWS).first).to_contain_text(target)
    rows = await page.locator(ROWS).all_inner_texts()
    assert [row.split("\n") for row in rows] == [
        ["200", "GET", "/first", "Hit", "0.4 ms"],
        ["502", "GET", "/second", "LambdaValidationError", "14 ms"],
        ["200", "GET", "/first", "Miss", "128 ms"],
    ]
    await page.reload()
    await expect(page.locator(ROWS)).to_have_count(3)
    assert await page.locator(ROWS).all_inner_texts() == rows


async def test_the_chosen_request_stays_while_others_come(opened) -> None:
    """New requests do not move the choice, nor the page of the chosen request."""
    await opened.happens("miss", target="/chosen")
    await opened.choose("/chosen")
    for _ in range(3):
        await opened.happens("hit", target="/other")
    await expect(opened.page.locator(ROWS)).to_have_count(4)
    await expect(opened.page.locator("[aria-selected=true]")).to_contain_text("/chosen")
    await expect(opened.page.locator("#detail h2")).to_contain_text("/chosen")


async def test_keeps_the_last_thousand(opened) -> None:
    """The oldest rows go."""
    for number in range(1005):
        await opened.happens("hit", target=f"/{number}")
    await expect(opened.page.locator("#count")).to_have_text("1,000 requests")
    await expect(opened.page.locator(ROWS).first).to_contain_text("/1004")
    await expect(opened.page.locator(ROWS).last).to_contain_text("/5")


async def test_news_for_a_screen_reader(opened) -> None:
    """A polite live region tells of new requests."""
    await opened.happens("generated", target="/page")
    await expect(opened.page.locator("#news[role=status]")).to_have_text("1 new request: 401 GET /page, 5.0 ms")


async def test_filter(opened) -> None:
    """By path with `*`, by status or its class, and by function; Escape clears the filter."""
    for example, target in (("miss", "/api/books"), ("generated", "/api/users"), ("refused", "/page")):
        await opened.happens(example, target=target)
    page, shown = opened.page, opened.page.locator(f"{ROWS} >> visible=true")
    await expect(shown).to_have_count(3)
    await page.get_by_label("Path").fill("/api/*s")
    await expect(shown).to_have_count(2)
    await expect(page.locator("#count")).to_have_text("2 of 3 requests")
    await page.get_by_label("Status").select_option("4xx")
    await expect(shown).to_have_text([re.compile("401.*/api/users")])
    await page.get_by_label("Status").select_option("502")
    await expect(page.locator("#empty")).to_contain_text("No request passes the filter")
    await page.get_by_label("Path").press("Escape")
    await expect(shown).to_have_count(3)
    await page.get_by_label("Function").select_option("SignerFunction")
    await expect(shown).to_have_count(2)


async def test_keyboard(opened) -> None:
    """Arrows, Home and End choose a request; Enter goes to it, Escape comes back, / goes to the filter."""
    for number in range(3):
        await opened.happens("hit", target=f"/{number}")
    page = opened.page
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


async def test_several_distributions(opened) -> None:
    """Each has its behaviors and its address; each request says which distribution answered."""
    second = {"id": "E2SECOND", "url": "http://127.0.0.1:8090/"}
    opened.distributions = [opened.distributions[0], {**opened.distributions[0], **second}]
    await opened.page.reload()
    await expect(opened.page.locator("#detail h3")).to_have_text(
        ["EDFDVBD6EXAMPLE http://127.0.0.1:8080/", "E2SECOND http://127.0.0.1:8090/"]
    )
    await opened.happens("hit", target="/one")
    await opened.happens("hit", target="/two", distribution="E2SECOND")
    await expect(opened.page.locator(ROWS).first).to_contain_text("E2SECOND")
    await expect(opened.page.locator(ROWS).last).to_contain_text("EDFDVBD6EXAMPLE")
    await expect(await opened.choose("/two")).to_contain_text("E2SECOND")


async def test_back_on_a_narrow_screen(opened) -> None:
    """The way back stays in sight, and the browser's own Back goes back to the list, too."""
    page = opened.page
    await page.set_viewport_size({"width": 390, "height": 700})
    await opened.happens("denied", target="/one")
    await opened.choose("/one")
    back = page.get_by_role("button", name="Back")
    await page.locator("#detail").evaluate("(detail) => detail.scrollTo(0, detail.scrollHeight)")
    await expect(back).to_be_in_viewport()
    await back.click()
    await expect(page.locator(ROWS)).to_be_visible()
    await opened.choose("/one")
    await page.go_back()
    await expect(page.locator(ROWS)).to_be_visible()
    assert page.url == opened.url
    await page.go_forward()
    await expect(page.locator("#detail h2")).to_contain_text("/one")
