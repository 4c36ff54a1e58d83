"""Runs the CloudFront Functions of the served distributions, each in a process of its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import Any

from cloudfront_local.aws.cloudfront_functions import Deployed
from cloudfront_local.distribution import journal
from cloudfront_local.distribution.cloudfront_functions import Ran
from cloudfront_local.errors import LocalError
from cloudfront_local.functions.function import EdgeFunction
from cloudfront_local.functions.key_value_store import Store
from cloudfront_local.functions.outcome import Outcome
from cloudfront_local.functions.process import FunctionProcess
from cloudfront_local.functions.sandbox import Call
from cloudfront_local.functions.syntax.finding import SyntaxRefused

log = logging.getLogger("functions")

# (the deployed function) -> its key value store, if it has one; raises LocalError
FindStore = Callable[[Deployed], Awaitable[Store | None]]


async def no_store(_: Deployed) -> Store | None:
    return None


class FunctionRunner:
    """`location` is the edge location's code, such as IAD, and `region` its Region. Use it in one event loop."""

    def __init__(self, location: str, region: str, store_of: FindStore = no_store) -> None:
        self._location = {"name": location, "serverIp": "127.0.0.1", "region": region}
        self._store_of = store_of
        self._functions: dict[str, Deployed] = {}
        self._loaded: dict[str, FunctionProcess | str] = {}

    async def load(self, functions: Mapping[str, Deployed]) -> None:
        """Takes the functions, by their ARNs. What CloudFront's runtime would refuse is printed now."""
        changed = [arn for arn, function in functions.items() if self._functions.get(arn) != function]
        await self._end(arn for arn in {*changed, *self._functions.keys() - functions.keys()})
        self._functions = dict(functions)
        for arn in changed:
            self._loaded[arn] = await asyncio.to_thread(_loaded, functions[arn])
        await asyncio.gather(*(each.start() for each in self._loaded.values() if isinstance(each, FunctionProcess)))

    async def run(self, arn: str, event: dict[str, Any], raw_query: str | None) -> Ran:
        """Calls a function. Its lines of console.log go to the terminal."""
        function, loaded = self._functions[arn], self._loaded[arn]
        if isinstance(loaded, str):
            return Ran(error=loaded)
        at_request = event["context"]["eventType"] == "viewer-request"
        call = Call(event, raw_query, edge_location=self._location if at_request else {})
        try:
            store = await self._store_of(function) if function.stores else None
        except LocalError as error:
            return Ran(error=str(error))
        outcome = await loaded.run(call, store)
        for line in outcome.logs:
            journal.printed(line)
            log.info("%s: %s", function.name, line)
        return ran(outcome)

    async def close(self) -> None:
        await self._end(list(self._loaded))

    async def _end(self, arns: Iterable[str]) -> None:
        ended = [self._loaded.pop(arn, None) for arn in arns]
        await asyncio.gather(*(each.close() for each in ended if isinstance(each, FunctionProcess)))


def _loaded(function: Deployed) -> FunctionProcess | str:
    """The function in a process, or the reason why CloudFront's runtime refuses it."""
    try:
        loaded = EdgeFunction.load(function.source, function.name, function.runtime)
    except (SyntaxRefused, ValueError) as error:
        log.error("CloudFront cannot run the function %s, and answers 503:\n%s", function.name, _indented(str(error)))
        return str(error)
    for warning in loaded.warnings:
        log.warning("%s", warning)
    return FunctionProcess(loaded)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def ran(outcome: Outcome) -> Ran:
    """What a call gave, as the distribution takes it."""
    error = "\n".join(_lines(outcome))
    chosen = outcome.origin
    origin = (chosen.helper, chosen.parameters, chosen.origin_id) if chosen else None
    result = outcome.result if outcome.returned != "undefined" else None
    return Ran(result, error, outcome.utilization, origin)


def _lines(outcome: Outcome) -> Iterator[str]:
    if outcome.error:
        yield str(outcome.error)
        yield from (f"    {line}" for line in outcome.error.stack.splitlines())
