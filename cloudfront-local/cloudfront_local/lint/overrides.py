"""`parameter_overrides` of samconfig.toml: the values that `sam deploy` gives to the template's parameters."""

from __future__ import annotations

import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NAME = "samconfig.toml"


def overrides(folder: Path) -> dict[str, str]:
    """Value by parameter, of the environment `default`. Raises ValueError where the file cannot be read."""
    path = folder / NAME
    environment: Any = tomllib.loads(path.read_text("utf-8")).get("default") if path.is_file() else None
    written: dict[str, str] = {}
    for command in ("global", "deploy"):
        found = environment
        for key in (command, "parameters", "parameter_overrides"):
            found = found.get(key) if isinstance(found, dict) else None
        written.update(_pairs(found))
    return written


def _pairs(plain: Any) -> Iterator[tuple[str, str]]:
    """`Name=value` in a text or a list, or the older `ParameterKey=Name,ParameterValue=value`."""
    for item in shlex.split(plain) if isinstance(plain, str) else plain if isinstance(plain, list) else ():
        name, _, value = str(item).partition("=")
        if name == "ParameterKey":
            name, _, value = value.partition(",ParameterValue=")
        yield name, value
