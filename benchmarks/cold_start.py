"""Measures cold starts of functions. Each start is a new process, and the processes run one after the other.

As in Lambda, INIT, the import of the handler's module, has a whole processor. Requests have the share that comes with
the memory size.
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
    """A module with a `handler`, found on `path`, the event to answer, and the expected status.

    `memory`, in MB, limits the processor time from the first request on; None sets no limit. `warm` is the number of
    warm requests after the first one, each within `timeout` seconds. If the module has `prepare(event)`, only the
    function that `prepare` returns is timed in warm requests.
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
    """Times in seconds, and `peak_memory` in bytes. After a wrong answer, the times to an answer are infinite.

    `started` is the time from the start of the process to the first answer, `warm` the median of the warm requests.
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
    """The number of cold starts with a share of the processor: a third of `runs`, because each takes seconds."""
    return -(-runs // 3)


def measure(functions: Sequence[Function], runs: int) -> list[ColdStart]:
    """Start each function `runs` times, alternating (A B A B), so that a slow phase of the machine affects all of them.

    As in Lambda, Python writes no byte code: each start compiles the modules that have none. Returns the medians.
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
        raise RuntimeError(f"{module} ended without an answer. The lines above have the cause.")
    found: dict[str, Any] = json.loads(answer)
    return found


def _medians(samples: Sequence[ColdStart]) -> ColdStart:
    return ColdStart(*(median(getattr(sample, field.name) for sample in samples) for field in fields(ColdStart)))
