"""Describes the running stack in a file, for the other commands. One stack at most runs from a template's folder."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import get_origin, get_type_hints

from cloudfront_local.aws import environment_file, private_file
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.aws.project import state_folder
from cloudfront_local.errors import LocalError

NOT_RUNNING = "No stack runs on this machine from this folder. Start it with `cloudfront-local`."


@dataclass(frozen=True)
class RunningStack:
    """`url` is the first distribution's address; empty if there is no distribution. `distributions` has the ids of
    those that are served, by logical id. `endpoint_url` is the embedded AWS's address. `template` and `build_dir` are
    absolute.

    `built_at` is the time when `sam build` began, in nanoseconds since 1970. It is 0 if that time is unknown; functions
    are then built again. `parameter_overrides` are those that the stack was started with. `deployment` counts the
    deployments since the start.
    """

    pid: int
    url: str
    endpoint_url: str
    stack_name: str
    region: str
    edge_region: str
    distributions: dict[str, str]
    template: str
    build_dir: str
    built_at: int = 0
    parameter_overrides: list[str] = field(default_factory=list)
    deployment: int = 1

    @property
    def distribution_id(self) -> str:
        """The id of the first distribution. Raises LocalError if there is none."""
        if not self.distributions:
            raise LocalError(f"The stack {self.stack_name} has no distribution. Add one to {self.template}.")
        return next(iter(self.distributions.values()))


_FIELDS = {name: get_origin(hint) or hint for name, hint in get_type_hints(RunningStack).items()}


def read(template_folder: Path) -> RunningStack | None:
    """Returns the running stack that was started from a template in this folder, or None if no stack runs.

    A stack runs while a process holds the folder's lock: a process that was killed leaves its file behind, and another
    process may get its number. Raises LocalError if another version of this tool wrote the file.
    """
    if not _is_claimed(template_folder):
        return None
    try:
        fields = json.loads(_description(template_folder).read_text())
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict) or {name: type(value) for name, value in fields.items()} != _FIELDS:
        raise LocalError(
            f"{_description(template_folder)} was not written by this version of cloudfront-local. End the stack that "
            "runs from this folder with Ctrl-C in its terminal, and start it again."
        )
    return RunningStack(**fields)


def _is_claimed(template_folder: Path) -> bool:
    try:
        with _lock(template_folder).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def endpoint(stack: RunningStack) -> Endpoint:
    """The running stack's embedded AWS, with its root key. Raises LocalError."""
    return environment_file.read(state_folder(Path(stack.template).parent))


@contextmanager
def described(stack: RunningStack) -> Iterator[None]:
    """The file with the stack's description exists while the `with` block runs."""
    write(stack)
    try:
        yield
    finally:
        _description(Path(stack.template).parent).unlink(missing_ok=True)


def write(stack: RunningStack) -> None:
    """Writes the file with the stack's description, whose parameters may be secret."""
    private_file.write(_description(Path(stack.template).parent), json.dumps(asdict(stack), indent=2) + "\n")


@contextmanager
def claimed(template_folder: Path) -> Iterator[None]:
    """Locks the folder while the `with` block runs: two stacks would overwrite each other's builds.

    Raises LocalError if another process holds the lock.
    """
    path = _lock(template_folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            # The system releases the lock when the process ends, even if it is killed.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stack = read(template_folder)
            where = f" at {stack.url} (process {stack.pid})" if stack else ""
            raise LocalError(
                f"A stack already runs from this folder{where}. Use that stack, or end it with Ctrl-C in its terminal."
            ) from None
        yield


def _lock(template_folder: Path) -> Path:
    return state_folder(template_folder) / "lock"


def _description(template_folder: Path) -> Path:
    return state_folder(template_folder) / "running.json"
