"""The table in docs/authorizer.md: the first request by memory size and distance, and the price of requests."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.cold_start import ColdStart

MEMORY = (128, 256, 512, 1024)  # MB
# The prices of Lambda@Edge in dollars (Amazon CloudFront pricing). Time is billed in steps of 1 ms.
PER_MILLION_REQUESTS = 0.60
PER_GB_SECOND = 0.00005001
HEADINGS = (
    "memory",
    "distance",
    "ours: INIT + first 200",
    "boto3: INIT + first 200",
    "ours: a million warm requests",
    "boto3: a million warm requests",
)


@dataclass(frozen=True)
class Size:
    """Both sides with a memory size in MB, near to DynamoDB and IAM or far from them. Ours hashes the password."""

    memory: int
    far: bool
    ours: ColdStart
    boto3: ColdStart


def markdown(sizes: Sequence[Size]) -> str:
    """The table in Markdown."""
    rows = [HEADINGS, ("---",) * len(HEADINGS), *map(_row, sizes)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def dollars_per_million(seconds: float, memory: int) -> float:
    """The price of a million requests that take this many seconds, with a memory size in MB."""
    billed = math.ceil(seconds * 1000) / 1000
    return PER_MILLION_REQUESTS + 1e6 * billed * memory / 1024 * PER_GB_SECOND


def _row(size: Size) -> tuple[str, ...]:
    return (
        f"{size.memory} MB",
        "far" if size.far else "near",
        *(_seconds(start) for start in (size.ours, size.boto3)),
        *(_dollars(start, size.memory) for start in (size.ours, size.boto3)),
    )


def _seconds(start: ColdStart) -> str:
    return f"{start.init:.2f} + {start.request:.2f} s" if math.isfinite(start.request) else "no 200"


def _dollars(start: ColdStart, memory: int) -> str:
    return f"${dollars_per_million(start.warm, memory):.2f}" if math.isfinite(start.warm) else ""
