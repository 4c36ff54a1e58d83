"""Pauses after a server failed. Without them, every request would call the server again."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

FIRST = 5.0  # seconds; each further failure doubles the pause
LONGEST = 60.0


class Backoff:
    """Says when a server may be called again. `clock` counts seconds, also while the sandbox is frozen.

    A clock that is set back ends the pause. Otherwise the pause could last for hours.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._since = self._until = 0.0
        self._pause = FIRST

    def is_over(self) -> bool:
        """Whether the server may be called."""
        return not self._since <= self._clock() < self._until

    def failed(self) -> None:
        """Begin a pause, because the server failed."""
        self._since = self._clock()
        self._until = self._since + self._pause
        self._pause = min(2 * self._pause, LONGEST)

    def succeeded(self) -> None:
        """End the pause, because the server works. The next pause is again the shortest."""
        self._until = 0.0
        self._pause = FIRST
