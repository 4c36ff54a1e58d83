"""A distribution for tests: its functions are Python callables, its origin follows a script, its clock stands still."""

import asyncio
import copy
import functools
import gc
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from multidict import CIMultiDict

from cloudfront_local.aws import ministack
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.distribution.behaviors import CacheBehavior, FunctionAssociation
from cloudfront_local.distribution.cloudfront_functions import RunFunction, no_function
from cloudfront_local.distribution.config import DistributionConfig
from cloudfront_local.distribution.headers import EdgeHost
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import CustomOrigin, Origin
from cloudfront_local.distribution.pipeline import Distribution
from cloudfront_local.distribution.policies import CachePolicy

pytest_plugins = ["cloudfront_local.testing.servers"]

CACHING_OPTIMIZED = CachePolicy(1, 86400, 31536000, gzip=True, brotli=True)
EDGE = EdgeHost(via="0123456789abcdef.cloudfront.net (CloudFront)", pop="IAD1-P1")
DOMAIN = "d111111abcdef8.cloudfront.net"

Event = dict[str, Any]
Handler = Callable[[Event], Any]


def pytest_configure() -> None:
    """Restores Ctrl-C: a process that a shell starts in the background ignores it, and so do its child processes."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection() -> None:
    """Turns the garbage collector off during collection: imported modules stay, and searching them costs seconds."""
    gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def endpoint() -> Iterator[Endpoint]:
    """An embedded AWS for all tests of the session. Each test creates resources of its own."""
    with asyncio.Runner() as runner:
        running = ministack.running()
        yield runner.run(running.__aenter__()).endpoint
        runner.run(running.__aexit__(None, None, None))


@pytest.fixture(scope="session", autouse=True)
def python3_is_this_one() -> Iterator[None]:
    """`python3` is this Python: builds start it often, and a version manager's shim takes ten times as long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        yield


@pytest.fixture(scope="session", autouse=True)
def programs_import_this_package() -> Iterator[None]:
    """Python programs that tests start can import the package, even if it is not installed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[1]))
        yield


@pytest.fixture(scope="session", autouse=True)
def models_are_read_once() -> Iterator[None]:
    """botocore reads its models (megabytes of JSON) once for all sessions, instead of once for each session."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", functools.cache(botocore.session.create_loader))
        yield


class Clock:
    """The time in seconds since 1970. It starts at Sat, 01 Jan 2000 00:00:00 GMT, and a test advances it."""

    def __init__(self) -> None:
        self.now = 946684800.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class ScriptedOrigin:
    """Answers with the steps of its script in order; the last step repeats. It keeps the requests. After `hold()`, its
    answers wait for `released`. `takes` is called before an answer: a test can advance the clock in it."""

    requests: list[Request] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    script: list[Response | Exception] = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    arrival: asyncio.Event = field(default_factory=asyncio.Event)
    takes: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.released.set()

    def reply(
        self, status: int = 200, body: bytes = b"hello", headers: Mapping[str, str] | None = None, reason: str = ""
    ) -> "ScriptedOrigin":
        self.script.append(Response(status, CIMultiDict(headers or {}), body, reason))
        return self

    def fail(self, failure: Exception) -> "ScriptedOrigin":
        self.script.append(failure)
        return self

    def hold(self) -> None:
        self.released.clear()

    async def arrived(self, count: int) -> None:
        """Waits until `count` requests have arrived."""
        while len(self.requests) < count:
            self.arrival.clear()
            await self.arrival.wait()

    async def __call__(self, request: Request, origin: Origin, request_id: str) -> Response:
        self.requests.append(request)
        self.origins.append(origin)
        self.ids.append(request_id)
        self.arrival.set()
        step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        await self.released.wait()
        self.takes()
        if isinstance(step, Exception):
            raise step
        return step


class Edge:
    """A distribution with one behavior for `*`, after the given `behaviors`. `functions` are handlers by event type;
    `events` holds the events that they got. `run_function` runs CloudFront Functions. `config` are further parts of the
    distribution's configuration."""

    def __init__(
        self,
        *behaviors: CacheBehavior,
        functions: Mapping[str, Handler] | None = None,
        include_body: bool = False,
        origin: Origin | None = None,
        default_root_object: str = "",
        aliases: tuple[str, ...] = (),
        config: Mapping[str, Any] | None = None,
        run_function: RunFunction = no_function,
        **behavior: Any,
    ) -> None:
        self.origin = ScriptedOrigin()
        self.clock = Clock()
        self.drawn = 0.0  # the number that the distribution draws
        self.events: list[Event] = []
        self._functions = dict(functions or {})
        associations = {name: FunctionAssociation(_arn(name), include_body) for name in self._functions}
        behavior.setdefault("cache_policy", CACHING_OPTIMIZED)
        default = CacheBehavior("*", "main", functions=associations, **behavior)
        parts: dict[str, Any] = {"origins": {"main": origin or CustomOrigin(domain_name="origin.example.org")}}
        configuration = DistributionConfig(
            id="EDFDVBD6EXAMPLE",
            arn="arn:aws:cloudfront::123456789012:distribution/EDFDVBD6EXAMPLE",
            domain_name=DOMAIN,
            default_root_object=default_root_object,
            behaviors=(*behaviors, default),
            aliases=aliases,
            **parts | dict(config or {}),
        )
        self.distribution = Distribution(
            configuration, self._invoke, self.origin, EDGE, self.clock, lambda: self.drawn, run_function=run_function
        )

    async def _invoke(self, function_arn: str, event: Event) -> Any:
        """Calls a handler, as the runtime does: the event and the result are JSON."""
        self.events.append(copy.deepcopy(event))
        handler = self._functions[function_arn.split(":")[6].removesuffix("-function")]
        return json.loads(json.dumps(handler(copy.deepcopy(event))))

    async def get(
        self,
        target: str = "/page",
        headers: Mapping[str, str] | list[tuple[str, str]] | None = None,
        method: str = "GET",
        body: bytes = b"",
        **parts: Any,
    ) -> Response:
        """Sends a request from a viewer at 203.0.113.178."""
        uri, _, querystring = target.partition("?")
        sent = CIMultiDict(headers or {})
        sent = sent if "Host" in sent else CIMultiDict([("Host", DOMAIN), *sent.items()])
        request = Request(method, uri, querystring, sent, body, "203.0.113.178", **parts)
        return await self.distribution.handle(request)

    async def settled(self) -> None:
        """Waits until all background tasks have ended."""
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})

    @property
    def event_types(self) -> list[str]:
        return [event["Records"][0]["cf"]["config"]["eventType"] for event in self.events]


def _arn(event_type: str) -> str:
    return f"arn:aws:lambda:us-east-1:123456789012:function:{event_type}-function:3"


def _request(event: Event) -> Any:
    return event["Records"][0]["cf"]["request"]


def _response(event: Event) -> Any:
    return event["Records"][0]["cf"]["response"]


@pytest.fixture
def edge() -> type[Edge]:
    """The class `Edge`, to make distributions with."""
    return Edge


@pytest.fixture
def passes() -> dict[str, Handler]:
    """Handlers for all four event types that change nothing."""
    return {
        "viewer-request": _request,
        "origin-request": _request,
        "origin-response": _response,
        "viewer-response": _response,
    }


@pytest.fixture(scope="session")
def aws() -> Iterator[Endpoint]:
    """An embedded AWS for all tests of the session. Each test creates resources of its own."""
    with asyncio.Runner() as runner:
        running = ministack.running()
        yield runner.run(running.__aenter__()).endpoint
        runner.run(running.__aexit__(None, None, None))
