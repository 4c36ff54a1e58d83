"""One cold start of a function, in a program of its own: reads which one as JSON, prints what it measured as JSON.

It imports as little as it can, for whatever it imports its subject need not. Only `json` is a gift to both sides: the
Lambda runtime has imported it by the time it imports a handler.
"""

import json
import sys
import time


class Context:
    """As much of Lambda's context as a function asks for."""

    def get_remaining_time_in_millis(self) -> int:
        return 5000


def main() -> None:
    """Import the module, answer one event, then `warm` more."""
    job = json.load(sys.stdin)
    sys.path[:0] = job["path"]
    event = json.dumps(job["event"])
    cold = json.loads(event)

    before = time.perf_counter()
    module = __import__(job["module"], fromlist=["handler"])
    answer = module.handler(cold, Context())
    after = time.perf_counter()

    measured = {
        "status": int(answer.get("status", 200)),
        "import_to_answer": after - before,
        "start_to_answer": time.monotonic() - job["started"],
        "peak_memory": peak_memory(),
        "modules": sorted(sys.modules),
        "warm": [warm(module, json.loads(event)) for _ in range(job["warm"])],
    }
    print("\n" + json.dumps(measured))  # noqa: T201 - the parent reads it


def warm(module, event) -> float:  # type: ignore[no-untyped-def] # `typing` would be an import
    """Seconds for one more request; of a module with `prepare(event)`, for what this returns to be called."""
    act = module.prepare(event) if hasattr(module, "prepare") else lambda: module.handler(event, Context())
    before = time.perf_counter()
    act()
    return time.perf_counter() - before


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
