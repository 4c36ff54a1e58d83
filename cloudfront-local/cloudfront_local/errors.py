"""The error that the person at the terminal can correct."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator


class LocalError(Exception):
    """An error that the person at the terminal can correct. The text says what was wrong and what to do."""


@contextlib.contextmanager
def aws_extra(needed: str) -> Iterator[None]:
    """Imports inside the `with` block that fail raise a LocalError that says how to install the missing package.

    `needed` is a sentence: what needs the package.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise LocalError(
            f"The Python package {error.name} is missing. {needed}: python -m pip install 'cloudfront-local[aws]'"
        ) from None
