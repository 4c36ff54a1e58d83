"""The time that a distribution has under a test."""

from __future__ import annotations

import time


class Clock:
    """A clock that stands still. It shows the time of the test's beginning until the test advances it.

    The distribution goes by it: its cache, signatures and policies. Functions and the embedded AWS have the real time.
    """

    def __init__(self) -> None:
        self.now = time.time()  # Unix time, in seconds

    def advance(self, seconds: float) -> None:
        """Let so many seconds pass. Raises ValueError for a negative number: time does not go back."""
        if seconds < 0:
            raise ValueError(f"Time does not go back by {-seconds} s.")
        self.now += seconds

    def __call__(self) -> float:
        return self.now
