"""What happened to one request, for people who look at it later: stations, calls of functions, the cache, the origin.

A request has a trace if somebody keeps it. The trace refers to what the steps of the request made anyway. Nothing is
copied or written as text before somebody looks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from multidict import CIMultiDict

from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.rules.rule import Violation

if TYPE_CHECKING:  # These modules write the journal.
    from cloudfront_local.distribution.behaviors import CacheBehavior
    from cloudfront_local.distribution.cache.store import CacheKey
    from cloudfront_local.distribution.config import DistributionConfig
    from cloudfront_local.distribution.origin import Origin

Outcome = Literal["passed", "answered", "failed"]
Kind = Literal["lambda", "cloudfront"]

# Lines that are kept of what one call prints.
LOG_LINES = 200
LINE_CHARACTERS = 2000


class Station:
    """A step that the request passed, while the `with` block runs; `failed` if the block raises. Times are in seconds
    of the clock. `summary` is a few words."""

    __slots__ = ("_clock", "ended", "name", "outcome", "started", "summary")

    def __init__(self, name: str, summary: str, clock: Callable[[], float]) -> None:
        self.name = name
        self.summary = summary
        self.outcome: Outcome = "passed"
        self.started = self.ended = clock()
        self._clock = clock

    def __enter__(self) -> Station:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self.ended = self._clock()
        if kind:
            self.outcome = "failed"


class _Unseen(Station):
    """The station of all requests that have no trace. Nobody reads what it is told."""

    __slots__ = ()

    def __exit__(self, *_: object) -> None:
        pass


UNSEEN = _Unseen("", "", lambda: 0.0)


@dataclass(slots=True)
class Call:
    """A call of a function, at its station. `failure` has a line and a traceback; both are empty with a result.
    `exchanged` are the event and the result as JSON, if the runtime said so."""

    arn: str
    event_type: str
    kind: Kind
    event: Any
    station: Station
    result: Any = None
    failure: tuple[str, str] = ("", "")
    violations: list[Violation] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    utilization: int | None = None
    exchanged: tuple[bytes, bytes] | None = None


@dataclass(slots=True)
class Looked:
    """A look into the cache. `found` is the key of the object that was there, and `nearest` that of the object which
    is there in its place, if any. `state` says what was found. `kept` are status and headers of the object that the
    answer was made from or that was cached, with the error caching minimum TTL of the status and the time at which the
    object was cached."""

    key: CacheKey
    state: Literal["fresh", "expired", "absent"]
    nearest: CacheKey | None
    kept: tuple[int, CIMultiDict[str], float, float] | None = None
    waited: bool = False


@dataclass(slots=True)
class Asked:
    """A request to an origin. `viewer` is the request of the viewer that it was made from, and `made` the one that
    CloudFront made of it; `sent` has the changes of the function at origin-request. `remarks` are the numbers of the
    first remark about the request, and of the first after it."""

    origin: Origin
    viewer: Request
    made: Request
    sent: Request
    started: float = 0.0
    ended: float = 0.0
    response: Response | None = None
    remarks: tuple[int, int] = (0, 0)


class Trace:
    """The trace of a viewer's request. `clock` gives Unix time. `remarks` and `notes` are those of the terminal's line,
    and grow with them. A request that was refused at once has no `behavior` and no `config` of its distribution."""

    __slots__ = (
        "_clock",
        "asked",
        "before_policy",
        "behavior",
        "calls",
        "config",
        "ended",
        "id",
        "looked",
        "notes",
        "remarks",
        "request",
        "response",
        "started",
        "stations",
        "x_cache",
    )

    def __init__(self, request: Request, clock: Callable[[], float], remarks: list[str], notes: list[str]) -> None:
        self.request = request
        self.started = self.ended = clock()
        self.id = ""
        self.config: DistributionConfig | None = None
        self.behavior: CacheBehavior | None = None
        self.stations: list[Station] = []
        self.calls: list[Call] = []
        self.looked: Looked | None = None
        self.asked: list[Asked] = []
        self.before_policy: CIMultiDict[str] | None = None
        self.response: Response | None = None
        self.x_cache = ""
        self.remarks = remarks
        self.notes = notes
        self._clock = clock

    def station(self, name: str, summary: str) -> Station:
        station = Station(name, summary, self._clock)
        self.stations.append(station)
        return station

    def exchanged(self, event: bytes, result: bytes) -> None:
        """Keeps the JSON that the function which runs now was sent, and that which it answered."""
        if self.calls:
            self.calls[-1].exchanged = (event, result)

    def printed(self, line: str) -> None:
        """Keeps a line that the function which runs now prints."""
        if self.calls and len(self.calls[-1].log) < LOG_LINES:
            self.calls[-1].log.append(line[:LINE_CHARACTERS])

    def ask(self, asked: Asked) -> None:
        asked.started, asked.remarks = self._clock(), (len(self.remarks), len(self.remarks))
        self.asked.append(asked)

    def got(self, asked: Asked) -> None:
        """The origin answered, or gave no answer."""
        asked.ended, asked.remarks = self._clock(), (asked.remarks[0], len(self.remarks))

    def finish(self, request_id: str, response: Response, x_cache: str) -> None:
        """The request has its response."""
        self.id, self.ended, self.response, self.x_cache = request_id, self._clock(), response, x_cache
        if not self.stations:  # It was refused before a behavior was chosen.
            self.station("behavior", "no behavior").outcome = "failed"
