"""`python -m benchmarks [--function NAME]`: what the edge functions cost, against the usual ways to write them.

It takes two to three minutes. The machine should have nothing else to do.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence

from benchmarks import authorizer, python, router, share, signer, sizes
from benchmarks.report import Figure, Report, as_json, table
from benchmarks.sizes import Size

FUNCTIONS = ("authorizer", "signer", "router")


def main() -> None:
    """Measure the functions in turn and print the figures."""
    arguments = parser().parse_args()
    functions = ["authorizer"] if arguments.markdown else arguments.function or FUNCTIONS
    report = asyncio.run(measure(functions, arguments.runs, arguments.hash))
    if arguments.markdown:
        print(sizes.markdown(report.sizes))  # noqa: T201 - its output is what it is for
    else:
        print(as_json(report) if arguments.json else table(report))  # noqa: T201 - the same


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--function", action="append", choices=FUNCTIONS, help="one to measure (default: all of them)")
    parser.add_argument("--runs", type=int, default=9, help="cold starts at full speed; a third at shares (default: 9)")
    parser.add_argument("--hash", default="ln=14,r=8,p=1", help="the stored password's cost (default: ln=14,r=8,p=1)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON in place of a table")
    form.add_argument("--markdown", action="store_true", help="print the authorizer's table by memory size alone")
    return parser


async def measure(functions: Sequence[str], runs: int, cost: str) -> Report:
    """All that is asked for, one function after the other."""
    figures: dict[str, list[Figure]] = {}
    by_size: list[Size] = []
    if "authorizer" in functions:
        figures["authorizer"], by_size = await authorizer.figures(runs, cost)
    if "signer" in functions:
        figures["signer"] = await signer.figures(runs)
    if "router" in functions:
        figures["router"] = await router.figures(runs)
    shares = {memory: share.given(share.share_of(memory)) for memory in sizes.MEMORY} if by_size else {}
    return Report(python.version(), runs, shares, figures, by_size)


if __name__ == "__main__":
    main()
