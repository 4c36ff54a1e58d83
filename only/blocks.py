"""Texts in blocks, as YAML and Makefiles are: a block is a line, and what follows below it and is indented deeper."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

# Whether the block goes that begins on a line, given all lines and its number.
Goes = Callable[[Sequence[str], int], bool]


def without(text: str, beginning: str) -> str:
    """The text less the blocks whose beginning, up to two lines, a regular expression matches.

    With a block go the comment right above it and the blank line that set it apart. All else is as it was.
    """
    pattern = re.compile(beginning, re.MULTILINE)
    return _without(text, lambda lines, start: pattern.match("".join(lines[start : start + 2])) is not None)


def without_empty(text: str) -> str:
    """The text less the keys that have no value, nor anything below them."""
    less = _without(text, _is_empty)
    return less if less == text else without_empty(less)


def _without(text: str, goes: Goes) -> str:
    lines, kept, position = text.splitlines(keepends=True), list[str](), 0
    while position < len(lines):
        if not goes(lines, position):
            kept.append(lines[position])
            position += 1
            continue
        depth = _depth(lines[position])
        while kept and _is_comment(kept[-1]) and _depth(kept[-1]) == depth:
            kept.pop()
        position = _end(lines, position)
        if not kept or not kept[-1].strip() or _depth(kept[-1]) < depth:
            position += next((n for n, line in enumerate(lines[position:]) if line.strip()), 0)
    return "".join(kept).rstrip("\n") + "\n"


def _end(lines: Sequence[str], start: int) -> int:
    """The number of the line after a block; blank lines at its end are none of it."""
    end = start + 1
    for number in range(start + 1, len(lines)):
        if lines[number].strip():
            if _depth(lines[number]) <= _depth(lines[start]):
                break
            end = number + 1
    return end


def _is_empty(lines: Sequence[str], start: int) -> bool:
    line = lines[start]
    return line.rstrip().endswith(":") and not _is_comment(line) and _end(lines, start) == start + 1


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())
