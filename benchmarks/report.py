"""Reports of the figures, with their targets."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.cold_start import runs_at_share
from benchmarks.share import AVAILABLE, share_of
from benchmarks.sizes import Size

HEADINGS = ("", "ours", "reference", "share", "target", "")


@dataclass(frozen=True)
class Figure:
    """One measured value and its upper target: an absolute `limit`, or a `share` of the reference's value.

    `ours` is infinite if the function gave a wrong answer.
    """

    name: str
    unit: str
    ours: float
    reference: float | None = None
    limit: float | None = None
    share: float | None = None

    @property
    def target(self) -> float | None:
        """The upper target in the figure's unit, or None."""
        if self.share is not None and self.reference is not None:
            return self.share * self.reference
        return self.limit

    @property
    def met(self) -> bool | None:
        """Whether the target is met, or None if there is none."""
        return None if self.target is None else self.ours <= self.target


@dataclass(frozen=True)
class Report:
    """The results of the benchmark: figures by function, and the authorizer's first requests by memory size.

    `shares` has, by memory size in MB, the share of a processor that a busy program really got.
    """

    python: str
    runs: int
    shares: Mapping[int, float]
    figures: Mapping[str, Sequence[Figure]]
    sizes: Sequence[Size]


def as_json(report: Report) -> str:
    """The whole report, unrounded. A value is null if the function gave a wrong answer."""
    figures = {
        function: [{**vars(figure), "target": figure.target, "met": figure.met} for figure in measured]
        for function, measured in report.figures.items()
    }
    document = {**vars(report), "figures": figures, "sizes": [asdict(size) for size in report.sizes]}
    return json.dumps(_finite(document), indent=2, ensure_ascii=False)


def table(report: Report) -> str:
    """The figures by function as a table of text, to three digits, followed by the missed targets."""
    named = [(f"{function}: {each.name}", each) for function, measured in report.figures.items() for each in measured]
    rows = [HEADINGS, *(_row(name, figure) for name, figure in named)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in rows]
    missed = [name for name, figure in named if figure.met is False]
    summary = f"{len(missed)} of {sum(figure.met is not None for _, figure in named)} targets missed"
    return "\n".join([*_conditions(report), "", *lines, "", summary + (": " if missed else "") + "; ".join(missed)])


def _conditions(report: Report) -> Iterator[str]:
    if not report.shares:
        yield f"Medians of {report.runs} alternating runs at full speed; Python {report.python}."
        if not AVAILABLE:
            yield "There are no figures with a share of a processor, because only Linux can limit a program to one."
        return
    shares = ", ".join(
        f"{memory} MB {share_of(memory):.2%} (a busy program got {given:.2%})"
        for memory, given in report.shares.items()
    )
    yield f"Medians of {report.runs} alternating runs, {runs_at_share(report.runs)} at a share; Python {report.python}."
    yield f"Shares of a processor, by stopping and continuing the program: {shares}."
    yield "Far: a round trip to IAM and DynamoDB takes 200 ms, and so does opening a connection; STS is near."
    if any(given < 0.9 * share_of(memory) for memory, given in report.shares.items()):
        yield "The figures are rough: the machine was busy, and a program got less than its share of the processor."


def _row(name: str, figure: Figure) -> tuple[str, ...]:
    return (
        name,
        _value(figure.ours, figure.unit),
        _value(figure.reference, figure.unit),
        _share(figure.ours / figure.reference) if figure.reference else "",
        _target(figure),
        {True: "met", False: "MISSED", None: ""}[figure.met],
    )


def _target(figure: Figure) -> str:
    if figure.share is not None:
        return f"<= {_share(figure.share)}"
    return "" if figure.limit is None else f"<= {_value(figure.limit, figure.unit)}"


def _value(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    if math.isinf(value):
        return "wrong answer"
    return (f"{value:.0f} {unit}" if value >= 1000 else f"{value:.3g} {unit}").rstrip()


def _share(share: float) -> str:
    return f"{share:.1%}"


def _finite(value: Any) -> Any:
    """The value with None in place of infinity, which JSON cannot express."""
    if isinstance(value, Mapping):
        return {name: _finite(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and math.isinf(value) else value
