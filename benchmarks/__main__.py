"""`python -m benchmarks [--json] [--runs N]`: what the edge functions cost, against the usual ways to write them."""

from __future__ import annotations

import argparse
import asyncio
import json
import platform

from benchmarks import authorizer
from benchmarks.report import table

# Every part of the benchmark: a module with `async def figures(runs) -> list[Figure]`.
PARTS = [authorizer]


def main() -> None:
    """Measure every part in turn and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON in place of a table")
    parser.add_argument("--runs", type=int, default=11, help="cold starts of each function (default: 11)")
    arguments = parser.parse_args()
    figures = [figure for part in PARTS for figure in asyncio.run(part.figures(arguments.runs))]
    if arguments.json:
        print(json.dumps([figure.as_json() for figure in figures], indent=2, ensure_ascii=False))  # noqa: T201
    else:
        print(f"Python {platform.python_version()}, medians of {arguments.runs} alternating runs\n")  # noqa: T201
        print(table(figures))  # noqa: T201 - its output is what it is for


if __name__ == "__main__":
    main()
