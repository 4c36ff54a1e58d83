"""The stack that runs on this machine, described in a file for the other commands: one for a template's folder."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from cloudfront_local.errors import LocalError

# Beside the template, where sam keeps its own.
FOLDER = Path(".aws-sam", "local")

NOT_RUNNING = "No stack runs on this machine from this folder. Start it with `cloudfront-local`."


@dataclass(frozen=True)
class RunningStack:
    """`url` is the distribution's, `endpoint_url` the embedded AWS's. `template` and `build_dir` are absolute.

    `built_at` is when `sam build` began, in nanoseconds of the epoch; 0 if nobody knows, and functions are built anew.
    `parameter_overrides` are those that the stack was started with.
    """

    pid: int
    url: str
    endpoint_url: str
    stack_name: str
    region: str
    edge_region: str
    distribution_id: str
    template: str
    build_dir: str
    built_at: int = 0
    parameter_overrides: Sequence[str] = ()


def read(template_folder: Path) -> RunningStack | None:
    """The stack that was started from a template in this folder, None if none runs."""
    try:
        stack = RunningStack(**json.loads(_description(template_folder).read_text()))
        os.kill(stack.pid, 0)
    except (FileNotFoundError, ProcessLookupError):
        return None
    return stack


@contextmanager
def described(stack: RunningStack) -> Iterator[None]:
    """The description is there for as long."""
    path = _description(Path(stack.template).parent)
    unfinished = path.with_suffix(".tmp")
    unfinished.write_text(json.dumps(asdict(stack), indent=2) + "\n")
    unfinished.replace(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def claimed(template_folder: Path) -> Iterator[None]:
    """The folder is ours for as long: two stacks would build into one another. Raises LocalError if it is taken."""
    path = template_folder / FOLDER / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # Given up by the system, however the process ends.
        except BlockingIOError:
            stack = read(template_folder)
            where = f" at {stack.url} (process {stack.pid})" if stack else ""
            raise LocalError(
                f"A stack already runs from this folder{where}. Use it, or end it first with Ctrl-C in its terminal."
            ) from None
        yield


def _description(template_folder: Path) -> Path:
    return template_folder / FOLDER / "running.json"
