"""Reads settings of the functions from template.yaml."""

from __future__ import annotations

from functools import cache
from typing import Any

from cfnlint.decode import decode

from benchmarks.artifact import ROOT


def setting(function: str, name: str) -> Any:
    """A property of a function, named by its logical id, or else the property in Globals."""
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
        raise RuntimeError(f"template.yaml cannot be parsed: {problems[0].message}")
    return dict(template)
