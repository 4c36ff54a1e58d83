"""Cold starts of functions in processes of their own, one after the other in turn."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks import child


@dataclass(frozen=True)
class Function:
    """A module with a `handler`, found on `path`, the event that it answers and how often it does when warm.

    With `prepare(event)` the module says what of an answer counts when it is warm.
    """

    path: Sequence[str]
    module: str
    event: Mapping[str, Any]
    warm: int = 0


@dataclass(frozen=True)
class ColdStart:
    """Medians over the runs: seconds and bytes. `warm` is 0 if it was not measured.

    `modules` are those that the last run had imported by its answer.
    """

    status: int
    import_to_answer: float
    start_to_answer: float
    peak_memory: float
    modules: frozenset[str]
    warm: float


def measure(functions: Sequence[Function], environment: Mapping[str, str], runs: int) -> list[ColdStart]:
    """Start each function `runs` times, in turn (A B A B), so that what slows the machine down slows all of them."""
    rounds = [[_start(function, environment) for function in functions] for _ in range(runs)]
    return [_medians([samples[i] for samples in rounds]) for i in range(len(functions))]


def _start(function: Function, environment: Mapping[str, str]) -> dict[str, Any]:
    started = time.monotonic()
    # -I: nothing of the user's. -B: as in a Lambda function, where no byte code can be written: each cold start
    # compiles what the zip has no byte code of for this Python. Installed packages keep theirs.
    process = subprocess.Popen(  # noqa: S603 - a program of ours
        [sys.executable, "-I", "-B", child.__file__],
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    output, _ = process.communicate(json.dumps({**vars(function), "started": started}))
    if process.returncode:
        raise RuntimeError(f"{function.module} did not answer: see above")
    measured: dict[str, Any] = json.loads(output.splitlines()[-1])
    return measured


def _medians(samples: Sequence[Mapping[str, Any]]) -> ColdStart:
    warm = [seconds for sample in samples for seconds in sample["warm"]]
    (status,) = {sample["status"] for sample in samples}
    return ColdStart(
        status=status,
        import_to_answer=median(sample["import_to_answer"] for sample in samples),
        start_to_answer=median(sample["start_to_answer"] for sample in samples),
        peak_memory=median(sample["peak_memory"] for sample in samples),
        modules=frozenset(samples[-1]["modules"]),
        warm=median(warm) if warm else 0,
    )
