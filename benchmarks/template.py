"""What the template gives to a function."""

from __future__ import annotations

from functools import cache
from typing import Any

from cfnlint.decode import decode

from benchmarks.artifact import ROOT


def setting(function: str, name: str) -> Any:
    """A property of a function, by its logical id; the one in Globals if the function has none of its own."""
    template = _template()
    properties = template["Resources"][function]["Properties"]
    return properties.get(name, template["Globals"]["Function"][name])


def runtime() -> str:
    """The version of Python in Globals, such as 3.13."""
    return str(_template()["Globals"]["Function"]["Runtime"]).removeprefix("python")


@cache
def _template() -> dict[str, Any]:
    template, problems = decode(str(ROOT / "template.yaml"))
    if template is None:
        raise RuntimeError(f"template.yaml cannot be read: {problems[0].message}")
    return dict(template)
