"""What belongs to which function: parts.toml, read."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TABLE = tomllib.loads(Path(__file__).with_name("parts.toml").read_text(encoding="utf-8"))


class OnlyError(Exception):
    """Why nothing was changed. The text says what was wrong and what to do."""


@dataclass(frozen=True)
class Part:
    """An edge function, or a place where functions run, and what exists for its sake, by the names of parts.toml."""

    packages: Sequence[str] = ()
    """Folders of src/, the function's own first."""
    files: Sequence[str] = ()
    """Files and folders that are not named for a package."""
    instead: tuple[tuple[str, str], ...] = ()
    """Texts of documents, and their replacements once the function is gone."""
    to_think_of: str = ""
    """What to change once the function was kept."""
    missed: str = ""
    """What the stack lacks once the function is gone."""
    not_attachable: str = ""
    """Why the function needs the stack's own distribution; empty if `attach` takes it."""

    def patterns(self) -> Iterator[str]:
        """The paths of all that goes with the function; some are glob patterns."""
        yield from self.files
        for name in self.packages:
            yield from (pattern.format(name=name, hyphened=name.replace("_", "-")) for pattern in TABLE["named"])


def _part(table: Mapping[str, Any]) -> Part:
    return Part(**{**table, "instead": tuple(table.get("instead", {}).items())})


PARTS = {name: _part(table) for name, table in TABLE["functions"].items()}
# Where the functions run: on the stack's own distribution, or attached to one that exists. A fork has one of the two.
PLACES = {name: _part(TABLE[name]) for name in ("distribution", "attach")}
ALL = {**PARTS, **PLACES}


def chosen(names: Sequence[str], *, distribution: bool = True) -> tuple[str, ...]:
    """The names in the order of the table, and the place where the functions run.

    Raises OnlyError for an unknown name, for no name at all, and for a function that needs the stack's distribution.
    """
    there = f"There are: {', '.join(PARTS)}."
    if not names:
        raise OnlyError(f"Say which function is to stay: `make only FUNCTION=signer`. {there}")
    for name in names:
        if name not in PARTS:
            raise OnlyError(f"There is no function {name!r}. {there}")
    for name in names:
        if not distribution and (reason := PARTS[name].not_attachable):
            raise OnlyError(f"{reason} Leave {name} out, or leave --without-distribution out.")
    return (*(name for name in PARTS if name in names), "distribution" if distribution else "attach")
