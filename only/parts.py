"""What belongs to which function: parts.toml, read."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

TABLE = tomllib.loads(Path(__file__).with_name("parts.toml").read_text(encoding="utf-8"))


class OnlyError(Exception):
    """Why nothing was changed. The text says what was wrong and what to do."""


@dataclass(frozen=True)
class Part:
    """An edge function and what exists for its sake, by the names of parts.toml."""

    packages: Sequence[str]
    """Folders of src/, the function's own first."""
    files: Sequence[str] = ()
    """Files and folders that are not named for a package."""
    instead: tuple[tuple[str, str], ...] = ()
    """Texts of documents, and their replacements once the function is gone."""
    to_think_of: str = ""
    """What to change once the function was kept."""
    missed: str = ""
    """What the stack lacks once the function is gone."""

    def patterns(self) -> Iterator[str]:
        """The paths of all that goes with the function; some are glob patterns."""
        yield from self.files
        for name in self.packages:
            yield from (pattern.format(name=name, hyphened=name.replace("_", "-")) for pattern in TABLE["named"])


PARTS = {
    name: Part(**{**part, "instead": tuple(part.get("instead", {}).items())})
    for name, part in TABLE["functions"].items()
}


def chosen(names: Sequence[str]) -> tuple[str, ...]:
    """The names in the order of the table. Raises OnlyError for an unknown name, and for no name at all."""
    there = f"There are: {', '.join(PARTS)}."
    if not names:
        raise OnlyError(f"Say which function is to stay: `make only FUNCTION=signer`. {there}")
    for name in names:
        if name not in PARTS:
            raise OnlyError(f"There is no function {name!r}. {there}")
    return tuple(name for name in PARTS if name in names)
