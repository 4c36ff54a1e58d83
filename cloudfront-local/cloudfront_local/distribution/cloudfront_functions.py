"""Calls of CloudFront Functions at viewer events. The result is checked against CloudFront's rules; a failure becomes
an error page.

Source: CloudFront Developer Guide, "Customize at the edge with CloudFront Functions".
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from cloudfront_local.distribution import journal
from cloudfront_local.distribution.function_events import Event, FunctionOutcome, FunctionTrigger
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin_choice import with_origin
from cloudfront_local.distribution.pages import Refusal
from cloudfront_local.distribution.trace import Call
from cloudfront_local.distribution.visit import Visit
from cloudfront_local.rules import cloudfront_functions as rules
from cloudfront_local.rules import facts as shared
from cloudfront_local.rules.cloudfront_functions import facts
from cloudfront_local.rules.rule import Violation


@dataclass(frozen=True)
class Ran:
    """What a call gave: the result as parsed JSON, or the error that ended the call, for the terminal.

    `utilization` is an estimate of the compute utilization, from 0 to 100. `origin` has the helper, the arguments and
    the origin's id, if the function chose an origin.
    """

    result: Any = None
    error: str = ""
    utilization: int = 0
    origin: tuple[str, Any, str] | None = None


# (the function's ARN, the event, the query string or None) -> what the call gave
RunFunction = Callable[[str, Event, str | None], Awaitable[Ran]]


async def no_function(arn: str, _: Event, __: str | None) -> Ran:
    """For distributions whose behaviors have no CloudFront Functions."""
    raise LookupError(arn)


class CloudFrontFunctions:
    """The CloudFront Functions of a distribution's behaviors."""

    def __init__(self, run: RunFunction) -> None:
        self._run = run

    async def viewer_request(self, visit: Visit, request: Request) -> tuple[FunctionOutcome, Visit]:
        """Runs the behavior's function at viewer-request. The visit has the origin that the function chose.

        Raises Refusal.
        """
        arn = visit.behavior.cloudfront_functions["viewer-request"]
        outcome, ran, call = await self._call(arn, _trigger(visit).event(request), request)
        if ran.origin is None or outcome.is_response:
            return outcome, visit
        helper, parameters, origin_id = ran.origin
        broken = rules.origin_violations(helper, parameters, origin_id, visit.config.origins)
        _refuse(call, list(broken))
        return outcome, with_origin(visit, helper, parameters, origin_id)

    async def viewer_response(self, visit: Visit, request: Request, response: Response) -> Response:
        """Runs the behavior's function at viewer-response, if it has one. Raises Refusal."""
        arn = visit.behavior.cloudfront_functions.get("viewer-response")
        if arn is None:
            return response
        outcome, _, _ = await self._call(arn, _trigger(visit).event(request, response), request)
        return outcome.response(response)

    async def _call(self, arn: str, event: Event, request: Request) -> tuple[FunctionOutcome, Ran, Call]:
        event_type = event["context"]["eventType"]
        with journal.station(event_type, _name(arn)) as station:
            call = Call(arn, event_type, "cloudfront", event, station)
            journal.called(call)
            ran = await self._run(arn, event, request.querystring or None)
            call.result, call.utilization = ran.result, ran.utilization
            journal.note(f"{_name(arn)} {event_type} ~{ran.utilization} %")
            if ran.error:
                message, _, detail = ran.error.partition("\n")
                call.failure, station.summary = (message, detail), "error"
                journal.remark(f"{_name(arn)} ({event_type}): {ran.error}")
                raise Refusal(shared.EXECUTION_STATUS, facts.SENTENCE_EXECUTION, facts.X_CACHE_EXECUTION)
            _refuse(call, rules.violations(event, ran.result))
            outcome = FunctionOutcome(event, ran.result)
            if outcome.is_response and event_type == "viewer-request":
                station.outcome = "answered"
        return outcome, ran, call


def _trigger(visit: Visit) -> FunctionTrigger:
    return FunctionTrigger(visit.config.domain_name, visit.config.id, visit.id)


def _name(arn: str) -> str:
    return arn.rpartition("/")[2]


def _refuse(call: Call, broken: list[Violation]) -> None:
    """Raises Refusal if a rule is broken. The terminal shows each."""
    for violation in broken:
        journal.remark(f"{_name(call.arn)} ({call.event_type}): {violation}")
    if broken:
        call.violations, call.station.outcome, call.station.summary = broken, "failed", broken[0].rule
        raise Refusal(broken[0].status, broken[0].sentence, facts.X_CACHE_VALIDATION)
