"""Values for parameters that have none: made for this machine, remembered, or asked for in the terminal."""

from __future__ import annotations

import asyncio
import json
import sys
import termios
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from cloudfront_local.aws import parameters, private_file
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.aws.parameters import Parameter
from cloudfront_local.aws.project import Project
from cloudfront_local.errors import LocalError


class Parameters:
    """The values of a stack's parameters while the stack is served. `endpoint` is the embedded AWS."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._answers: dict[str, str] = {}
        self._outputs: dict[str, str] = {}
        self._declared: set[str] = set()

    def learn(self, outputs: Mapping[str, str]) -> None:
        """Takes the outputs of a stack as values for later templates' parameters of the same name."""
        self._outputs |= outputs

    async def completed(self, project: Project, section: Mapping[str, Any]) -> Project:
        """The project with a value for each parameter in the template's section Parameters.

        Raises LocalError if a value is missing and nobody can be asked, or if a value does not fit.
        """
        declared = parameters.declared(section)
        overrides = project.parameter_overrides or tuple(
            parameters.overrides_of(project.parameters("deploy").get("parameter_overrides"))
        )
        given = parameters.given(overrides)
        if given is None:
            return project
        self._declared |= {each.name for each in declared}
        is_last = not project.part
        if is_last and project.parameter_overrides and (unknown := given.keys() - self._declared):
            raise LocalError(parameters.unknown_line(unknown, declared))
        _refuse_unfit(declared, given)
        found = {each.name: self._outputs[each.name] for each in declared if each.name in self._outputs}
        added = {name: value for name, value in found.items() if name not in given}
        made = {each.name: value for each in _without(declared, given | added) if (value := each.made())}
        _say_made(declared, made)
        added |= made
        added |= await self._asked(_without(declared, given | added), project)
        await asyncio.to_thread(_store, declared, given | added, self._endpoint)
        if not added:
            return project
        completed = (*overrides, *(parameters.override(*each) for each in added.items()))
        return replace(project, parameter_overrides=completed)

    async def _asked(self, missing: Sequence[Parameter], project: Project) -> dict[str, str]:
        """The remembered values, and those that a person gives in the terminal."""
        memory = _Memory(project)
        known = memory.read() | self._answers
        unknown = [each for each in missing if each.name not in known or each.fault(known[each.name])]
        if unknown and not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise LocalError(parameters.missing_line(unknown))
        for each in unknown:
            known[each.name] = self._answers[each.name] = await _ask(each)
        if unknown:
            memory.write({each.name: known[each.name] for each in missing if not each.is_secret})
        return {each.name: known[each.name] for each in missing}


def _without(declared: Sequence[Parameter], given: Mapping[str, str]) -> list[Parameter]:
    return [each for each in declared if each.name not in given and not each.has_default]


def _refuse_unfit(declared: Sequence[Parameter], given: Mapping[str, str]) -> None:
    faults = [each.fault(given[each.name]) for each in declared if each.name in given]
    if found := [fault for fault in faults if fault]:
        raise LocalError(f"Values of parameters do not fit: {'; '.join(found)}. Correct parameter_overrides.")


def _say_made(declared: Sequence[Parameter], made: Mapping[str, str]) -> None:
    for each in declared:
        if each.name in made:
            print(f"  Parameter {each.name} ({each.type}): {made[each.name]}, made up for this machine.", flush=True)


def _store(declared: Sequence[Parameter], values: Mapping[str, str], endpoint: Endpoint) -> None:
    """Puts a value behind each name of an SSM parameter that the embedded AWS does not have."""
    for each in declared:
        if each.stored_type:
            ssm, name = endpoint.client("ssm"), values.get(each.name, str(each.declaration.get("Default")))
            try:
                ssm.get_parameter(Name=name)
            except ssm.exceptions.ParameterNotFound:
                value = parameters.made_value(each.stored_type)
                ssm.put_parameter(Name=name, Value=value, Type="String")
                print(f"  SSM parameter {name} ({each.stored_type}): {value}, made up for this machine.", flush=True)


async def _ask(parameter: Parameter) -> str:
    about = f": {parameter.description}" if parameter.description else ""
    choices = f" [{', '.join(parameter.allowed)}]" if parameter.allowed else ""
    print(f"  Parameter {parameter.name} ({parameter.type}){about}{choices}")
    while True:
        with _unseen() if parameter.is_secret else nullcontext():
            print("    > ", end="", flush=True)
            value = await _line()
        fault = parameter.fault(value)
        if not fault:
            return value
        print(f"    {fault}.")


async def _line() -> str:
    """The next line that the person types. Raises LocalError at the end of the input (Ctrl-D)."""
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(sys.stdin, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(sys.stdin)
    line = sys.stdin.readline()  # The terminal gives whole lines.
    if not line:
        raise LocalError("The input has ended before every parameter had a value.")
    return line.rstrip("\n")


@contextmanager
def _unseen() -> Iterator[None]:
    """The terminal does not show what is typed."""
    before = termios.tcgetattr(sys.stdin)
    without = [*before[:3], before[3] & ~termios.ECHO, *before[4:]]
    termios.tcsetattr(sys.stdin, termios.TCSADRAIN, without)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
        print()


class _Memory:
    """The values that a person gave for a stack, in a file that no other user can read."""

    def __init__(self, project: Project) -> None:
        self._path: Path = project.folder / f"parameters-{project.stack_name}.json"

    def read(self) -> dict[str, str]:
        try:
            found = json.loads(self._path.read_text())
        except (OSError, ValueError):
            return {}
        return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}

    def write(self, values: dict[str, str]) -> None:
        private_file.write(self._path, json.dumps(self.read() | values, indent=2) + "\n")
