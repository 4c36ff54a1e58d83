"""Waiting for AWS, with one line that says for what, and for how long already."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

FIRST_PAUSE = 0.2


def looks(longest: float) -> Iterator[None]:
    """One look after another, at once and then after pauses that grow to `longest` seconds."""
    pause = FIRST_PAUSE
    while True:
        yield
        time.sleep(pause)
        pause = min(pause * 1.5, longest)


@contextmanager
def waiting(text: str) -> Iterator[Callable[[str], None]]:
    """Shows a line at a terminal while it lasts, with the time; elsewhere, a line for each new text.

    Yields what sets a new text.
    """
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _printed(text)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        line = progress.add_task(text, total=None)
        yield lambda text: progress.update(line, description=text)


def _printed(first: str) -> Callable[[str], None]:
    last = ""

    def say(text: str) -> None:
        nonlocal last
        if text != last:
            print(text, file=sys.stderr, flush=True)
            last = text

    say(first)
    return say
