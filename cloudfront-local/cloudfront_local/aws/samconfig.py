"""Reads samconfig.toml (the settings of `sam`) as sam reads it, and other TOML files of a project."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cloudfront_local.errors import LocalError

NAME = "samconfig.toml"


def read_toml(path: Path) -> dict[str, Any]:
    """Returns a file's tables; an empty dictionary if there is no file. Raises LocalError if it is not TOML."""
    try:
        return tomllib.loads(path.read_text()) if path.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LocalError(f"{path} is not TOML: {error}. Correct it.") from None


def environments(folder: Path) -> dict[str, Mapping[str, Any]]:
    """Returns the settings of each environment in a folder's samconfig.toml, by name. Raises LocalError."""
    return {name: found for name, found in read_toml(folder / NAME).items() if isinstance(found, dict)}


def parameters(environment: Mapping[str, Any], command: str) -> dict[str, Any]:
    """Returns an environment's parameters for a command of sam. They include those of `global`."""
    sections = (environment.get(name, {}).get("parameters", {}) for name in ("global", command))
    return {key: value for section in sections for key, value in section.items()}
