"""One sandbox of a function: a program that reads lines of JSON and answers each line with one.

- `{"path": [...], "module": "...", "timeout": 5}`, the first line: the program imports the module, which is INIT. The
  timeout is in seconds.
- `{"event": {...}, "times": 1}`: the handler answers the event `times` times.

The program imports few modules, because a module that it has imported costs the measured function no time. It imports
`json`, as the Lambda runtime does before it imports a handler.
"""

import json
import os
import sys
import time


class Context:
    """The part of Lambda's context object that the functions use."""

    def __init__(self, timeout: float) -> None:
        self._ends = time.monotonic() + timeout

    def get_remaining_time_in_millis(self) -> int:
        return int((self._ends - time.monotonic()) * 1000)


def main() -> None:
    """Import the module, then answer events until there are no more."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # discard the function's logs

    job = json.loads(sys.stdin.readline())
    sys.path[:0] = job["path"]
    wall, processor = time.perf_counter(), time.process_time()
    module = __import__(job["module"], fromlist=["handler"])
    said = {"wall": time.perf_counter() - wall, "processor": time.process_time() - processor}
    answers.write(json.dumps(said) + "\n")
    for line in sys.stdin:
        answers.write(json.dumps(answer(module, job["timeout"], **json.loads(line))) + "\n")


def answer(module, timeout: float, event, times: int) -> dict[str, object]:  # type: ignore[no-untyped-def] # any module
    """Answer an event `times` times: the status, the times in seconds, and the peak memory in bytes.

    If the module has `prepare(event)` and `times` is more than 1, only the function that `prepare` returns is timed.
    """
    walls, status = [], 0
    processor = time.process_time()
    for _ in range(times):
        request = json.loads(json.dumps(event))  # a copy, because handlers change the event
        act = module.prepare(request) if times > 1 and hasattr(module, "prepare") else None
        context = Context(timeout)
        wall = time.perf_counter()
        result = act() if act else module.handler(request, context)
        walls.append(time.perf_counter() - wall)
        status = int(result.get("status", 200))
    return {
        "status": status,
        "wall": walls,
        "processor": time.process_time() - processor,
        "peak_memory": peak_memory(),
    }


def peak_memory() -> int:
    """The peak memory of this process, in bytes."""
    try:
        # On Linux, ru_maxrss survives exec(), so it includes the parent's memory. VmHWM does not.
        with open("/proc/self/status") as status:  # noqa: PTH123 - pathlib would be an import
            return next(int(line.split()[1]) << 10 for line in status if line.startswith("VmHWM:"))
    except FileNotFoundError:
        from resource import RUSAGE_SELF, getrusage

        return getrusage(RUSAGE_SELF).ru_maxrss  # macOS: bytes


if __name__ == "__main__":
    main()
