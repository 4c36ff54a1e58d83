"""Figures, each beside its target."""

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
    """One measured value, and the most it may be: an absolute `limit`, or a `share` of the reference's value.

    `ours` is infinite where the answer was a wrong one.
    """

    name: str
    unit: str
    ours: float
    reference: float | None = None
    limit: float | None = None
    share: float | None = None

    @property
    def target(self) -> float | None:
        """The most it may be, in its unit, or None."""
        if self.share is not None and self.reference is not None:
            return self.share * self.reference
        return self.limit

    @property
    def met(self) -> bool | None:
        """Whether the target is met, or None if there is none."""
        return None if self.target is None else self.ours <= self.target


@dataclass(frozen=True)
class Report:
    """What one run found: figures by function, and the authorizer's first requests by memory size.

    `shares`: by memory size in MB, the share of a processor that a busy program was really given.
    """

    python: str
    runs: int
    shares: Mapping[int, float]
    figures: Mapping[str, Sequence[Figure]]
    sizes: Sequence[Size]


def as_json(report: Report) -> str:
    """All of it, unrounded. A value is null where the answer was wrong."""
    figures = {
        function: [{**vars(figure), "target": figure.target, "met": figure.met} for figure in measured]
        for function, measured in report.figures.items()
    }
    document = {**vars(report), "figures": figures, "sizes": [asdict(size) for size in report.sizes]}
    return json.dumps(_finite(document), indent=2, ensure_ascii=False)


def table(report: Report) -> str:
    """The figures by function as text in columns, to three digits, and then the targets that are missed."""
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
            yield "No figures at a share of a processor: only Linux lets a program be held to one."
        return
    shares = ", ".join(
        f"{memory} MB {share_of(memory):.2%} (a busy program got {given:.2%})"
        for memory, given in report.shares.items()
    )
    yield f"Medians of {report.runs} alternating runs, {runs_at_share(report.runs)} at a share; Python {report.python}."
    yield f"Shares of a processor, by stopping and continuing the program: {shares}."
    yield "Far: a round trip to IAM and DynamoDB takes 200 ms, the first octets of a connection one more; STS is near."
    if any(given < 0.9 * share_of(memory) for memory, given in report.shares.items()):
        yield "The machine had other things to do, and a busy program got less than its share: the figures are rough."


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
    """JSON has no infinity."""
    if isinstance(value, Mapping):
        return {name: _finite(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and math.isinf(value) else value
