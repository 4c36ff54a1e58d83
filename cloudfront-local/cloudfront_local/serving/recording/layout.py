"""Events as people read them: a value that fits on the rest of its line stays on that line."""

from __future__ import annotations

import json
from typing import Any

WIDTH = 120


def text(value: Any, depth: int = 0, before: int = 0) -> str:
    """JSON, in lines of 120 characters where no single string is longer.

    `depth` is the number of spaces that the value's own line begins with, `before` the length of a key in front of it.
    """
    flat = json.dumps(value, ensure_ascii=False)
    if depth + before + len(flat) < WIDTH or not isinstance(value, dict | list) or not value:
        return flat
    if isinstance(value, list):
        items, (first, last) = [("", item) for item in value], "[]"
    else:
        items, (first, last) = [(f"{json.dumps(name)}: ", item) for name, item in value.items()], "{}"
    inner = depth + 2
    lines = ",\n".join(f"{' ' * inner}{key}{text(item, inner, len(key))}" for key, item in items)
    return f"{first}\n{lines}\n{' ' * depth}{last}"
