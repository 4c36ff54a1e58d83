"""Writes the events and results of edge functions to files: `--record DIR`."""

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
    """Invokes functions, and writes each event to `folder`, as `<package>/<outcome>-<number>.json`.

    The function's result goes to `<outcome>-<number>.result.json`, unless the function failed. `outcome` is the status
    of a response (`401`), `request` for a request that goes on, `refused` for a result that CloudFront refuses, or
    `failed`. An event is not written if any file of the function's folder holds the same event with the same result.
    `login` (`user:password`) may appear in the files; other passwords may not.
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
            raise LocalError(
                f"Cannot record events in {folder}: {error.strerror}. Name another folder with --record."
            ) from None

    async def invoke(self, function_arn: str, event: Event) -> Any:
        """Calls a function and records the event. Returns the function's result. Raises FunctionFailed."""
        try:
            result = await self._invoke(function_arn, event)
        except FunctionFailed as failure:
            if failure.kind != "configuration":  # The look-up failed: the name of the function's folder is unknown.
                await self._write(function_arn, "failed", event)
            raise
        await self._write(function_arn, _outcome(event, result), event, result)
        return result

    async def _write(self, function_arn: str, outcome: str, *event_and_result: Any) -> None:
        function = await self._resolve(function_arn)
        folder = self._folder / function.package
        try:
            texts = [self._text(each) for each in event_and_result]
            folder.mkdir(exist_ok=True)
            if texts in map(recorded, events(folder)):
                return
            path = _free(folder, outcome)
            for name, text in zip((path, result_of(path)), texts, strict=False):
                name.write_text(text)
        except (OSError, UnicodeError, RecursionError) as error:  # unreadable files; a result that is nested too deeply
            log.warning("Cannot record an event of %s: %s.", function.package, error)
        else:
            log.info("Recorded %s", path)

    def _text(self, value: Any) -> str:
        return layout.text(stable(self._examples.example(value), self._login)) + "\n"


def events(folder: Path) -> list[Path]:
    """The files of the events in the folder of one function, sorted by name."""
    return sorted(path for path in folder.glob("*.json") if not path.name.endswith(RESULT))


def result_of(event: Path) -> Path:
    """The file of the result that belongs to an event's file. It may not exist."""
    return event.with_name(event.name.removesuffix(".json") + RESULT)


def recorded(event: Path) -> list[str]:
    """The text of an event's file, and the text of its result's file if that exists."""
    return [path.read_text() for path in (event, result_of(event)) if path.exists()]


def _outcome(event: Event, result: Any) -> str:
    if rules.violations(event, result):
        return "refused"
    return str(result.get("status", "request"))


def _free(folder: Path, outcome: str) -> Path:
    paths = (folder / f"{outcome}-{number}.json" for number in itertools.count(1))
    return next(path for path in paths if not path.exists())
