"""Shows progress while a command waits for AWS."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

FIRST_PAUSE = 0.2


def looks(longest: float) -> Iterator[None]:
    """Yields at once, and again after each of endless pauses, which grow from 0.2 s to `longest` seconds."""
    pause = FIRST_PAUSE
    while True:
        yield
        time.sleep(pause)
        pause = min(pause * 1.5, longest)


@contextmanager
def waiting(text: str) -> Iterator[Callable[[str], None]]:
    """Shows a text and the elapsed time on one line of the terminal until the block ends.

    Yields a function that sets a new text. Without a terminal, prints a line for each new text.
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
