"""What to try of a stack without a distribution: calls of its functions with recorded events."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stack.target import Stack

EVENTS = Path("events")


def load(stack: Stack, outputs: Mapping[str, str], folder: Path) -> None:
    """Loads nothing."""


def to_try(outputs: Mapping[str, str], url: str) -> Iterator[str]:
    """Commands that call each function with an event, if nothing is served."""
    if url:
        return
    for name in sorted(key.removesuffix("Version") for key in outputs if key.endswith("FunctionVersion")):
        package = re.sub(r"(?<!^)(?=[A-Z])", "_", name.removesuffix("Function")).lower()
        for event in _events(EVENTS / package)[:1]:
            yield f"make invoke FUNCTION={name} EVENT={event}"


def _events(folder: Path) -> list[Path]:
    """The recorded events of a folder, without their results."""
    return sorted(path for path in folder.glob("*.json") if not path.name.endswith(".result.json"))
