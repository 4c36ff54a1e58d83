"""Cold starts of functions in processes of their own, one after the other in turn, as Lambda runs them.

INIT, the import of the handler's module, has a whole processor. What follows has the share that the memory buys.
"""

from __future__ import annotations

import json
import math
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, fields
from functools import partial
from statistics import median
from typing import Any

from benchmarks import child, python, share


@dataclass(frozen=True)
class Function:
    """A module with a `handler`, found on `path`, the event that it answers, and the status that is right.

    `memory` in MB bounds its processor time from the first request on, None does not. `warm` is how often it answers
    more events, each within `timeout` seconds. With `prepare(event)` the module says which part of an answer counts
    when it is warm.
    """

    path: Sequence[str]
    module: str
    event: Mapping[str, Any]
    environment: Mapping[str, str]
    memory: int | None = None
    warm: int = 0
    status: int = 200
    timeout: float = 5


@dataclass(frozen=True)
class ColdStart:
    """Seconds and bytes; infinitely many seconds to an answer if it was a wrong one.

    `started` is the time from the process's start to the first answer, `warm` that of one of the requests that follow.
    """

    init: float
    init_processor: float
    request: float
    request_processor: float
    import_to_answer: float
    started: float
    peak_memory: float
    warm: float


def runs_at_share(runs: int) -> int:
    """How often to start a function at a share of the processor, where one takes seconds: a third of the other runs."""
    return -(-runs // 3)


def measure(functions: Sequence[Function], runs: int) -> list[ColdStart]:
    """Start each function `runs` times, in turn (A B A B), so that what slows the machine down slows all of them.

    As in a Lambda function, no byte code is written: a start compiles what has none.
    """
    rounds = [[_start(function) for function in functions] for _ in range(runs)]
    return [_medians([samples[i] for samples in rounds]) for i in range(len(functions))]


def _start(function: Function) -> ColdStart:
    began = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - a program of ours
        [python.executable(), "-I", "-B", child.__file__],
        env=dict(function.environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        ask = partial(_ask, process, function.module)
        init = ask({"path": function.path, "module": function.module, "timeout": function.timeout})
        with share.held(process.pid, share.share_of(function.memory)) if function.memory else nullcontext():
            first = ask({"event": function.event, "times": 1})
            started = time.perf_counter() - began
            later = ask({"event": function.event, "times": function.warm}) if function.warm else first
    wrong = 0.0 if first["status"] == function.status else math.inf
    return ColdStart(
        init=init["wall"],
        init_processor=init["processor"],
        request=first["wall"][0] + wrong,
        request_processor=first["processor"],
        import_to_answer=init["wall"] + first["wall"][0] + wrong,
        started=started + wrong,
        peak_memory=first["peak_memory"],
        warm=median(later["wall"]) + wrong,
    )


def _ask(process: subprocess.Popen[str], module: str, line: Mapping[str, Any]) -> dict[str, Any]:
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the child has no pipes")
    process.stdin.write(json.dumps(line) + "\n")
    process.stdin.flush()
    if not (answer := process.stdout.readline()):
        raise RuntimeError(f"{module} ended without an answer: see above")
    found: dict[str, Any] = json.loads(answer)
    return found


def _medians(samples: Sequence[ColdStart]) -> ColdStart:
    return ColdStart(*(median(getattr(sample, field.name) for sample in samples) for field in fields(ColdStart)))
