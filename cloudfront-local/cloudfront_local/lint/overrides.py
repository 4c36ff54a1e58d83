"""`parameter_overrides` of samconfig.toml or samconfig.yaml: the values that `sam deploy` gives to parameters."""

from __future__ import annotations

import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cfnlint.decode import decode

# The first that is there counts, as for sam.
NAMES = ("samconfig.toml", "samconfig.yaml", "samconfig.yml")


def overrides(folder: Path) -> dict[str, str]:
    """Value by parameter, of the environment `default`. Raises ValueError where the file cannot be read."""
    path = next((folder / name for name in NAMES if (folder / name).is_file()), None)
    environment: Any = _read(path).get("default") if path else None
    written: dict[str, str] = {}
    for command in ("global", "deploy"):
        found = environment
        for key in (command, "parameters", "parameter_overrides"):
            found = found.get(key) if isinstance(found, dict) else None
        written.update(_pairs(found))
    return written


def _read(path: Path) -> dict[str, Any]:
    if path.suffix == ".toml":
        return tomllib.loads(path.read_text("utf-8"))
    read, _ = decode(str(path))
    if not isinstance(read, dict):
        raise ValueError(f"{path.name} is no mapping in YAML")
    return read


def _pairs(plain: Any) -> Iterator[tuple[str, str]]:
    """`Name=value` in a text or a list, or the older `ParameterKey=Name,ParameterValue=value`."""
    for item in shlex.split(plain) if isinstance(plain, str) else plain if isinstance(plain, list) else ():
        name, _, value = str(item).partition("=")
        if name == "ParameterKey":
            name, _, value = value.partition(",ParameterValue=")
        yield name, value
