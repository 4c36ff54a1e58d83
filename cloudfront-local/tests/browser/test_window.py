"""The window's page over its own server: what a person sees of requests that really happened."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import expect

from cloudfront_local.aws.ports import bound
from cloudfront_local.serving.window import server
from cloudfront_local.serving.window.window import Shown, Window

SECRET = "c2VjcmV0LXNlY3JldA"
ROWS = "role=listbox >> role=option"
MARKUP = "<img src=x onerror=window.hostile=1>"


@pytest.fixture
async def open_window(page) -> AsyncIterator[Any]:
    """Opens the window of a distribution in the browser. Returns its address."""
    runners = []

    async def open_window(at: Any) -> str:
        window = Window([Shown(at.distribution, "http://127.0.0.1:8080/")], clock=at.clock)
        runner = await server.start(window, bound(0, "WINDOW_PORT"))
        runners.append(runner)
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        await page.goto(url)
        await expect(page.locator("#live")).to_have_text("Live")
        return url

    yield open_window
    for runner in runners:
        await runner.cleanup()


async def chosen(page, target: str) -> Any:
    await page.locator(ROWS).filter(has_text=target).first.click()
    return page.locator("#detail")


async def test_requests_come_and_a_502_is_understood(edge, page, open_window):
    """The list moves while requests come. The page of a 502 names the function, the rule, CloudFront's sentence, and
    the station where the way ended."""

    def broken(event):
        request = event["Records"][0]["cf"]["request"]
        request["headers"]["connection"] = [{"key": "Connection", "value": "close"}]
        return request

    at = edge(functions={"origin-request": broken})
    await open_window(at)
    for number in range(3):
        await at.get(f"/page/{number}")
        await expect(page.locator(ROWS)).to_have_count(number + 1)
    detail = await chosen(page, "/page/2")
    for text in (
        "origin-request-function",
        "disallowed-header",
        "headers.connection",
        "The Lambda function result failed validation",
    ):
        await expect(detail).to_contain_text(text)


async def test_replay_and_masking(edge, page, open_window):
    """A replay is a new request in the list. No secret is in the page until somebody asks for it."""
    at = edge()
    at.origin.reply(headers={"Cache-Control": "max-age=60"})
    await open_window(at)
    await at.get(f"/page?token={SECRET}", {"Authorization": f"Bearer {SECRET}", "Cookie": f"session={SECRET}"})
    detail = await chosen(page, "/page")
    await expect(detail).to_contain_text("Authorization")
    assert SECRET not in await page.content()
    await page.get_by_role("button", name="Show secrets").click()
    await expect(detail).to_contain_text(SECRET)
    await page.get_by_role("button", name="Replay", exact=True).click()
    await expect(page.locator(ROWS)).to_have_count(2)


async def test_markup_stays_text(edge, page, open_window):
    """What a stranger sends is text in the page, and runs nothing."""
    at = edge(functions={"viewer-request": lambda _: {"status": "200", "headers": {}, "body": MARKUP}})
    await open_window(at)
    await at.get(f"/{MARKUP.replace(' ', '')}", {"X-Sent": MARKUP, "User-Agent": MARKUP})
    detail = await chosen(page, "onerror")
    await expect(detail).to_contain_text(MARKUP)
    assert await page.evaluate("window.hostile") is None


async def test_a_hostile_page_reads_nothing(edge, page, open_window, serve):
    """A page of another site can neither read the window, nor follow its events, nor change anything, nor frame it."""
    at = edge(functions={"viewer-request": lambda _: {"status": "200", "headers": {}, "body": "hostile"}})
    address = await open_window(at)
    await page.goto(f"http://localhost:{await serve(at)}/")  # another port is another origin
    outcome = await page.evaluate(
        """async (address) => {
            const tried = {};
            const attempt = async (name, path, options) => {
                try { const answer = await fetch(address + path, options); tried[name] = answer.type === "opaque"
                    ? "nothing" : await answer.text(); }
                catch { tried[name] = "nothing"; }
            };
            await attempt("read", "requests");
            await attempt("blind", "requests", {mode: "no-cors"});
            await attempt("change", "invalidations", {method: "POST", body: '{"paths": ["/*"]}',
                headers: {"X-Local-Window": "1", "Content-Type": "application/json"}});
            tried.events = await new Promise((resolve) => {
                const source = new EventSource(address + "requests/stream");
                source.onopen = () => resolve("open");
                source.onerror = () => { source.close(); resolve("nothing"); };
            });
            tried.script = await new Promise((resolve) => {
                const script = document.createElement("script");
                script.src = address + "window.js"; script.type = "text/javascript";
                script.onload = () => resolve("loaded"); script.onerror = () => resolve("nothing");
                document.head.append(script);
            });
            return tried;
        }""",
        address,
    )
    assert outcome == dict.fromkeys(("read", "blind", "change", "events", "script"), "nothing")
