"""The window's HTTP server, on 127.0.0.1 beside the distribution. `openapi.json` describes its answers."""

from __future__ import annotations

import asyncio
import json
import mimetypes
import socket
from collections.abc import Awaitable, Callable, Container, Mapping
from pathlib import Path
from typing import Any

from aiohttp import web

from cloudfront_local.aws.ports import bound
from cloudfront_local.distribution.trace import Trace
from cloudfront_local.errors import LocalError
from cloudfront_local.serving.window import door, view
from cloudfront_local.serving.window.actions import CannotError
from cloudfront_local.serving.window.window import UnknownError, Window

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

_FOLDER = Path(__file__).parent
_BODY = 64 * 1024  # bytes of a request to the window
_STREAMS = 32
_QUEUE = 1000  # events that a reader may be behind; then its connection ends, and it reads the list again
_AT_ONCE = 50  # events that are written together; requests wait meanwhile
_PING_SECONDS = 15.0
_PORTS = 20  # that are tried, from WINDOW_PORT on


def listener(port: int, taken: Container[int | None] = ()) -> socket.socket:
    """A socket on the port, else on the next that is free and not in `taken`. Raises LocalError."""
    for candidate in range(port, min(port + _PORTS, 65536)):
        if candidate and candidate in taken:
            continue
        try:
            return bound(candidate, "WINDOW_PORT")
        except LocalError:
            if port == 0:
                raise
    return bound(0, "WINDOW_PORT")


async def start(window: Window, listener: socket.socket) -> web.AppRunner:
    """Keeps the requests of the window's distributions, and shows them on the port that `listener` is bound to, until
    the runner's `cleanup()`."""
    window.watch()
    app = web.Application(middlewares=[_guarded], client_max_size=_BODY)
    _Routes(window).add(app)
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1.0)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    return runner


@web.middleware
async def _guarded(request: web.Request, handler: Answer) -> web.StreamResponse:
    """Refuses what other sites send. Each answer has the headers of `door`, and an error is one sentence."""
    if reason := door.refusal(request.method, request.headers):
        return _error(403, reason)
    try:
        answer = await handler(request)
    except UnknownError as error:
        return _error(404, str(error))
    except (CannotError, ValueError) as error:
        return _error(400, str(error))
    except web.HTTPException as error:
        return _error(error.status, f"The window has no answer: {error.reason}. GET /openapi.json lists its addresses.")
    if not answer.prepared:
        answer.headers.update(door.HEADERS)
    return answer


def _error(status: int, sentence: str) -> web.Response:
    return web.Response(status=status, text=sentence, headers=door.HEADERS)


class _Routes:
    def __init__(self, window: Window) -> None:
        self._window = window
        self._page = {path.name: path.read_bytes() for path in sorted((_FOLDER / "page").glob("*.*"))}
        self._streams: set[asyncio.Task[Any] | None] = set()

    def add(self, app: web.Application) -> None:
        app.add_routes(
            [
                web.get("/distribution", self._distribution),
                web.get("/requests", self._requests),
                web.get("/requests/stream", self._stream),
                web.get("/requests/{id}", self._request),
                web.get("/requests/{id}/curl", self._curl),
                web.post("/requests/{id}/replay", self._replay),
                web.post("/requests/{id}/events", self._events),
                web.post("/invalidations", self._invalidations),
                web.get("/cache", self._cache),
                web.get("/openapi.json", self._openapi),
                web.get("/{name:[^/]*}", self._file),
            ]
        )
        app.on_shutdown.append(self._end_streams)

    async def _distribution(self, _: web.Request) -> web.Response:
        return web.json_response(self._window.distributions())

    async def _requests(self, _: web.Request) -> web.Response:
        return web.json_response(self._window.summaries())

    async def _request(self, request: web.Request) -> web.Response:
        return web.json_response(self._window.request(request.match_info["id"], secrets=_secrets(request)))

    async def _curl(self, request: web.Request) -> web.Response:
        return web.Response(text=self._window.curl(request.match_info["id"], secrets=_secrets(request)))

    async def _replay(self, request: web.Request) -> web.Response:
        return web.json_response({"id": await self._window.replay(request.match_info["id"], await _fields(request))})

    async def _events(self, request: web.Request) -> web.Response:
        function = (await _fields(request)).get("function")
        return web.json_response({"files": await self._window.save_event(request.match_info["id"], function)})

    async def _invalidations(self, request: web.Request) -> web.Response:
        return web.json_response({"removed": self._window.invalidate((await _fields(request)).get("paths"))})

    async def _cache(self, _: web.Request) -> web.Response:
        return web.json_response(self._window.cache())

    async def _openapi(self, _: web.Request) -> web.Response:
        return web.Response(body=(_FOLDER / "openapi.json").read_bytes(), content_type="application/json")

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info["name"] or "index.html"
        if name not in self._page:
            raise web.HTTPNotFound
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        charset = "utf-8" if kind.startswith("text/") else None
        return web.Response(body=self._page[name], content_type=kind, charset=charset)

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: one for each request that has its response."""
        if len(self._streams) >= _STREAMS:
            raise web.HTTPServiceUnavailable
        answer = web.StreamResponse(headers={**door.HEADERS, "Content-Type": "text/event-stream"})
        events: asyncio.Queue[tuple[int, Trace]] = asyncio.Queue(_QUEUE)
        task = asyncio.current_task()

        def listen(number: int, trace: Trace) -> None:
            if not events.full():
                events.put_nowait((number, trace))
            elif task:
                task.cancel()

        self._window.kept.listeners.add(listen)
        self._streams.add(task)
        try:
            await answer.prepare(request)
            await answer.write(b": \n\n")
            while True:
                await answer.write(await self._new(events))
        except (ConnectionError, asyncio.CancelledError):
            return answer  # The reader is gone or too slow, or the server ends.
        finally:
            self._window.kept.listeners.discard(listen)
            self._streams.discard(task)

    async def _new(self, events: asyncio.Queue[tuple[int, Trace]]) -> bytes:
        """The next event, and those that wait behind it: a reader of a busy distribution keeps up."""
        try:
            found = [await asyncio.wait_for(events.get(), _PING_SECONDS)]
        except TimeoutError:
            return b": \n\n"
        while not events.empty() and len(found) < _AT_ONCE:
            found.append(events.get_nowait())
        return b"".join(self._event(number, trace) for number, trace in found)

    def _event(self, number: int, trace: Trace) -> bytes:
        return b"event: request\ndata: %b\n\n" % json.dumps(view.summary(number, trace, self._window.name)).encode()

    async def _end_streams(self, _: web.Application) -> None:
        for task in list(self._streams):
            if task:
                task.cancel()


def _secrets(request: web.Request) -> bool:
    return request.query.get("secrets") == "true"


async def _fields(request: web.Request) -> Mapping[str, Any]:
    """The JSON object in the body. Raises ValueError."""
    try:
        fields = json.loads(await request.text() or "{}")
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise ValueError("The request's body must be a JSON object.")
    return fields
