"""One sandbox of a function, a program of its own. It reads lines of JSON, and answers each with one.

- `{"path": [...], "module": "...", "timeout": 5}`, the first: the module is imported, which is INIT. The timeout is in
  seconds.
- `{"event": {...}, "times": 1}`: the event is answered so many times.

It imports as little as it can, for whatever it imports its subject need not. Only `json` is a gift to both sides: the
Lambda runtime has imported it by the time it imports a handler.
"""

import json
import os
import sys
import time


class Context:
    """As much of Lambda's context as a function asks for."""

    def __init__(self, timeout: float) -> None:
        self._ends = time.monotonic() + timeout

    def get_remaining_time_in_millis(self) -> int:
        return int((self._ends - time.monotonic()) * 1000)


def main() -> None:
    """Import the module, then answer events until there are no more."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # for what the function logs

    job = json.loads(sys.stdin.readline())
    sys.path[:0] = job["path"]
    wall, processor = time.perf_counter(), time.process_time()
    module = __import__(job["module"], fromlist=["handler"])
    said = {"wall": time.perf_counter() - wall, "processor": time.process_time() - processor}
    answers.write(json.dumps(said) + "\n")
    for line in sys.stdin:
        answers.write(json.dumps(answer(module, job["timeout"], **json.loads(line))) + "\n")


def answer(module, timeout: float, event, times: int) -> dict[str, object]:  # type: ignore[no-untyped-def] # it is any module
    """Answer an event so many times; of a module with `prepare(event)` and more than once, only what this returns."""
    walls, status = [], 0
    processor = time.process_time()
    for _ in range(times):
        request = json.loads(json.dumps(event))  # handlers change it
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
    """The most memory this process has had, in bytes."""
    try:
        # Linux counts the parent's memory in ru_maxrss: it survives exec(). VmHWM does not.
        with open("/proc/self/status") as status:  # noqa: PTH123 - pathlib would be an import
            return next(int(line.split()[1]) << 10 for line in status if line.startswith("VmHWM:"))
    except FileNotFoundError:
        from resource import RUSAGE_SELF, getrusage

        return getrusage(RUSAGE_SELF).ru_maxrss  # macOS: bytes


if __name__ == "__main__":
    main()
