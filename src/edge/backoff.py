"""A server that failed is left alone for a while, so that a fault does not make every request ask it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

FIRST = 5.0  # seconds, doubled with each failure in a row
LONGEST = 60.0


class Backoff:
    """When a server may be asked again. `clock` counts seconds, also while the sandbox sleeps.

    A clock that is set back ends the pause, rather than make it last for hours.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._since = self._until = 0.0
        self._pause = FIRST

    def is_over(self) -> bool:
        """Whether the server may be asked."""
        return not self._since <= self._clock() < self._until

    def failed(self) -> None:
        """The server failed: a pause begins."""
        self._since = self._clock()
        self._until = self._since + self._pause
        self._pause = min(2 * self._pause, LONGEST)

    def succeeded(self) -> None:
        """The server answered as it should: no pause, and the next one is short again."""
        self._until = 0.0
        self._pause = FIRST
