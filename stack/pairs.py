"""Options that take NAME=VALUE and may be given several times."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from stack.errors import StackError

T = TypeVar("T")


def by_name(option: str, pairs: Iterable[tuple[str, T]]) -> dict[str, T]:
    """The values of an option by their names. Raises StackError for a name that is given twice."""
    found: dict[str, T] = {}
    for name, value in pairs:
        if name in found:
            raise StackError(f"{option} names {name} twice. Give each name once. Nothing was changed.")
        found[name] = value
    return found
