"""The window's first paint in Chromium, while its list has the last 1,000 requests."""

from __future__ import annotations

import asyncio
import shutil

from playwright.async_api import Browser, async_playwright

REQUESTS = 1000
ROUNDS = 5
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
# The time of the first paint that has content, and the time when all rows are there, in milliseconds of the page.
_PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
_LISTED = f"document.querySelectorAll('[role=listbox] [role=option]').length >= {REQUESTS} && performance.now()"


async def painted(url: str) -> tuple[list[float], list[float]]:
    """The first paints of the window at `url`, each in a new context of the browser, and when the rows were there."""
    async with async_playwright() as program:
        browser = await program.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        times = [await _painted(browser, url) for _ in range(ROUNDS)]
        await browser.close()
    paints, lists = zip(*times, strict=True)
    return list(paints), list(lists)


async def _painted(browser: Browser, url: str) -> tuple[float, float]:
    context = await browser.new_context(viewport={"width": 1600, "height": 1000})
    page = await context.new_page()
    await page.goto(url)
    listed = await page.wait_for_function(_LISTED)
    paint = await page.wait_for_function(_PAINTED)
    times = float(await paint.json_value()), float(await listed.json_value())
    await context.close()
    return times


def run(url: str) -> tuple[list[float], list[float]]:
    return asyncio.run(painted(url))
