"""Finds the commands: each module of stack/commands is one. To remove a command, delete its file: no list names it."""

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
    """A module of stack/commands. The help lists the commands by PLACE, the smallest number first.

    A module may also have `advice(stack, outputs)`, which returns the next steps for a new stack,
    `paths(stack, outputs)`, which returns paths that a distribution answers, and NOT_DESTROYED, which names the things
    that the command creates and `destroy` does not delete.
    """

    NAME: str
    HELP: str
    PLACE: int

    def add_commands(self, parser: argparse.ArgumentParser) -> None:
        """Adds the command's arguments. Sets `run` to a function that takes the parsed options and the stack."""


def found() -> list[Command]:
    """The commands, in the order of the help."""
    names = [module.name for module in pkgutil.iter_modules(commands.__path__)]
    modules = [cast(Command, importlib.import_module(f"{commands.__name__}.{name}")) for name in names]
    return sorted(modules, key=lambda module: module.PLACE)


def advice(stack: Stack, outputs: Mapping[str, str]) -> Iterator[str]:
    """The next steps for a new stack from all commands, in the order of the commands' names."""
    for command in sorted(found(), key=lambda command: command.NAME):
        if hasattr(command, "advice"):
            yield from command.advice(stack, outputs)


def paths(stack: Stack, outputs: Mapping[str, str]) -> Iterator[str]:
    """The paths that the commands know of, such as those of pages and files."""
    for command in found():
        if hasattr(command, "paths"):
            yield from command.paths(stack, outputs)


def not_destroyed() -> list[str]:
    """The things that the commands create and `destroy` does not delete."""
    return [command.NOT_DESTROYED for command in found() if hasattr(command, "NOT_DESTROYED")]
