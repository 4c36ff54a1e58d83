"""E9013 and W9001: how long an edge function may take, and how much memory it is given."""

from collections.abc import Iterator

from cloudfront_local.lint.functions import EdgeFunction
from cloudfront_local.lint.rule import GUIDE, Finding, FunctionRule
from cloudfront_local.rules.facts import FUNCTION_TIMEOUT_SECONDS, VIEWER_EVENTS, VIEWER_FUNCTION_MEMORY_MB_UNTIL_2025


class Timeout(FunctionRule):
    id = "E9013"
    shortdesc = "An edge function's timeout is at most 30 seconds"
    description = "CloudFront refuses functions with a timeout of more than 30 seconds."
    source_url = GUIDE + "cloudfront-limits.html#limits-lambda-at-edge"

    def refusals(self, function: EdgeFunction) -> Iterator[Finding]:
        for timeout in function.properties.get("Timeout"):
            if (timeout.number or 0) > FUNCTION_TIMEOUT_SECONDS:
                yield Finding(
                    timeout.path,
                    f"{function} has a timeout of {timeout.number} s. CloudFront takes functions of at most "
                    f"{FUNCTION_TIMEOUT_SECONDS} s: lower Timeout, a viewer waits for the result.",
                )


class ViewerMemory(FunctionRule):
    id = "W9001"
    shortdesc = "A viewer function has 128 MB of memory"
    description = "CloudFront refused viewer functions of more than 128 MB until early 2026."
    source_url = GUIDE + "cloudfront-limits.html#limits-lambda-at-edge"

    def refusals(self, function: EdgeFunction) -> Iterator[Finding]:
        if function.event_type not in VIEWER_EVENTS:
            return
        for memory in function.properties.get("MemorySize"):
            if (memory.number or 0) > VIEWER_FUNCTION_MEMORY_MB_UNTIL_2025:
                yield Finding(
                    memory.path,
                    f"{function} has {memory.number} MB. Until early 2026 CloudFront refused viewer "
                    f"functions of more than {VIEWER_FUNCTION_MEMORY_MB_UNTIL_2025} MB, and memory "
                    f"is what a request costs: set MemorySize: {VIEWER_FUNCTION_MEMORY_MB_UNTIL_2025} unless you "
                    "measured that more is worth it.",
                )
