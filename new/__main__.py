"""Begins a function of your own: `python -m new FUNCTION EVENT`, in the repository's root."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from new.behaviors import Behavior, behaviors
from new.files import MAKEFILE, write
from new.function import CLOUDFRONT_RUNTIMES, EVENTS, CloudFrontFunction, Function, NewError, wanted

TEMPLATE = Path("template.yaml")


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit status: 0, or 1 after one line on stderr that says what was wrong, and nothing was made."""
    parser = argparse.ArgumentParser("python -m new", description="Begin a function at CloudFront's edge.")
    parser.add_argument("function", metavar="FUNCTION", nargs="?", default="", help="its folder in src/, such as geo")
    parser.add_argument("event", metavar="EVENT", nargs="?", default="", help=", ".join(EVENTS))
    parser.add_argument("--runtime", default="", help=f"of a CloudFront Function: {', '.join(CLOUDFRONT_RUNTIMES)}")
    options = parser.parse_args(arguments)
    try:
        if not options.function or not options.event:
            raise NewError("Say which function, and at which event: make new FUNCTION=geo EVENT=viewer-request")
        if not TEMPLATE.is_file() or not MAKEFILE.is_file():
            raise NewError(f"There is no {TEMPLATE} with {MAKEFILE} here. Run this in the root of the repository.")
        function = wanted(options.function, options.event, options.runtime)
        running = behaviors(TEMPLATE, function)
        if isinstance(function, CloudFrontFunction) and not running:
            raise NewError(
                f"{TEMPLATE} has no distribution, which a CloudFront Function needs. Add one, or leave RUNTIME out."
            )
        made = write(function)
    except NewError as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(_report(function, made, running)))
    return 0


def _report(function: Function, made: Sequence[Path], running: Sequence[Behavior]) -> Iterator[str]:
    yield from ("Made:", *(f"  {path}" for path in made))
    is_python = not isinstance(function, CloudFrontFunction)
    yield from (f"  a line in {MAKEFILE}", "") if is_python else ("",)
    yield f"1. Paste this into {TEMPLATE}, under Resources:"
    yield from ("", function.text("resources.yaml"))
    yield from _association(function, running) if running else _outputs(function)
    yield ""
    then = "" if is_python else " Then run `make inline`, which copies the code into the template."
    yield f"3. Write src/{function.name}/{function.source} and its tests; `make lint` and `make test` check them.{then}"
    yield from _recording(function) if running else ()


def _association(function: Function, running: Sequence[Behavior]) -> Iterator[str]:
    """The block for each behavior of the distribution, and the function that is in its way there."""
    yield "2. Paste a block into each behavior that is to run the function:"
    for block in dict.fromkeys(behavior.block for behavior in running):
        alike = [behavior for behavior in running if behavior.block == block]
        yield ""
        for behavior in alike:
            yield f"   {behavior.name}: {behavior.in_the_way or 'no function'} runs at {function.event}."
        beside = "beside the behavior's other properties"
        yield f"   Paste this {f'under {function.associations}' if alike[0].has_associations else beside}:"
        yield from ("", block.rstrip("\n"))
    if other := next((behavior.in_the_way for behavior in running if behavior.in_the_way), ""):
        yield from ("", *(_apart(other) if isinstance(function, CloudFrontFunction) else _shared(function, other)))


def _outputs(function: Function) -> Iterator[str]:
    """The block for a template without a distribution."""
    yield "2. Paste this under Outputs, for a distribution that is not in this template:"
    yield from ("", function.text("outputs.yaml").rstrip("\n"))


def _recording(function: Function) -> Iterator[str]:
    yield f"4. While `make local` runs, `make events FUNCTION={function.name}` records the events of the visits in"
    yield f"   tests/src/{function.name}/visits.py."


def _shared(function: Function, other: str) -> Iterator[str]:
    """What to do on a behavior that has a function at the event."""
    yield f"   CloudFront runs one function at an event of a behavior. Where {other} runs already, choose:"
    yield "   - a behavior of its own: another PathPattern, above those that match the same paths;"
    yield f"   - or one function that does both. Paste nothing then. Add to {other}'s handler"
    yield f"     `from {function.name}.handler import handler as {function.name}_handler`, and return"
    yield f"     `{function.name}_handler(event, context)` where it returns the {function.kind}."


def _apart(other: str) -> Iterator[str]:
    """What to do on a behavior where a CloudFront Function has no place."""
    yield f"   CloudFront refuses a CloudFront Function where {other} runs: choose a behavior of its own, with another"
    yield "   PathPattern, above those that match the same paths."


if __name__ == "__main__":
    sys.exit(main())
