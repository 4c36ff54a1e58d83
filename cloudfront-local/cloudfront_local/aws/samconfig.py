"""samconfig.toml, the settings of `sam`, read as sam reads them; and other TOML of a project."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cloudfront_local.errors import LocalError

NAME = "samconfig.toml"


def read_toml(path: Path) -> dict[str, Any]:
    """A file's tables; none where there is no file. Raises LocalError."""
    try:
        return tomllib.loads(path.read_text()) if path.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LocalError(f"{path} is not TOML: {error}. Correct it.") from None


def environments(folder: Path) -> dict[str, Mapping[str, Any]]:
    """The settings of each environment by its name. Raises LocalError."""
    return {name: found for name, found in read_toml(folder / NAME).items() if isinstance(found, dict)}


def parameters(environment: Mapping[str, Any], command: str) -> dict[str, Any]:
    """The settings of an environment for a command of sam, `[*.global.parameters]` included."""
    sections = (environment.get(name, {}).get("parameters", {}) for name in ("global", command))
    return {key: value for section in sections for key, value in section.items()}
