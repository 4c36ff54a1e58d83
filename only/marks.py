"""Texts with marks, which say to which functions a line or some lines belong. parts.toml explains the marks."""

from __future__ import annotations

import re
from collections.abc import Collection

# At the end of a line; a row of a table ends with one more bar.
MARK = re.compile(r" *(?:# only: (?P<names>[a-z_ ]+)|<!-- only: (?P<named>[a-z_ ]+) -->)(?=$| \|$)", re.MULTILINE)
END = re.compile(r" *(?:# end|<!-- end -->)")


def cut(text: str, kept: Collection[str]) -> str:
    """The text without marks, and without what belongs to none of the functions that are kept.

    A blank line goes with the lines that it set apart.
    """
    lines: list[str] = []
    stays, closed = [True], False  # whether lines were just left out
    for line in text.splitlines():
        mark = MARK.search(line)
        if END.fullmatch(line):
            closed = not stays.pop() or closed
        elif mark:
            here = stays[-1] and not set(kept).isdisjoint((mark["names"] or mark["named"]).split())
            if not line[: mark.start()].strip():
                stays.append(here)
            elif here:
                lines.append(line[: mark.start()] + line[mark.end() :])
        elif stays[-1]:
            if line or not closed or not _begins(lines):
                lines.append(line)
            closed = False
    return "\n".join(lines).rstrip("\n") + "\n"


def _begins(lines: list[str]) -> bool:
    """Whether the next line begins a text or one of its blocks."""
    return not lines or not lines[-1] or lines[-1].endswith(":")
