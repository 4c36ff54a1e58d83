"""Another attempt at what may succeed in a moment."""

from __future__ import annotations

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")

ATTEMPTS = 3
FIRST_PAUSE = 0.05  # seconds at most, doubled with every attempt


def with_retries(
    attempt: Callable[[], T],
    transient: Callable[[Exception], bool],
    *,
    deadline: float,
    sleep: Callable[[float], object] = time.sleep,
    jitter: Callable[[], float] | None = None,
) -> T:
    """What `attempt` returns, called up to ATTEMPTS times while it raises what is `transient`.

    Between two attempts lies a pause, random between nothing and a bound that doubles ("full jitter"). None begins at
    or after the deadline, a time of `time.monotonic()`. Raises what the last attempt raised. An attempt may have
    reached its server before it failed, so it has to be one that can be repeated.

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
    """Between 0 and 1, without the `random` module, whose import costs 2 ms."""
    return int.from_bytes(os.urandom(4), "big") / 2**32
