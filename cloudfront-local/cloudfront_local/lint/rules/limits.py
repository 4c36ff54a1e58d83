"""E9013 and W9001: how long an edge function may take, and how much memory it is given."""

from collections.abc import Iterator

from cloudfront_local.lint.functions import EdgeFunction
from cloudfront_local.lint.rule import GUIDE, Finding, FunctionRule
from cloudfront_local.rules.facts import FUNCTION_MEMORY_MB, FUNCTION_TIMEOUT_SECONDS


class Timeout(FunctionRule):
    id = "E9013"
    shortdesc = f"An edge function's timeout is at most {FUNCTION_TIMEOUT_SECONDS} seconds"
    description = f"CloudFront refuses functions with a timeout of more than {FUNCTION_TIMEOUT_SECONDS} seconds."
    source_url = GUIDE + "cloudfront-limits.html#limits-lambda-at-edge"
    advice = "Lower Timeout: a viewer waits for the result."

    def refusals(self, function: EdgeFunction) -> Iterator[Finding]:
        for timeout in function.properties.get("Timeout"):
            if (timeout.number or 0) > FUNCTION_TIMEOUT_SECONDS:
                yield Finding(
                    timeout.path,
                    f"{function} has a timeout of {timeout.number} s. CloudFront takes functions of at most "
                    f"{FUNCTION_TIMEOUT_SECONDS} s: lower Timeout, a viewer waits for the result.",
                )


class Memory(FunctionRule):
    id = "W9001"
    shortdesc = f"An edge function has at most {FUNCTION_MEMORY_MB:,} MB of memory"
    description = "CloudFront takes functions with the memory that Lambda allows; viewer functions since early 2026."
    source_url = GUIDE + "cloudfront-limits.html#limits-lambda-at-edge"
    advice = "Lower MemorySize."

    def refusals(self, function: EdgeFunction) -> Iterator[Finding]:
        for memory in function.properties.get("MemorySize"):
            if (memory.number or 0) > FUNCTION_MEMORY_MB:
                yield Finding(
                    memory.path,
                    f"{function} has {memory.number:,} MB of memory. Lambda gives a function at most "
                    f"{FUNCTION_MEMORY_MB:,} MB: lower MemorySize.",
                )
