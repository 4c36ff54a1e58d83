"""One call of an edge function: its event, its result held against CloudFront's rules, and what a failure answers."""

from __future__ import annotations

import copy
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from local.cloudfront import facts, rules
from local.cloudfront.events import Event
from local.cloudfront.pages import Refusal
from local.runtime import FunctionFailed

log = logging.getLogger("cloudfront.functions")

# (ARN of the associated version, event) -> the function's result as parsed JSON; raises FunctionFailed.
Invoke = Callable[[str, Event], Awaitable[Any]]


async def call(invoke: Invoke, function_arn: str, event: Event) -> dict[str, Any]:
    """The function's result, valid by CloudFront's rules.

    Raises Refusal: 503 when the function fails, 502 when its result breaks a rule. The terminal gets the reason.
    """
    where = f"{function_arn.split(':')[6]} ({event['Records'][0]['cf']['config']['eventType']})"
    try:
        result = await invoke(function_arn, copy.deepcopy(event))
    except FunctionFailed as failure:
        log.error("503 %s: %s\n%s", where, failure, failure.detail)
        raise Refusal(facts.EXECUTION_STATUS, facts.SENTENCE_EXECUTION, facts.X_CACHE_EXECUTION) from failure
    if broken := rules.violations(event, result):
        for violation in broken:
            log.error("%d %s: %s", violation.status, where, violation)
        raise Refusal(broken[0].status, broken[0].sentence, facts.X_CACHE_VALIDATION)
    return dict(result)
