"""Writes what edge functions are given, and what they make of it: `--record DIR`."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from cloudfront_local import rules
from cloudfront_local.distribution.events import Event
from cloudfront_local.distribution.failure import FunctionFailed
from cloudfront_local.distribution.functions import Invoke
from cloudfront_local.errors import LocalError
from cloudfront_local.lambda_edge.function import Function
from cloudfront_local.serving.recording import layout
from cloudfront_local.serving.recording.examples import Examples
from cloudfront_local.serving.recording.stable import stable

log = logging.getLogger("functions")

RESULT = ".result.json"


class Recorder:
    """Invokes functions, and writes each event under `folder`, as `<package>/<outcome>-<number>.json`.

    The function's result is beside it, as `...result.json`, unless it failed. An event that is there already with the
    same result, under whatever name, is not written again. `outcome` is a response's status, `request` for a request
    that goes on, `refused` for what CloudFront refuses, `failed` where there is no result.
    `login` is one that may be shown: `user:password`.
    """

    def __init__(
        self,
        folder: Path,
        examples: Examples,
        login: str,
        invoke: Invoke,
        resolve: Callable[[str], Awaitable[Function]],
    ) -> None:
        self._folder = folder
        self._examples = examples
        self._login = login
        self._invoke = invoke
        self._resolve = resolve
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LocalError(f"No events can be recorded in {folder}: {error.strerror}. Name another folder.") from None

    async def invoke(self, function_arn: str, event: Event) -> Any:
        """The function's result. Raises FunctionFailed."""
        try:
            result = await self._invoke(function_arn, event)
        except FunctionFailed as failure:
            if failure.kind != "configuration":  # of a function whose name is not known, either
                await self._write(function_arn, "failed", event)
            raise
        await self._write(function_arn, _outcome(event, result), event, result)
        return result

    async def _write(self, function_arn: str, outcome: str, *event_and_result: Any) -> None:
        function = await self._resolve(function_arn)
        folder = self._folder / function.package
        texts = [self._text(each) for each in event_and_result]
        try:
            folder.mkdir(exist_ok=True)
            if texts in map(recorded, events(folder)):
                return
            path = _free(folder, outcome)
            for name, text in zip((path, result_of(path)), texts, strict=False):
                name.write_text(text)
        except OSError as error:
            log.warning("An event of %s could not be recorded: %s.", function.package, error)
        else:
            log.info("Recorded %s", path)

    def _text(self, value: Any) -> str:
        return layout.text(stable(self._examples.example(value), self._login)) + "\n"


def events(folder: Path) -> list[Path]:
    """The events recorded in a folder of one function."""
    return sorted(path for path in folder.glob("*.json") if not path.name.endswith(RESULT))


def result_of(event: Path) -> Path:
    """Where the result of a recorded event is."""
    return event.with_name(event.name.removesuffix(".json") + RESULT)


def recorded(event: Path) -> list[str]:
    """The text of an event, and that of its result if it has one."""
    return [path.read_text() for path in (event, result_of(event)) if path.exists()]


def _outcome(event: Event, result: Any) -> str:
    if rules.violations(event, result):
        return "refused"
    return str(result.get("status", "request"))


def _free(folder: Path, outcome: str) -> Path:
    paths = (folder / f"{outcome}-{number}.json" for number in itertools.count(1))
    return next(path for path in paths if not path.exists())
