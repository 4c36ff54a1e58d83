"""Chromium in front of distributions that scripted origins stand behind: Debian's Chromium, or else playwright's own.
Without one, the tests are skipped."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from cloudfront_local.serving import server

playwright = pytest.importorskip("playwright.async_api")

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]

# Serves a distribution and returns its port.
Serve = Callable[[Any], Awaitable[int]]


@pytest.fixture
async def page() -> AsyncIterator[Any]:
    """An empty page of a new browser."""
    async with playwright.async_playwright() as program:
        try:
            browser = await program.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        except playwright.Error as error:
            pytest.skip(f"no browser: {error.message.strip().splitlines()[0]}")
        page = await browser.new_page()
        page.set_default_timeout(20_000)
        yield page
        await browser.close()


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    runners = []

    async def serve(at: Any) -> int:
        runner = await server.start(at.distribution, 0)
        runners.append(runner)
        ((_, port),) = runner.addresses
        return int(port)

    yield serve
    for runner in runners:
        await runner.cleanup()
