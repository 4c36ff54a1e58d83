"""`python -m benchmarks [--function NAME]`: compares the edge functions with the usual ways to write them.

It takes two to three minutes. Run nothing else on the machine meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence

from benchmarks import authorizer, python, router, share, sign_in, signer, sizes
from benchmarks.report import Figure, Report, as_json, table
from benchmarks.sizes import Size

FUNCTIONS = ("authorizer", "sign_in", "signer", "router")


def main() -> None:
    """Measure the functions in turn and print the figures."""
    arguments = parser().parse_args()
    functions = ["authorizer"] if arguments.markdown else arguments.function or FUNCTIONS
    report = asyncio.run(measure(functions, arguments.runs, arguments.hash))
    if arguments.markdown:
        print(sizes.markdown(report.sizes))  # noqa: T201 - the command's output
    else:
        print(as_json(report) if arguments.json else table(report))  # noqa: T201 - the command's output


def parser() -> argparse.ArgumentParser:
    """The parser of the command's arguments."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--function", action="append", choices=FUNCTIONS, help="a function to measure; may be repeated (default: all)"
    )
    parser.add_argument(
        "--runs",
        type=int,
        default=9,
        help="the number of cold starts with a whole processor; with a share of one, a third of it (default: 9)",
    )
    parser.add_argument(
        "--hash",
        default="ln=14,r=8,p=1",
        help="the scrypt parameters of the stored password (default: ln=14,r=8,p=1)",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON in place of a table")
    form.add_argument("--markdown", action="store_true", help="print only the authorizer's table by memory size")
    return parser


async def measure(functions: Sequence[str], runs: int, cost: str) -> Report:
    """Measure these functions, one after the other. `runs` and `cost` are the arguments --runs and --hash."""
    figures: dict[str, list[Figure]] = {}
    by_size: list[Size] = []
    if "authorizer" in functions:
        figures["authorizer"], by_size = await authorizer.figures(runs, cost)
    if "sign_in" in functions:
        figures["sign_in"] = await sign_in.figures(runs)
    if "signer" in functions:
        figures["signer"] = await signer.figures(runs)
    if "router" in functions:
        figures["router"] = await router.figures(runs)
    shares = {memory: share.given(share.share_of(memory)) for memory in sizes.MEMORY} if by_size else {}
    return Report(python.version(), runs, shares, figures, by_size)


if __name__ == "__main__":
    main()
