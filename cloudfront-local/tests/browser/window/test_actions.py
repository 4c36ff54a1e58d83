"""What a person can do with a request in the window."""

from playwright.async_api import expect

SECRET = "c2VjcmV0LXNlY3JldA"
HEADERS = {"Authorization": f"Bearer {SECRET}", "Cookie": f"session={SECRET}"}


async def test_replay(opened) -> None:
    """A replay is a new request, which the window then shows; as another viewer, without cookies."""
    window = await opened()
    window.at.origin.reply(200)
    await window.get("/page", HEADERS)
    await window.choose("/page")
    await window.page.get_by_role("button", name="Replay", exact=True).click()
    await expect(window.page.get_by_role("option")).to_have_count(2)
    await window.page.get_by_role("button", name="Replay as…").click()
    await window.page.get_by_label("Country").fill("nz")
    await window.page.get_by_label("Without cookies").check()
    await window.page.get_by_role("dialog").get_by_role("button", name="Replay").click()
    await expect(window.page.get_by_role("option")).to_have_count(3)


async def test_secrets_are_masked_unless_asked_for(opened) -> None:
    """Neither the page nor a copied curl command has a secret, until `Show secrets`."""
    window = await opened()
    window.at.origin.reply(200)
    await window.get(f"/page?token={SECRET}", HEADERS)
    await window.choose("/page")
    page = window.page
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await expect(page.locator("#detail")).to_contain_text("Authorization")
    assert SECRET not in await page.content()
    await page.get_by_role("button", name="Copy as curl").click()
    await expect(page.locator("#toast")).to_contain_text("Copied")
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("curl ")
    assert SECRET not in copied
    await page.get_by_role("button", name="Show secrets").click()
    await expect(page.locator("#detail")).to_contain_text(SECRET)


async def test_invalidation(opened) -> None:
    """The path of a request leaves the cache: the next request is a miss."""
    window = await opened()
    window.at.origin.reply(200, headers={"Cache-Control": "max-age=60"})
    await window.get("/page")
    await window.choose("/page")
    await window.page.get_by_role("button", name="Invalidate path").click()
    await expect(window.page.locator("#toast")).to_contain_text("Removed 1 object at /page")
    await window.get("/page")
    await expect(window.page.get_by_role("option").first).to_contain_text("Miss")
