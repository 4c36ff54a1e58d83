"""E9012: an edge function's runtime is one that Lambda@Edge runs and Lambda supports today."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

from cloudfront_local.lint.functions import EdgeFunction
from cloudfront_local.lint.rule import Finding, FunctionRule
from cloudfront_local.rules.facts import (
    FUNCTION_RUNTIMES,
    RUNTIME_BLOCK_CREATE,
    RUNTIME_BLOCK_UPDATE,
    RUNTIME_DEPRECATION,
)


def _today() -> date:
    return datetime.now(UTC).date()


class SupportedRuntime(FunctionRule):
    id = "E9012"
    shortdesc = "An edge function's runtime is Python or Node.js, and not deprecated"
    description = "Lambda@Edge runs Python and Node.js. Python's dates are checked here, Node.js's by E2531 and E2533."
    source_url = "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html"
    advice = "Set Runtime to one that Lambda supports."

    def __init__(self, today: Callable[[], date] = _today) -> None:
        super().__init__()
        self._today = today

    def refusals(self, function: EdgeFunction) -> Iterator[Finding]:
        for runtime in function.properties.get("Runtime"):
            fault = self._fault(runtime.text)
            if fault:
                newest = next(iter(RUNTIME_DEPRECATION))
                yield Finding(runtime.path, f"{function} runs on {runtime.text}. {fault}: set Runtime: {newest}.")

    def _fault(self, runtime: str | None) -> str | None:
        if runtime is None:
            return None
        if not runtime.startswith(FUNCTION_RUNTIMES):
            return f"Lambda@Edge has {' and '.join(FUNCTION_RUNTIMES)} runtimes only"
        deprecated = RUNTIME_DEPRECATION.get(runtime)
        if deprecated is None or self._today() < deprecated:
            return None
        return (
            f"Lambda deprecated it on {deprecated}, lets nobody create such functions from "
            f"{RUNTIME_BLOCK_CREATE[runtime]} and nobody update them from {RUNTIME_BLOCK_UPDATE[runtime]}"
        )
