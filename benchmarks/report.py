"""Figures, each beside its target."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

HEADINGS = ("", "ours", "reference", "share", "target", "")


@dataclass(frozen=True)
class Figure:
    """One measured value, and the most it may be: an absolute `limit`, or a `share` of the reference's value."""

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


def as_json(figures: Mapping[str, Sequence[Figure]], runs: int) -> str:
    """The figures by function, unrounded."""
    values = {
        function: [{**vars(figure), "target": figure.target, "met": figure.met} for figure in measured]
        for function, measured in figures.items()
    }
    report = {"python": platform.python_version(), "runs": runs, "figures": values}
    return json.dumps(report, indent=2, ensure_ascii=False)


def table(figures: Mapping[str, Sequence[Figure]], runs: int) -> str:
    """The figures by function as text in columns, to three digits."""
    rows = [HEADINGS, *(_row(function, figure) for function, measured in figures.items() for figure in measured)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in rows]
    return "\n".join([f"Medians of {runs} alternating runs, Python {platform.python_version()}", "", *lines])


def _row(function: str, figure: Figure) -> tuple[str, ...]:
    return (
        f"{function}: {figure.name}",
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
    return (f"{value:.0f} {unit}" if value >= 1000 else f"{value:.3g} {unit}").rstrip()


def _share(share: float) -> str:
    return f"{share:.1%}"
