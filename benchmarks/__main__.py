"""`python -m benchmarks [--json] [--runs N]`: what the edge functions cost, against the usual ways to write them."""

from __future__ import annotations

import argparse
import asyncio

from benchmarks import authorizer, router, signer
from benchmarks.report import as_json, table

# By function: what measures it, given the number of runs.
BENCHMARKS = {"authorizer": authorizer.figures, "signer": signer.figures, "router": router.figures}


def main() -> None:
    """Measure every function in turn and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON in place of a table")
    parser.add_argument("--runs", type=int, default=11, help="cold starts of each function (default: 11)")
    arguments = parser.parse_args()
    figures = {function: asyncio.run(measure(arguments.runs)) for function, measure in BENCHMARKS.items()}
    report = as_json if arguments.json else table
    print(report(figures, arguments.runs))  # noqa: T201 - its output is what it is for


if __name__ == "__main__":
    main()
