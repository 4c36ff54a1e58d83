"""What the window knows: the served distributions, the requests that it keeps, and how functions are named."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cloudfront_local.distribution.behaviors import CacheBehavior
from cloudfront_local.distribution.config import DistributionConfig
from cloudfront_local.distribution.pipeline import Distribution
from cloudfront_local.distribution.trace import Call, Trace
from cloudfront_local.rules.facts import EVENT_TYPES
from cloudfront_local.serving.window import actions, cache_view, masking, view
from cloudfront_local.serving.window.actions import CannotError
from cloudfront_local.serving.window.kept import Kept
from cloudfront_local.serving.window.masking import Masking
from cloudfront_local.serving.window.view import Name, by_arn

# (the distribution's id, a call of a function) -> the files that its event and its result were saved to, relative to
# the project; raises CannotError
Save = Callable[[str, Call], Awaitable[list[str]]]


async def no_save(_: str, __: Call) -> list[str]:
    raise CannotError("Events are saved for a project that `cloudfront-local serve` runs.")


class UnknownError(LookupError):
    """There is no such request, or no longer. The text says so."""


@dataclass(frozen=True)
class Shown:
    """A distribution that is served at `url`."""

    distribution: Distribution
    url: str


@dataclass
class Window:
    """The window of the distributions in `shown`, the first before the others. `clock` gives Unix time."""

    shown: Sequence[Shown]
    name: Name = by_arn
    save: Save = no_save
    clock: Callable[[], float] = time.time
    kept: Kept = field(default_factory=Kept)

    def watch(self) -> None:
        """From now on, keeps the requests of the distributions."""
        for each in self.shown:
            each.distribution.watch = self.kept.add

    def summaries(self) -> list[dict[str, Any]]:
        return [view.summary(number, trace, self.name) for number, trace in self.kept]

    def request(self, request_id: str, *, secrets: bool) -> dict[str, Any]:
        """Raises UnknownError."""
        number, trace = self._found(request_id)
        return view.request(number, trace, self.name, _mask(trace, secrets=secrets))

    def curl(self, request_id: str, *, secrets: bool) -> str:
        """Raises UnknownError and CannotError."""
        _, trace = self._found(request_id)
        return actions.curl(trace.request, self._of(trace).url, _mask(trace, secrets=secrets))

    async def replay(self, request_id: str, viewer: Mapping[str, Any]) -> str:
        """The id of the new request, which has its response. Raises UnknownError and CannotError."""
        _, trace = self._found(request_id)
        response = await self._of(trace).distribution.handle(actions.again(trace, viewer))
        return response.headers["X-Amz-Cf-Id"]

    async def save_event(self, request_id: str, function: object) -> list[str]:
        """The files. Raises UnknownError and CannotError."""
        _, trace = self._found(request_id)
        if not isinstance(function, int) or isinstance(function, bool) or not 0 <= function < len(trace.calls):
            raise CannotError(f"The request has {len(trace.calls)} calls of functions. Name one by its number, from 0.")
        return await self.save(self._of(trace).distribution.config.id, trace.calls[function])

    def invalidate(self, paths: object) -> int:
        """The number of removed objects. Raises CannotError."""
        if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
            raise CannotError("An invalidation has a list of paths, such as /images/*.")
        try:
            return sum(each.distribution.invalidate(paths) for each in self.shown)
        except ValueError as error:
            raise CannotError(str(error)) from None

    def cache(self) -> list[dict[str, Any]]:
        """The objects in the caches."""
        now = self.clock()
        return [item for each in self.shown for item in cache_view.objects(each.distribution.cached(), now)]

    def distributions(self) -> list[dict[str, Any]]:
        """The settings of the distributions."""
        return [self._distribution(each.distribution.config, each.url) for each in self.shown]

    def _distribution(self, config: DistributionConfig, url: str) -> dict[str, Any]:
        return {"id": config.id, "url": url, "behaviors": [self._behavior(each) for each in config.behaviors]}

    def _behavior(self, behavior: CacheBehavior) -> dict[str, Any]:
        found = {event_type: each.function_arn for event_type, each in behavior.functions.items()}
        found |= behavior.cloudfront_functions
        arns = {event_type: found[event_type] for event_type in EVENT_TYPES if event_type in found}
        policy = behavior.cache_policy
        return {
            "path_pattern": behavior.path_pattern,
            "origin_id": behavior.origin_id,
            "functions": {event_type: self.name(arn).name for event_type, arn in arns.items()},
            "ttl": {"minimum": policy.min_ttl, "default": policy.default_ttl, "maximum": policy.max_ttl},
        }

    def _found(self, request_id: str) -> tuple[int, Trace]:
        found = self.kept.get(request_id)
        if found is None:
            raise UnknownError("The window does not keep this request, or no longer: reload the list.")
        return found

    def _of(self, trace: Trace) -> Shown:
        """The distribution that answered a request. One that was refused at once counts as the first's."""
        own = trace.config.id if trace.config else ""
        return next((each for each in self.shown if each.distribution.config.id == own), self.shown[0])


def _mask(trace: Trace, *, secrets: bool) -> Masking:
    return masking.Open() if secrets else masking.of(trace)
