"""One call of a function outside a distribution, with an event from a file or a test."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from cloudfront_local.errors import LocalError
from cloudfront_local.functions import limits
from cloudfront_local.functions.function import EdgeFunction
from cloudfront_local.functions.outcome import Outcome
from cloudfront_local.functions.runtimes import JS_2
from cloudfront_local.functions.sandbox import Call
from cloudfront_local.functions.syntax.finding import SyntaxRefused
from cloudfront_local.rules.cloudfront_functions import facts, origin_violations, violations
from cloudfront_local.rules.cloudfront_functions.request import query_text
from cloudfront_local.rules.rule import Violation

_READ_BYTES = 10 * limits.CODE_BYTES


def loaded(source: str, name: str, runtime: str = JS_2) -> EdgeFunction:
    """The function of a source. Raises LocalError with everything that CloudFront refuses."""
    try:
        return EdgeFunction.load(source, name, runtime)
    except (SyntaxRefused, ValueError) as error:
        raise LocalError(f"CloudFront cannot run the function {name}, and answers 503:\n{error}") from None


def loaded_file(path: Path, name: str, runtime: str = JS_2) -> EdgeFunction:
    """The function of a source file. `name` is its name in messages. Raises LocalError."""
    try:
        with path.open("rb") as file:
            source = file.read(_READ_BYTES + 1).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise LocalError(f"{name} cannot be read: {error}. Name the source file of a CloudFront Function.") from None
    return loaded(source, name, runtime)


def call(event: dict[str, Any]) -> Call:
    """The input of a call with this event, which is whole (see rules.cloudfront_functions)."""
    return Call(event, query_text(event["request"].get("querystring")) or None)


def refusals(event: dict[str, Any], outcome: Outcome, origin_ids: Collection[str] | None) -> list[Violation]:
    """The rules that a call broke. `origin_ids` are those of the distribution; None if there is no distribution: then
    no helper that names an origin's id is judged."""
    chosen = outcome.origin
    broken = violations(event, outcome.result)
    if chosen is None or (origin_ids is None and chosen.helper != "updateRequestOrigin"):
        return broken
    return [*broken, *origin_violations(chosen.helper, chosen.parameters, chosen.origin_id, origin_ids or ())]


def failure(outcome: Outcome) -> str:
    """The error that ended a call, with its calls and CloudFront's answer; "" if none did."""
    if outcome.error is None:
        return ""
    lines = (str(outcome.error), outcome.error.stack, f"CloudFront answers 503: {facts.SENTENCE_EXECUTION}")
    return "\n".join(filter(None, lines))
