"""Figures, each beside its target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


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
    def most(self) -> float | None:
        """The most it may be, or None if there is no target."""
        if self.share is not None and self.reference is not None:
            return self.share * self.reference
        return self.limit

    @property
    def met(self) -> bool | None:
        """Whether the target is met, or None if there is none."""
        return None if self.most is None else self.ours <= self.most

    def as_json(self) -> dict[str, object]:
        """The figure as `--json` prints it."""
        return {**vars(self), "target": self.most, "met": self.met}


def table(figures: Sequence[Figure]) -> str:
    """The figures as aligned text, one a line."""
    rows = [("", "ours", "reference", "share", "target", ""), *map(_row, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    )


def _row(figure: Figure) -> tuple[str, ...]:
    reference = figure.reference
    target = "" if figure.most is None else f"<= {_value(figure.most, figure.unit)}"
    return (
        figure.name,
        _value(figure.ours, figure.unit),
        "" if reference is None else _value(reference, figure.unit),
        "" if reference is None else f"{figure.ours / reference:.1%}",
        target if figure.share is None else f"<= {figure.share:.1%}",
        {True: "met", False: "MISSED", None: ""}[figure.met],
    )


def _value(value: float, unit: str) -> str:
    return f"{value:.0f} {unit}" if value >= 1000 else f"{value:.3g} {unit}"
