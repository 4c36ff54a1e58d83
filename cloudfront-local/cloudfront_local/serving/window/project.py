"""The window of a running project: its functions by their names in the template, and events saved to its files."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from cloudfront_local.aws.project import Project
from cloudfront_local.distribution.trace import Call
from cloudfront_local.lambda_edge.function import Function
from cloudfront_local.lambda_edge.language import NODE
from cloudfront_local.lambda_edge.source import shown
from cloudfront_local.serving.laptop import Laptop
from cloudfront_local.serving.recording import recorder
from cloudfront_local.serving.recording.examples import Examples
from cloudfront_local.serving.recording.recorder import Recording
from cloudfront_local.serving.welcome import Address
from cloudfront_local.serving.window import server
from cloudfront_local.serving.window.actions import CannotError
from cloudfront_local.serving.window.view import Named, by_arn
from cloudfront_local.serving.window.window import Save, Shown, Window

_NODE_SUFFIXES = (".js", ".mjs", ".cjs", ".ts", ".mts")
_PYTHON_SUFFIXES = (".py", "/__init__.py")


class Names:
    """The names of functions by their ARNs: their logical ids. `functions` are those of Lambda@Edge, in any version.
    `logical_ids` has those of CloudFront Functions, by their own names."""

    def __init__(self, functions: Iterable[Function], stack_name: str, logical_ids: Mapping[str, str]) -> None:
        self._functions = {_unversioned(function.arn): function for function in functions}
        self._stack_name = stack_name
        self._logical_ids = logical_ids

    def __call__(self, arn: str) -> Named:
        if function := self._functions.get(_unversioned(arn)):
            return _named(function)
        name = by_arn(arn).name
        return Named(self._logical_ids.get(name, name))

    def folder(self, arn: str) -> str:
        """The folder for a function's recorded events."""
        function = self._functions.get(_unversioned(arn))
        return function.package if function else by_arn(arn).name.removeprefix(f"{self._stack_name}-")


def saving(names: Names, examples_of: Callable[[str], Examples], folder: Path, login: str) -> Save:
    """Saves calls to `folder`, as `--record` does. `examples_of(distribution id)` has the example values."""

    async def save(distribution_id: str, call: Call) -> list[str]:
        recording = Recording(folder, await asyncio.to_thread(examples_of, distribution_id), login)
        if not (files := recorder.record(recording, names.folder(call.arn), call)):
            raise CannotError(f"The event cannot be saved in {shown(folder)}: the terminal says why.")
        return [shown(file) for file in files]

    return save


@asynccontextmanager
async def opened(
    listener: socket.socket,
    addresses: Sequence[Address],
    served: Laptop,
    functions: Iterable[Function],
    project: Project,
    record: Path | None,
    logical_ids: Mapping[str, str],
) -> AsyncIterator[None]:
    """The window is open on the listener's port while the `with` block runs. It saves events in the folder `record`,
    else in the project's folder `events`. `logical_ids` are those of the stack's resources, by their physical ids."""
    names = Names(functions, project.stack_name, logical_ids)
    folder = record or project.template.parent / "events"
    window = Window(
        [Shown(each, f"{address.urls[0]}/") for each, address in zip(served.distributions, addresses, strict=True)],
        names,
        saving(names, served.examples, folder, project.login),
    )
    runner = await server.start(window, listener)
    try:
        yield
    finally:
        await runner.cleanup()


def _unversioned(arn: str) -> str:
    return arn.rpartition(":")[0]


def _named(function: Function) -> Named:
    name = function.logical_id or function.name
    module, _, handler = function.handler.rpartition(".")
    is_node = function.language is NODE
    stem = module if is_node else module.replace(".", "/")
    files = (
        Path(f"{function.artifact.source / stem}{end}") for end in (_NODE_SUFFIXES if is_node else _PYTHON_SUFFIXES)
    )
    file = next((each for each in files if each.is_file()), None)
    return Named(name, shown(file), file, lambda: _line(file, handler)) if file else Named(name)


def _line(file: Path, handler: str) -> int | None:
    """The line in which the handler begins."""
    name = re.escape(handler)
    begins = re.compile(rf"\s*(async )?def {name}\b|.*\b(exports\.|function |const |let |var ){name}\b")
    try:
        lines = file.read_text("utf-8", "replace").splitlines()
    except OSError:
        return None
    return next((number for number, line in enumerate(lines, 1) if begins.match(line)), None)
