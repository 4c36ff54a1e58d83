"""The limits of CloudFront Functions. Source: CloudFront Developer Guide, cloudfront-limits; what is ours says so."""

CODE_BYTES = 10 * 1024
"""The most bytes of a function's code, comments included. Whether 10 KB are 10,240 or 10,000 bytes is unverified."""
MEMORY_BYTES = 2 * 1024 * 1024
LOG_BYTES = 10 * 1024
"""CloudWatch Logs gets no more than this of one call."""
CUSTOM_LOG_BYTES = 800

CPU_SECONDS = 0.2
"""Ours: a call that uses more CPU time is ended. AWS publishes no time."""
NOMINAL_SECONDS = 0.001
"""Ours: the CPU time that counts as a compute utilization of 100. AWS publishes no time."""
STACK_BYTES = 192 * 1024
"""Ours: QuickJS ends a recursion with this stack after some hundred calls, as njs does."""
ENVIRONMENT_BYTES = 400 * 1024
"""Ours: the memory of the runtime's own JavaScript, which does not count as the function's."""


def utilization(cpu_seconds: float) -> int:
    """The estimate of CloudFront's compute utilization, from 0 to 100."""
    return min(100, round(100 * cpu_seconds / NOMINAL_SECONDS))
