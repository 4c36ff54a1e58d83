"""The window's page in Chromium, before a server that follows a script: `requests/` has an example of each kind."""

import asyncio
import contextlib
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from aiohttp import web
from playwright.async_api import expect

from cloudfront_local.serving import window as package

PAGE = Path(package.__path__[0], "page")
EXAMPLES = Path(__file__).parent / "requests"
DISTRIBUTION = {
    "id": "EDFDVBD6EXAMPLE",
    "url": "http://127.0.0.1:8080/",
    "behaviors": [{"path_pattern": "*", "origin_id": "site", "functions": {"viewer-request": "AuthorizerFunction"}}],
}
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"
SECRET = "c2VjcmV0LXNlY3JldA"


class Scripted:
    """A window's server: requests happen when a test says. `posted` are the bodies of the page's actions, by path."""

    def __init__(self) -> None:
        self.distributions = [DISTRIBUTION]
        self.kept: dict[str, dict[str, Any]] = {}
        self.posted: dict[str, Any] = {}
        self.files: dict[str, Any] = {}
        self._streams: set[web.StreamResponse] = set()
        self._numbers = itertools.count(1)
        self.app = web.Application()
        self.app.on_response_prepare.append(_with_policy)
        self.app.add_routes(
            [
                web.get("/distribution", _answers(lambda _: self.distributions)),
                web.get("/requests", _answers(lambda _: [_summary(each) for each in self.kept.values()])),
                web.get("/requests/stream", self._stream),
                web.get("/requests/{id}", _answers(self._request)),
                web.get("/requests/{id}/curl", self._curl),
                web.post("/{path:.*}", self._post),
                web.get("/{name:[^/]*}", _file),
            ]
        )

    async def happens(self, example: str, **fields: Any) -> dict[str, Any]:
        """A request like the example of this name, with other `fields`, happens."""
        number = next(self._numbers)
        request = {
            **json.loads((EXAMPLES / f"{example}.json").read_text()),
            "id": f"r{number}",
            "number": number,
            **fields,
        }
        self.kept[request["id"]] = request
        for stream in self._streams:
            with contextlib.suppress(ConnectionError):  # A page that was loaded again has closed it.
                await stream.write(f"event: request\ndata: {json.dumps(_summary(request))}\n\n".encode())
        return request

    def _request(self, asked: web.Request) -> Any:
        text = json.dumps(self.kept[asked.match_info["id"]])
        return json.loads(text.replace("\\u2022" * 3, SECRET) if "secrets" in asked.query else text)

    async def _curl(self, asked: web.Request) -> web.Response:
        return web.Response(text=f"curl -H 'Authorization: {SECRET if 'secrets' in asked.query else '•••'}'")

    async def _post(self, asked: web.Request) -> web.Response:
        assert asked.headers["X-Local-Window"] == "1"
        path = asked.match_info["path"]
        self.posted[path] = await asked.json()
        if path.endswith("/replay") and self.posted[path].get("country") == "ZZ":
            return web.Response(status=400, text="ZZ is no country.")
        if path.endswith("/replay"):
            return web.json_response({"id": (await self.happens("hit"))["id"]})
        if path == "invalidations":
            return web.json_response({"removed": 1})
        return web.Response(status=409, text="The folder events cannot be written.")

    async def _stream(self, asked: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await stream.prepare(asked)
        await stream.write(b": \n\n")
        self._streams.add(stream)
        try:
            await asyncio.Event().wait()
        finally:
            self._streams.discard(stream)
        return stream


def _answers(value: Callable[[web.Request], Any]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(asked: web.Request) -> web.Response:
        return web.json_response(value(asked))

    return answer


async def _file(asked: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / (asked.match_info["name"] or "index.html"))


async def _with_policy(_: web.Request, answer: web.StreamResponse) -> None:
    answer.headers["Content-Security-Policy"] = POLICY


def _summary(request: dict[str, Any]) -> dict[str, Any]:
    names = (
        "id",
        "number",
        "at",
        "method",
        "target",
        "status",
        "result",
        "milliseconds",
        "replay_of",
        "viewer",
        "distribution",
    )
    return {name: request[name] for name in names} | {"functions": [each["name"] for each in request["functions"]]}


class Opened(Scripted):
    """The window in a browser."""

    def __init__(self, page: Any) -> None:
        super().__init__()
        self.page = page
        self._port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/"

    async def start(self) -> None:
        self._runner = web.AppRunner(self.app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def choose(self, target: str) -> Any:
        """Chooses the newest request whose target has this text. Returns the part of the page that shows it."""
        await self.page.locator("role=listbox >> role=option").filter(has_text=target).first.click()
        detail = self.page.locator("#detail")
        await expect(detail.locator("h2")).to_contain_text(target)
        return detail


@pytest.fixture
async def opened(page: Any) -> AsyncIterator[Opened]:
    """The window's page, when its list is live. A script that fails or is refused fails the test."""
    window, errors = Opened(page), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if "Security Policy" in message.text else None)
    await window.start()
    await page.goto(window.url)
    await expect(page.locator("#live")).to_have_text("Live")
    yield window
    await page.close()
    await window.stop()
    assert errors == []


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of axe-core."""
    return Path(axe_playwright_python.__path__[0], "axe.min.js").read_text()
