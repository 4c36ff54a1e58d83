"""Chromium in front of distributions that scripted origins stand behind: Debian's Chromium, or else playwright's own.
Without one, the tests are skipped."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from cloudfront_local.aws.ports import bound
from cloudfront_local.serving import server
from cloudfront_local.serving.server import Https

playwright = pytest.importorskip("playwright.async_api")

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]

# Serves a distribution and returns its port for HTTP.
Serve = Callable[..., Awaitable[int]]


@pytest.fixture
async def page() -> AsyncIterator[Any]:
    """An empty page of a new browser."""
    async with playwright.async_playwright() as program:
        try:
            browser = await program.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        except playwright.Error as error:
            pytest.skip(f"no browser: {error.message.strip().splitlines()[0]}")
        page = await browser.new_page(ignore_https_errors=True)  # Chromium does not trust the local authority.
        page.set_default_timeout(20_000)
        yield page
        await browser.close()


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    runners = []

    async def serve(at: Any, https: Https | None = None) -> int:
        runner = await server.start(at.distribution, bound(0, "PORT"), https=https)
        runners.append(runner)
        return int(runner.addresses[0][1])

    yield serve
    for runner in runners:
        await runner.cleanup()
