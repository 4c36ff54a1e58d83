"""The commands there are: the modules of stack/commands, found and not listed. Deleting its file removes a command."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Protocol, cast

from stack import commands

if TYPE_CHECKING:
    from stack.target import Stack


class Command(Protocol):
    """What a module of stack/commands has. PLACE is where it stands in the help, the smallest number first.

    It may have two things more: `advice(stack, outputs)`, lines that say what a new stack lacks, for `urls`; and
    NOT_DESTROYED, what it makes that `destroy` does not touch.
    """

    NAME: str
    HELP: str
    PLACE: int

    def add_commands(self, parser: argparse.ArgumentParser) -> None:
        """Sets `run` to a function of the parsed options and the stack."""


def found() -> list[Command]:
    """In the order of the help."""
    names = [module.name for module in pkgutil.iter_modules(commands.__path__)]
    modules = [cast(Command, importlib.import_module(f"{commands.__name__}.{name}")) for name in names]
    return sorted(modules, key=lambda module: module.PLACE)


def advice(stack: Stack, outputs: Mapping[str, str]) -> Iterator[str]:
    """What the commands say that a new stack lacks, in the order of their names."""
    for command in sorted(found(), key=lambda command: command.NAME):
        if hasattr(command, "advice"):
            yield from command.advice(stack, outputs)


def not_destroyed() -> list[str]:
    """What the commands make that `destroy` does not touch."""
    return [command.NOT_DESTROYED for command in found() if hasattr(command, "NOT_DESTROYED")]
