"""What a person can do with a request in the window."""

from playwright.async_api import expect

ROWS = "role=listbox >> role=option"
SECRET = "c2VjcmV0LXNlY3JldA"


async def test_replay(opened) -> None:
    """A replay is a new request, which the window then shows; as another viewer, without cookies."""
    await opened.happens("miss", target="/page")
    await opened.choose("/page")
    page = opened.page
    await page.get_by_role("button", name="Replay", exact=True).click()
    await expect(page.locator(ROWS)).to_have_count(2)
    await expect(page.locator("#detail h2")).to_be_focused()
    assert opened.posted.pop("requests/r1/replay") == {}
    await opened.choose("/page")
    await page.get_by_role("button", name="Replay as…").click()
    await page.get_by_label("Country").fill("nz")
    await page.get_by_label("Device").select_option("Mobile")
    await page.get_by_label("Without cookies").check()
    await page.get_by_role("dialog").get_by_role("button", name="Replay").click()
    await expect(page.locator(ROWS)).to_have_count(3)
    assert opened.posted["requests/r1/replay"] == {"country": "NZ", "device": "mobile", "cookies": False}


async def test_a_canceled_dialog_replays_nothing(opened) -> None:
    """Escape closes the dialog, and the request stays."""
    await opened.happens("miss", target="/page")
    await opened.choose("/page")
    await opened.page.get_by_role("button", name="Replay as…").click()
    await opened.page.keyboard.press("Escape")
    await expect(opened.page.get_by_role("dialog")).to_have_count(0)
    await expect(opened.page.get_by_role("button", name="Replay as…")).to_be_focused()
    assert opened.posted == {}


async def test_another_viewer_that_there_is_not(opened) -> None:
    """The dialog stays, with what was typed, and says what is wrong."""
    await opened.happens("miss", target="/page")
    await opened.choose("/page")
    dialog = opened.page.get_by_role("dialog")
    await opened.page.get_by_role("button", name="Replay as…").click()
    await opened.page.get_by_label("Country").fill("zz")
    await dialog.get_by_role("button", name="Replay").click()
    await expect(dialog.get_by_role("alert")).to_have_text("ZZ is no country.")
    await expect(opened.page.get_by_label("Country")).to_have_value("zz")
    await opened.page.get_by_label("Country").fill("nz")
    await dialog.get_by_role("button", name="Replay").click()
    await expect(dialog).to_have_count(0)


async def test_a_replay_is_marked(opened) -> None:
    """A person can tell a replay from a viewer's own request, in the list and on its page."""
    await opened.happens("miss", target="/page")
    await opened.happens("miss", target="/again", replay_of="r1", viewer="NZ, mobile")
    await expect(opened.page.locator(ROWS).first).to_contain_text("replay")
    await expect(opened.page.locator(ROWS).last).not_to_contain_text("replay")
    detail = await opened.choose("/again")
    await expect(detail).to_contain_text("a replay · viewer NZ, mobile")


async def test_secrets_are_shown_when_asked_for(opened) -> None:
    """Neither the page nor a copied curl command has a secret, until `Show secrets`."""
    await opened.happens("miss", target="/page")
    detail = await opened.choose("/page")
    page = opened.page
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    copy = page.get_by_role("button", name="Copy as curl")
    for shown in (False, True):
        await copy.click()
        await expect(copy).to_be_enabled()  # when it is done
        said = "with its secrets" if shown else "without its secrets. Show secrets first"
        await expect(page.locator("#toast")).to_contain_text(said)
        assert (SECRET in await page.evaluate("navigator.clipboard.readText()")) == shown
        assert (SECRET in await page.content()) == shown
        await page.get_by_role("button", name="Show secrets").click()
        await expect(page.get_by_role("button", name="Show secrets")).to_have_attribute(
            "aria-pressed", str(not shown).lower()
        )
    await expect(detail).not_to_contain_text(SECRET)


async def test_invalidation(opened) -> None:
    """The path of a request is invalidated, without its query string."""
    await opened.happens("miss", target="/page?a=1")
    await opened.choose("/page")
    await opened.page.get_by_role("button", name="Invalidate path").click()
    await expect(opened.page.locator("#toast")).to_have_text("Removed 1 object at /page from the cache.")
    assert opened.posted == {"invalidations": {"paths": ["/page"]}}


async def test_an_action_that_fails_says_why(opened) -> None:
    """The server's sentence is shown, and the button can be used again."""
    await opened.happens("miss", target="/page")
    await opened.choose("/page")
    save = opened.page.get_by_role("button", name="Save event").last
    await save.click()
    await expect(opened.page.locator("#toast")).to_have_text("The folder events cannot be written.")
    await expect(save).to_be_enabled()
    assert opened.posted == {"requests/r1/events": {"function": 1}}
