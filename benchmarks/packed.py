"""The references' packages as `sam build` packs them into a function's zip: from their wheels, without byte code.

A function cannot write byte code, so Python compiles them at each cold start. The boto3 of Lambda's runtime starts
faster, but a function that pins its version of boto3 packs its own.
"""

from __future__ import annotations

import atexit
import shutil
from functools import cache
from importlib.metadata import Distribution, distribution
from pathlib import Path
from tempfile import mkdtemp

from packaging.requirements import Requirement

REQUIREMENTS = ("boto3", "requests", "awscrt")


@cache
def packages() -> str:
    """A folder with the packages. It is deleted when this program ends.

    All packages are plain Python, or compiled for any version of Python.
    """
    folder = mkdtemp()
    atexit.register(shutil.rmtree, folder)
    for package in _with_requirements(REQUIREMENTS):
        for file in package.files or ():
            if file.parts[0] != ".." and file.suffix != ".pyc":
                target = Path(folder, file)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(str(file.locate()), target)
    return folder


def _with_requirements(names: tuple[str, ...]) -> list[Distribution]:
    found: dict[str, Distribution] = {}
    wanted = list(names)
    while wanted:
        name = wanted.pop().lower()
        if name not in found:
            found[name] = distribution(name)
            requirements = map(Requirement, found[name].requires or ())
            wanted += [each.name for each in requirements if not each.marker or each.marker.evaluate({"extra": ""})]
    return list(found.values())
