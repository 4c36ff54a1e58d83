"""The window of a distribution, in Chromium: the page and the server together."""

from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import expect

from cloudfront_local.distribution.policies import OriginRequestPolicy, Selection
from cloudfront_local.serving.window import server
from cloudfront_local.serving.window.window import Shown, Window

ROWS = "role=listbox >> role=option"
FORWARDS_ALL = OriginRequestPolicy(headers=Selection("allViewer"), cookies=Selection("all"))
SECRET = "c2VjcmV0LXNlY3JldA"
HEADERS = {"Authorization": f"Bearer {SECRET}", "Cookie": f"session={SECRET}"}
ATTACK = Path(__file__).parent / "attack.js"
MARKUP = '<img src=x onerror="window.hostile=1"><script>window.hostile=1</script>'


@pytest.fixture
async def watched(edge, page):
    """Makes a distribution and opens its window; returns both."""
    runners = []

    async def watched(**parts: Any) -> tuple[Any, str]:
        at = edge(origin_request_policy=FORWARDS_ALL, **parts)
        window = Window([Shown(at.distribution, "http://127.0.0.1:8080/")])
        runners.append(await server.start(window, server.listener(0)))
        url = f"http://127.0.0.1:{runners[-1].addresses[0][1]}/"
        await page.goto(url)
        await expect(page.locator("#live")).to_have_text("Live")
        return at, url

    yield watched
    await page.close()
    for runner in runners:
        await runner.cleanup()


async def test_the_list_moves_while_requests_come(watched, page) -> None:
    """A miss and a hit, the newest first; the page of the miss says why it was one."""
    at, _ = await watched()
    at.origin.reply(200, headers={"Cache-Control": "max-age=60"})
    for target in ("/page", "/page"):
        await at.get(target)
        await expect(page.locator(ROWS).first).to_contain_text(target)
    await expect(page.locator(ROWS)).to_have_count(2)
    rows = await page.locator(ROWS).all_inner_texts()
    assert [row.split("\n")[:4] for row in rows] == [["200", "GET", "/page", "Hit"], ["200", "GET", "/page", "Miss"]]
    await page.locator(ROWS).last.click()
    cache = page.get_by_role("region", name="Cache")
    await expect(cache).to_contain_text("No object is kept under this path.")
    await expect(cache).to_contain_text("TTL 1 min.")
    await expect(cache).to_contain_text("Cache-Control: max-age=60")


async def test_the_way_of_a_502(watched, page) -> None:
    """The function, the event, the rule, the field, CloudFront's sentence and what to do."""

    def signer(event: Any) -> Any:
        request = event["Records"][0]["cf"]["request"]
        request["headers"]["connection"] = [{"key": "Connection", "value": "keep-alive"}]
        return request

    at, _ = await watched(functions={"origin-request": signer})
    await at.get("/page")
    await page.locator(ROWS).click()
    await expect(page.locator("#detail h2")).to_have_text("502 GET /page")
    problem = page.locator("#detail .problem")
    for text in ("origin-request-function (origin-request) with 502", "headers.connection", "disallowed-header"):
        await expect(problem).to_contain_text(text)
    await expect(problem).to_contain_text("The Lambda function result failed validation")
    last = page.get_by_role("list", name="Stations of the request").get_by_role("listitem").last
    await expect(last).to_contain_text("disallowed-header")
    await expect(last).to_contain_text("It failed.")
    await expect(page.locator("#detail ins").filter(has_text="keep-alive")).to_have_count(1)


async def test_replay_and_invalidation(watched, page) -> None:
    """A replay goes through the distribution, as another viewer; after an invalidation it is a miss."""
    at, _ = await watched()
    at.origin.reply(200, headers={"Cache-Control": "max-age=60"})
    await at.get("/page", HEADERS)
    await page.locator(ROWS).click()
    await page.get_by_role("button", name="Invalidate path").click()
    await expect(page.locator("#toast")).to_have_text("Removed 1 object at /page from the cache.")
    await page.get_by_role("button", name="Replay as…").click()
    await page.get_by_label("Country").fill("NZ")
    await page.get_by_label("Without cookies").check()
    await page.get_by_role("dialog").get_by_role("button", name="Replay").click()
    await expect(page.locator(ROWS)).to_have_count(2)
    await expect(page.locator(ROWS).first).to_contain_text("Miss")
    assert ["Cookie" in request.headers for request in at.origin.requests] == [True, False]


async def test_masking(watched, page) -> None:
    """Neither the page nor a copied curl command has a secret, until `Show secrets`."""
    at, _ = await watched()
    at.origin.reply(200)
    await at.get(f"/page?token={SECRET}", HEADERS)
    await page.locator(ROWS).click()
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await expect(page.locator("#detail")).to_contain_text("Authorization")
    copy = page.get_by_role("button", name="Copy as curl")
    for shown in (False, True):
        await copy.click()
        await expect(copy).to_be_enabled()  # when it is done
        assert (SECRET in await page.evaluate("navigator.clipboard.readText()")) == shown
        assert (SECRET in await page.locator("#detail").inner_text()) == shown
        button = page.get_by_role("button", name="Show secrets")
        await button.click()
        await expect(button).to_have_attribute("aria-pressed", str(not shown).lower())


async def test_what_a_stranger_sends_stays_text(watched, page) -> None:
    """Markup in a path, a header, a body and a function's result."""

    def generated(_: Any) -> Any:
        return {"status": "200", "headers": {"x-made": [{"key": "X-Made", "value": MARKUP}]}, "body": MARKUP}

    at, _ = await watched(functions={"viewer-request": generated})
    await at.get("/" + MARKUP.replace(" ", ""), {"X-Sent": MARKUP})
    await page.locator(ROWS).click()
    await expect(page.locator("#detail")).to_contain_text(f"X-Sent\n{MARKUP}", use_inner_text=True)
    assert await page.locator("main img, main script").count() == 0
    assert await page.evaluate("window.hostile") is None


async def test_a_page_of_another_site_reads_nothing(watched, page) -> None:
    """No address of the window answers a page at another port of this machine, by any way that a page has; nothing is
    replayed or removed."""
    at, url = await watched()
    at.origin.reply(200, b"hello", {"Cache-Control": "max-age=60"})
    await at.get(f"/{SECRET}")
    await expect(page.locator(ROWS)).to_have_count(1)
    (kept,) = await page.evaluate("fetch('requests').then((answer) => answer.json())")
    app = web.Application()
    app.add_routes([web.get("/", _empty)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await page.goto(f"http://127.0.0.1:{runner.addresses[0][1]}/")
    read = await page.evaluate(ATTACK.read_text(), [url, kept["id"]])
    await runner.cleanup()
    assert read == {"fetch": [], "posted": [], "streamed": False, "script": False, "framed": False}
    assert len(at.origin.requests) == 1
    await at.get(f"/{SECRET}")
    assert len(at.origin.requests) == 1  # It is in the cache.


async def _empty(_: web.Request) -> web.Response:
    return web.Response(text="<!doctype html><body>", content_type="text/html")
