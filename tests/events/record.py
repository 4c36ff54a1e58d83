"""Records events under events/ from the stack that `make local` runs, and writes their tables: `make events`.

`python -m tests.events.record FUNCTION ...` records the events of these functions anew. Without a function it records
the events that have no file yet.

`make events FUNCTION=name` records those of one function. Its visits are in `tests/src/<function>/visits.py`.
"""

from __future__ import annotations

import asyncio
import importlib
import itertools
import logging
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from cloudfront_local.aws.deployment import Deployment
from cloudfront_local.aws.functions import Functions
from cloudfront_local.aws.project import Project
from cloudfront_local.aws.sam import Sam
from cloudfront_local.distribution.pipeline import Distribution
from cloudfront_local.serving import laptop, running
from cloudfront_local.serving.recording.recorder import events, result_of
from tests.events.visit import Visit, table

REPOSITORY = Path(__file__).parents[2]
EVENTS = REPOSITORY / "events"


def _visits() -> tuple[Visit, ...]:
    folders = sorted(path.parent.name for path in REPOSITORY.glob("tests/src/*/visits.py"))
    modules = [importlib.import_module(f"tests.src.{name}.visits") for name in folders]
    return tuple(visit for module in modules for visit in module.VISITS)


VISITS = _visits()


FUNCTIONS = tuple(dict.fromkeys(visit.function for visit in VISITS))


def wanted(functions: Sequence[str], folder: Path) -> list[Visit]:
    """The visits of these functions; without any, those of which nothing is recorded under `folder`.

    Raises ValueError for a function without visits.
    """
    known = {visit.function for visit in VISITS}
    if unknown := sorted(set(functions) - known):
        raise ValueError(f"No events are recorded of {', '.join(unknown)}. They are of: {', '.join(sorted(known))}.")
    if functions:
        return [visit for visit in VISITS if visit.function in functions]
    return [visit for visit in VISITS if not (folder / f"{visit.name}.json").is_file()]


async def record(stack: running.RunningStack, folder: Path, chosen: Sequence[Visit] = VISITS) -> None:
    """Sends the visits to the stack's distribution, and files each event under `folder` by its visit's name.

    The functions' tables are filed there, too.
    """
    for function, visits in itertools.groupby(chosen, lambda visit: visit.function):
        with TemporaryDirectory() as recorded:
            # For each function a distribution of its own, whose cache is empty: else no origin would be asked twice.
            async with distribution(stack, "us-east-1", recorded=Path(recorded)) as served:
                for visit in visits:
                    before = events(Path(recorded, function))
                    await served.handle(visit.request(served.config.domain_name))
                    (event,) = set(events(Path(recorded, function))) - set(before)
                    target = folder / f"{visit.name}.json"
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(event.read_bytes())
                    result_of(target).write_bytes(result_of(event).read_bytes())
        (folder / function / "README.md").write_text(table(function, VISITS))


@asynccontextmanager
async def distribution(
    stack: running.RunningStack, edge_region: str, distribution_id: str = "", recorded: Path | None = None
) -> AsyncIterator[Distribution]:
    """The running stack's distribution, or another one of its embedded AWS, at an edge location of its own."""
    endpoint = running.endpoint(stack)
    deployed = Deployment(stack.stack_name, {"Any": distribution_id or stack.distribution_id}, {})
    project = Project(Path(stack.template), tuple(stack.parameter_overrides), stack.deployment)
    functions = Functions(project, Sam(project, endpoint), endpoint, stack.built_at)
    async with laptop.running(endpoint, deployed, functions, edge_region, recorded, project.login) as served:
        yield served.distributions[0]


def main(functions: Sequence[str]) -> None:
    """Prints what it recorded. Exits with a message if a function has no visits, or no stack runs."""
    try:
        visits = wanted(functions, EVENTS)
    except ValueError as error:
        sys.exit(str(error))
    if visits:
        stack = running.read(Path.cwd())
        if stack is None:
            sys.exit(running.NOT_RUNNING)
        if not stack.distributions:
            sys.exit("Events are recorded on the stack's distribution, and this stack has none.")
        logging.disable()
        asyncio.run(record(stack, EVENTS, visits))
    for visit in visits:
        sys.stdout.write(f"events/{visit.name}.json\n")


if __name__ == "__main__":
    main(sys.argv[1:])
