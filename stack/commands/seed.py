"""Demo data for the stack on this machine, which makes a fresh one worth a visit: `seed`.

The parts are the modules of stack/demo, found and not listed: deleting its file removes one.
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
    """What a module of stack/demo has. It may have `to_try(outputs, url)` besides: lines for the terminal."""

    def load(self, stack: Stack, outputs: Mapping[str, str], folder: Path) -> None:
        """Loads what the module holds, or what lies in the folder, if the stack has the output that it goes to."""


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Sets `run` to a function of the parsed options and the stack."""
    parser.description = (
        "Loads demo data into the stack of `make local`, which runs this by itself, and prints what to try. A stack on "
        "AWS gets none: the demo user's password is known to all."
    )
    parser.set_defaults(run=_seed)


def _seed(_: argparse.Namespace, stack: Stack) -> None:
    if not stack.url:
        raise StackError("Demo data is for the stack of `make local` alone: add --local.")
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
