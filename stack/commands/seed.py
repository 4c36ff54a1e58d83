"""Demo data, which makes a fresh stack worth a visit: what the modules of local/aws/demo load, found and not listed.

Deleting its file removes a part. Each loads only where the stack has the output that its data goes to.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, cast

from cloudfront_local.aws.deployment import Deployment
from cloudfront_local.aws.endpoint import Endpoint
from local.aws import demo

# The login of the demo user, whom a stack with a table of users gets: it opens nothing but a stack on this machine.
USER = PASSWORD = "demo"  # noqa: S105 - see above


class Part(Protocol):
    """What a module of local/aws/demo has. It may have `to_try(deployment, url)` besides: lines for the terminal."""

    def load(self, endpoint: Endpoint, deployment: Deployment, template_folder: Path) -> None:
        """Loads what lies beside the template, or the module itself holds."""


def load(endpoint: Endpoint, deployment: Deployment, template_folder: Path) -> None:
    """Loads all parts."""
    for part in _parts():
        part.load(endpoint, deployment, template_folder)


def to_try(deployment: Deployment, url: str) -> Iterator[str]:
    """What to type to see the parts that were loaded; `url` is the distribution's."""
    for part in _parts():
        if hasattr(part, "to_try"):
            yield from part.to_try(deployment, url)


def _parts() -> list[Part]:
    names = [module.name for module in pkgutil.iter_modules(demo.__path__)]
    return [cast(Part, importlib.import_module(f"{demo.__name__}.{name}")) for name in names]
