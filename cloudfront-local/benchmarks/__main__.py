"""`python -m benchmarks [--against COMMIT | --window]`: how fast the distribution answers, beside another version of
the tool, or with the window beside without.

Both versions serve the same project and are measured in turn, in one run: the ratios hold on any machine. Run nothing
else on the machine meanwhile. Run the command in the folder `cloudfront-local`.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks import load, paint, server
from benchmarks.server import Server

TOOL = Path(__file__).resolve().parents[1]
PATH = "/page"
Figures = dict[str, list[float]]
Measures = dict[str, Callable[[Server, argparse.Namespace], Mapping[str, float]]]


def main() -> None:
    arguments = parser().parse_args()
    versions: dict[str, Figures]
    if arguments.window:
        versions = {"without": {}, "with": {}}
        for _ in range(arguments.rounds):
            for name, option in (("without", "--no-window"), ("with", "--window")):
                add(versions[name], measured(TOOL, arguments, LOADS, option))
    elif arguments.against is None:
        versions = {"now": measured(TOOL, arguments)}
    else:
        with server.version(TOOL.parent, arguments.against) as before:
            versions = {"before": {}, "now": {}}
            for _ in range(arguments.rounds):
                for name, tool in (("before", before), ("now", TOOL)):
                    add(versions[name], measured(tool, arguments))
    print(table(versions))


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--against", metavar="COMMIT", help="a commit of this repository to compare with")
    parser.add_argument("--window", action="store_true", help="compare loads with the window and without, instead")
    parser.add_argument("--rounds", type=int, default=3, help="starts of each version (default: 3)")
    parser.add_argument("--seconds", type=float, default=5.0, help="the length of each load (default: 5)")
    parser.add_argument(
        "--crowd", type=float, default=20.0, help="the length of the load of 200 connections (default: 20)"
    )
    return parser


def measured(tool: Path, arguments: argparse.Namespace, measures: Measures | None = None, *options: str) -> Figures:
    """The figures of one start of a version, by default all. `options` are those of `serve`."""
    figures: Figures = {}
    with server.serving(tool, *options) as serving:
        for name, measure in (measures or MEASURES).items():
            for part, value in measure(serving, arguments).items():
                figures[f"{name}: {part}"] = [value]
    return figures


def burst(serving: Server, _: argparse.Namespace) -> Mapping[str, float]:
    result = asyncio.run(load.run(serving.port, PATH, 16, 0))
    return {"the slowest, ms": result.percentile(1.0), "errors": result.errors}


def one(serving: Server, arguments: argparse.Namespace) -> Mapping[str, float]:
    result = asyncio.run(load.run(serving.port, PATH, 1, arguments.seconds))
    return {"p50, ms": result.percentile(0.5), "errors": result.errors}


def sixteen(serving: Server, arguments: argparse.Namespace) -> Mapping[str, float]:
    result = asyncio.run(load.run(serving.port, PATH, 16, arguments.seconds))
    return {"requests a second": result.rate, "errors": result.errors}


def crowd(serving: Server, arguments: argparse.Namespace) -> Mapping[str, float]:
    asyncio.run(load.run(serving.port, PATH, 200, 2.0))
    before = serving.memory
    result = asyncio.run(load.run(serving.port, PATH, 200, arguments.crowd))
    return {"p99, ms": result.percentile(0.99), "errors": result.errors, "more memory, MB": serving.memory - before}


def edit(serving: Server, _: argparse.Namespace) -> Mapping[str, float]:
    """The seconds from an edit's last byte until the edited code has answered."""
    serving.edit('\n\ndef handler(event, context):\n    return {"status": "418"}')
    began = time.perf_counter()
    result = asyncio.run(load.run(serving.port, PATH, 1, 0))
    while not result.errors:
        result = asyncio.run(load.run(serving.port, PATH, 1, 0))
    return {"ms": (time.perf_counter() - began) * 1000}


def window(serving: Server, _: argparse.Namespace) -> Mapping[str, float]:
    """The window has the last 1,000 requests of the loads before. Versions without a window have no figures."""
    paints, lists = paint.run(serving.window) if serving.window else ([math.nan], [math.nan])
    return {"first paint, ms": statistics.median(paints), "list complete, ms": statistics.median(lists)}


LOADS: Measures = {"hit, 1 connection": one, "hit, 16 connections": sixteen}
MEASURES: Measures = {
    "burst of 16 at a cold start": burst,
    **LOADS,
    "hit, 200 connections": crowd,
    "window, 1,000 requests": window,
    "from an edit to its answer": edit,
}


def add(all_figures: Figures, figures: Figures) -> None:
    for name, values in figures.items():
        all_figures.setdefault(name, []).extend(values)


def table(versions: Mapping[str, Figures]) -> str:
    """The medians of each version's figures, and the median of the ratios of the last to the first, round by round."""
    lines = ["".join([" " * 52, *(name.rjust(10) for name in versions), "ratio".rjust(10)])]
    *_, last = versions.values()
    for name in last:
        values = [figures[name] for figures in versions.values()]
        row = name.ljust(52) + "".join(f"{statistics.median(value):10.2f}" for value in values)
        if len(values) == 2 and all(values[0]):
            row += f"{statistics.median(now / before for before, now in zip(*values, strict=True)):10.2f}"
        lines.append(row)
    return "\n".join(lines)


if __name__ == "__main__":
    main()
