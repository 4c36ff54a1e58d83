"""The window of a distribution, on a real socket."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from cloudfront_local.aws.ports import bound
from cloudfront_local.serving.window import server
from cloudfront_local.serving.window.window import Shown, Window

POST = {"X-Local-Window": "1"}


@dataclass
class Client:
    """The window of the distribution `at`, and a client that reads it."""

    at: Any
    window: Window
    url: str
    session: aiohttp.ClientSession

    async def get(self, path: str) -> Any:
        async with self.session.get(f"{self.url}{path}") as answer:
            assert answer.status == 200, await answer.text()
            return await (answer.json() if answer.content_type == "application/json" else answer.text())

    async def post(self, path: str, body: Any) -> Any:
        async with self.session.post(f"{self.url}{path}", json=body, headers=POST) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def last(self, query: str = "") -> Any:
        """Everything about the last request."""
        return await self.get(f"/requests/{(await self.get('/requests'))[-1]['id']}{query}")


Open = Callable[..., Awaitable[Client]]


@pytest.fixture
async def opened() -> AsyncIterator[Open]:
    """Opens the window of a distribution. Further arguments are the window's."""
    runners = []
    async with aiohttp.ClientSession() as session:

        async def opened(at: Any, **parts: Any) -> Client:
            window = Window([Shown(at.distribution, "http://127.0.0.1:8080/")], clock=at.clock, **parts)
            runner = await server.start(window, bound(0, "WINDOW_PORT"))
            runners.append(runner)
            return Client(at, window, f"http://127.0.0.1:{runner.addresses[0][1]}", session)

        yield opened
        for runner in runners:
            await runner.cleanup()
