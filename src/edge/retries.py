"""Repeats an attempt that failed with a transient error."""

from __future__ import annotations

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")

ATTEMPTS = 3
FIRST_PAUSE = 0.05  # the longest first pause, in seconds; each attempt doubles the bound


def with_retries(
    attempt: Callable[[], T],
    transient: Callable[[Exception], bool],
    *,
    deadline: float,
    sleep: Callable[[float], object] = time.sleep,
    jitter: Callable[[], float] | None = None,
) -> T:
    """The result of `attempt`, called up to ATTEMPTS times while it raises an error for which `transient` is true.

    Between two attempts is a random pause of up to a bound that doubles ("full jitter"). No attempt begins at or after
    the deadline, a time of `time.monotonic()`, except the first. Raises the error of the last attempt. A failed attempt
    may have reached its server, so `attempt` has to be repeatable.

    Source: AWS Architecture Blog, "Exponential Backoff And Jitter"; three attempts are the AWS SDKs' default.
    """
    for number in range(1, ATTEMPTS + 1):
        try:
            return attempt()
        except Exception as error:
            pause = (jitter or _uniform)() * FIRST_PAUSE * 2 ** (number - 1)
            if number == ATTEMPTS or not transient(error) or time.monotonic() + pause >= deadline:
                raise
        sleep(pause)
    raise AssertionError("the last attempt returns or raises")


def _uniform() -> float:
    """A random number from 0 to less than 1. The import of the `random` module would cost 2 ms."""
    return int.from_bytes(os.urandom(4), "big") / 2**32
