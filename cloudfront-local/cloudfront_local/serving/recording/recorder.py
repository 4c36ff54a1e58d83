"""Writes the events and results of edge functions to files: `--record DIR`."""

from __future__ import annotations

import itertools
import logging
import re
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from typing import Any

from cloudfront_local import rules
from cloudfront_local.distribution import function_events
from cloudfront_local.distribution.cloudfront_functions import Ran, RunFunction
from cloudfront_local.distribution.events import Event
from cloudfront_local.distribution.failure import FunctionFailed
from cloudfront_local.distribution.functions import Invoke
from cloudfront_local.distribution.trace import Call
from cloudfront_local.errors import LocalError
from cloudfront_local.lambda_edge.function import Function
from cloudfront_local.rules import cloudfront_functions
from cloudfront_local.rules.rule import Violation
from cloudfront_local.serving.recording import layout
from cloudfront_local.serving.recording.examples import Examples
from cloudfront_local.serving.recording.stable import stable

log = logging.getLogger("functions")

RESULT = ".result.json"
# The names that the recording gives, without the suffix.
_AS_RECORDED = re.compile(r"(request|refused|failed|\d+)-\d+")


class Recording:
    """Writes each event to `folder`, as `<function>/<outcome>-<number>.json`.

    The function's result goes to `<outcome>-<number>.result.json`, unless the function failed. `outcome` is the status
    of a response (`401`), `request` for a request that goes on, `refused` for a result that CloudFront refuses, or
    `failed`. An event is not written if any file of the function's folder holds the same event with the same result.
    `login` (`user:password`) may appear in the files; other passwords may not.
    """

    def __init__(self, folder: Path, examples: Examples, login: str) -> None:
        self._folder = folder
        self._examples = examples
        self._login = login
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LocalError(
                f"Cannot record events in {folder}: {error.strerror}. Name another folder with --record."
            ) from None

    def write(self, function: str, outcome: str, *event_and_result: Any) -> list[Path]:
        """Writes an event, and its result if there is one, to the folder of the function. Returns their files, or those
        that had them before; none if they cannot be written."""
        folder = self._folder / function
        try:
            texts = [self._text(each) for each in event_and_result]
            folder.mkdir(exist_ok=True)
            if same := next((each for each in events(folder) if recorded(each) == texts), None):
                return [same, result_of(same)][: len(texts)]
            path = _free(folder, outcome)
            files = [path, result_of(path)][: len(texts)]
            for file, text in zip(files, texts, strict=True):
                file.write_text(text)
        except (OSError, UnicodeError, RecursionError) as error:  # unreadable files; a result that is nested too deeply
            log.warning("Cannot record an event of %s: %s.", function, error)
            return []
        log.info("Recorded %s", path)
        return files

    def _text(self, value: Any) -> str:
        return layout.text(stable(self._examples.example(value), self._login)) + "\n"


def record(recording: Recording, function: str, call: Call) -> list[Path]:
    """Writes a call that happened earlier to the folder of the function. Returns the files; none if that fails."""
    if call.failure[0]:
        return recording.write(function, "failed", call.event)
    status = "status" if call.kind == "lambda" else "statusCode"
    return recording.write(function, _outcome(call.violations, call.result, status), call.event, call.result)


def recorded_invoke(invoke: Invoke, recording: Recording, resolve: Callable[[str], Awaitable[Function]]) -> Invoke:
    """Calls of Lambda@Edge functions that are recorded. The folder is named as the function's package."""

    async def invoked(function_arn: str, event: Event) -> Any:
        try:
            result = await invoke(function_arn, event)
        except FunctionFailed as failure:
            if failure.kind != "configuration":  # The look-up failed: the name of the function's folder is unknown.
                recording.write((await resolve(function_arn)).package, "failed", event)
            raise
        outcome = _outcome(rules.violations(event, result), result, "status")
        recording.write((await resolve(function_arn)).package, outcome, event, result)
        return result

    return invoked


def recorded_run(run: RunFunction, recording: Recording, stack_name: str) -> RunFunction:
    """Calls of CloudFront Functions that are recorded. The folder has the function's name, without the stack's."""

    async def runs(arn: str, event: function_events.Event, raw_query: str | None) -> Ran:
        ran = await run(arn, event, raw_query)
        name = arn.rpartition("/")[2].removeprefix(f"{stack_name}-")
        if ran.error:
            recording.write(name, "failed", event)
        else:
            broken = cloudfront_functions.violations(event, ran.result)
            recording.write(name, _outcome(broken, ran.result, "statusCode"), event, ran.result)
        return ran

    return runs


def events(folder: Path) -> list[Path]:
    """The files of the events in the folder of one function, sorted by name."""
    return sorted(path for path in folder.glob("*.json") if not path.name.endswith(RESULT))


def kept(folder: Path) -> list[Path]:
    """The events of a folder that somebody has renamed, and that have a result: those that are kept for tests."""
    return [path for path in events(folder) if not _AS_RECORDED.fullmatch(path.stem) and result_of(path).is_file()]


def result_of(event: Path) -> Path:
    """The file of the result that belongs to an event's file. It may not exist."""
    return event.with_name(event.name.removesuffix(".json") + RESULT)


def recorded(event: Path) -> list[str]:
    """The text of an event's file, and the text of its result's file if that exists."""
    return [path.read_text() for path in (event, result_of(event)) if path.exists()]


def _outcome(broken: Collection[Violation], result: Any, status: str) -> str:
    return "refused" if broken else str(result.get(status, "request"))


def _free(folder: Path, outcome: str) -> Path:
    paths = (folder / f"{outcome}-{number}.json" for number in itertools.count(1))
    return next(path for path in paths if not path.exists())
