"""`seed`: loads demo data into the stack of `make local`.

Each module of stack/demo is a part of the demo data. To remove a part, delete its file: no list names it.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from stack import demo
from stack.errors import StackError

if TYPE_CHECKING:
    from stack.target import Stack

NAME = "seed"
HELP = "load demo data into the stack of `make local`"
PLACE = 6


class Part(Protocol):
    """A module of stack/demo. It may also have `to_try(outputs, url)`, which returns commands for a user to try. `url`
    is empty if there is no distribution."""

    def load(self, stack: Stack, outputs: Mapping[str, str], folder: Path) -> None:
        """Loads the part's data, some from files under `folder`. Does nothing if the stack lacks the output for it."""


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Sets `run` to a function that takes the parsed options and the stack."""
    parser.description = (
        "Loads demo data into the stack of `make local`, and prints commands to try. `make local` runs this command. "
        "It does not load demo data into a stack on AWS, because everybody knows the demo user's password."
    )
    parser.set_defaults(run=_seed)


def _seed(_: argparse.Namespace, stack: Stack) -> None:
    if not stack.is_local:
        raise StackError("`seed` loads demo data into the stack of `make local` only. Add --local.")
    outputs = stack.outputs()
    for part in _parts():
        part.load(stack, outputs, Path.cwd())
    for line in _to_try(outputs, stack.url):
        print(line)


def _to_try(outputs: Mapping[str, str], url: str) -> Iterator[str]:
    for part in _parts():
        if hasattr(part, "to_try"):
            yield from part.to_try(outputs, url)


def _parts() -> list[Part]:
    names = [module.name for module in pkgutil.iter_modules(demo.__path__)]
    return [cast(Part, importlib.import_module(f"{demo.__name__}.{name}")) for name in names]
