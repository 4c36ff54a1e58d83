"""Calls of edge functions. The result is checked against CloudFront's rules; a failure becomes an error page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from cloudfront_local import rules
from cloudfront_local.distribution import journal, unverified
from cloudfront_local.distribution.events import Event, Outcome
from cloudfront_local.distribution.failure import FunctionFailed, function_name
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import Origin
from cloudfront_local.distribution.pages import Refusal
from cloudfront_local.distribution.trace import Call, Station
from cloudfront_local.distribution.unverified import Unverified
from cloudfront_local.distribution.visit import Visit
from cloudfront_local.rules import facts

# (ARN of the associated version, event) -> the function's result as parsed JSON; raises FunctionFailed. The event must
# stay as it is: the rules compare the result with it.
Invoke = Callable[[str, Event], Awaitable[Any]]


class Functions:
    """The edge functions of a distribution's behaviors."""

    def __init__(self, invoke: Invoke, told: Unverified) -> None:
        self._invoke = invoke
        self._unverified = told

    async def run(
        self,
        visit: Visit,
        event_type: str,
        request: Request,
        origin: Origin | None = None,
        response: Response | None = None,
    ) -> Outcome | None:
        """Runs the behavior's function for this event type. None if the behavior has no such function. Raises Refusal.

        Pass `origin` for origin events and `response` for response events.
        """
        association = visit.behavior.functions.get(event_type)
        if association is None:
            return None
        if origin and not visit.behavior.shows_query:
            request = replace(request, querystring="")
        event = visit.trigger.event(
            event_type, request, origin=origin, response=response, include_body=association.include_body
        )
        with journal.station(event_type, function_name(association.function_arn)) as station:
            outcome = await _call(self._invoke, association.function_arn, event, station)
            if outcome.is_response and response is None:
                station.outcome = "answered"
        if outcome.has_keys_of_others:
            self._unverified.tell(unverified.KEY_OF_ANOTHER)
        return outcome


async def _call(invoke: Invoke, function_arn: str, event: Event, station: Station) -> Outcome:
    """Calls the function and returns its result, which keeps CloudFront's rules.

    Raises Refusal: 503 if the function fails, 502 if its result breaks a rule. The terminal shows the reason.
    """
    event_type = event["Records"][0]["cf"]["config"]["eventType"]
    call = Call(function_arn, event_type, "lambda", event, station)
    journal.called(call)
    try:
        call.result = result = await invoke(function_arn, event)
    except FunctionFailed as failure:
        call.failure, station.summary = (f"{failure.kind}: {failure.message}", failure.detail), failure.kind
        journal.remark(f"{failure.function} ({event_type}): {failure.kind}: {failure.message}")
        journal.remark(failure.detail)
        raise _refusal(failure) from failure
    if broken := rules.violations_of_json(event, result):
        call.violations, station.summary = broken, broken[0].rule
        for violation in broken:
            journal.remark(f"{function_name(function_arn)} ({event_type}): {violation}")
        raise Refusal(broken[0].status, broken[0].sentence, facts.X_CACHE_VALIDATION)
    return Outcome(event, result)


def _refusal(failure: FunctionFailed) -> Refusal:
    if failure.kind == "invalid result":
        return Refusal(facts.VALIDATION_STATUS, facts.SENTENCE_INVALID_JSON, facts.X_CACHE_VALIDATION)
    return Refusal(facts.EXECUTION_STATUS, facts.SENTENCE_EXECUTION, facts.X_CACHE_EXECUTION)
