"""What a choice of functions leaves, and what goes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from only.errors import OnlyError
from only.parts import PARTS, STARTER, Part

T = TypeVar("T")


@dataclass(frozen=True)
class Choice:
    """The functions that stay and those that go, in the order of the table."""

    kept: tuple[str, ...]

    @property
    def gone(self) -> tuple[str, ...]:
        return tuple(name for name in PARTS if name not in self.kept)

    @property
    def going(self) -> list[Part]:
        return [PARTS[name] for name in self.gone]

    @property
    def staying(self) -> list[Part]:
        return [PARTS[name] for name in self.kept]

    def all_going(self, of: Callable[[Part], Iterable[T]]) -> list[T]:
        """What goes of one kind, such as `lambda part: part.files`: none of what a function holds that stays."""
        held = {item for part in self.staying for item in of(part)}
        return [item for part in [*self.going, STARTER] for item in of(part) if item not in held]

    @property
    def example(self) -> str:
        """The logical id of a function that stays."""
        return self.staying[0].functions[0]


def chosen(names: Sequence[str]) -> Choice:
    """Raises OnlyError for a name that is none of a function's, and for no name at all."""
    there = f"There are: {', '.join(PARTS)}."
    if not names:
        raise OnlyError(f"Which function is to stay? `make only FUNCTION=signer`. {there}")
    for name in names:
        if name not in PARTS:
            raise OnlyError(f"There is no function {name!r}. {there}")
    return Choice(tuple(name for name in PARTS if name in names))


def any_of(words: Sequence[str]) -> str:
    """A regular expression that matches each of the words; nothing at all if there is none."""
    return f"(?:{'|'.join(map(re.escape, words))})" if words else "(?!)"
