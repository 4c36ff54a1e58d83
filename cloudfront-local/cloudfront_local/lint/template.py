"""The transformed template as the rules read it: resources, and the file it was written in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import cfnlint.template
from cfnlint.decode import decode

from cloudfront_local.lint.deployment import ALWAYS, Deployment
from cloudfront_local.lint.values import Value


class Resource(NamedTuple):
    """A resource. `properties` stand under its condition."""

    name: str
    type: str
    properties: Value


class Template:
    """A template that may be anything cfn-lint could parse: what is not as it should be counts as absent."""

    def __init__(self, cfn: cfnlint.template.Template) -> None:
        self._cfn = cfn
        self.deployment = Deployment(cfn)

    @cached_property
    def _resources(self) -> dict[str, Resource]:
        section = self._cfn.template.get("Resources")
        resources = section.items() if isinstance(section, dict) else ()
        return {
            str(name): self._resource(str(name), resource) for name, resource in resources if isinstance(resource, dict)
        }

    def _resource(self, name: str, resource: dict[str, Any]) -> Resource:
        condition = resource.get("Condition")
        when = frozenset({(str(condition), True)}) if isinstance(condition, str) else ALWAYS
        properties = Value(resource.get("Properties", {}), ("Resources", name, "Properties"), self.deployment, when)
        return Resource(name, str(resource.get("Type")), properties)

    def resources(self, *types: str) -> Iterator[Resource]:
        """The resources of these types, in the template's order."""
        return (resource for resource in self._resources.values() if resource.type in types)

    def resource(self, name: str, *types: str) -> Resource | None:
        """The resource of this logical id, if it is of one of these types."""
        resource = self._resources.get(name)
        return resource if resource and resource.type in types else None

    def section(self, name: str) -> dict[str, Any]:
        """A section of the template, empty when there is none."""
        section = self._cfn.template.get(name)
        return section if isinstance(section, dict) else {}

    @property
    def folder(self) -> Path | None:
        """Where local paths in the template start; None when the template did not come from a file."""
        return Path(self._cfn.filename).parent if self._cfn.filename else None

    @cached_property
    def written(self) -> dict[str, Any]:
        """The template as it is in its file. For SAM's transform cfn-lint replaces every local CodeUri."""
        if not self._cfn.filename or not Path(self._cfn.filename).is_file():
            return {}
        template, _ = decode(self._cfn.filename)
        return template if isinstance(template, dict) else {}


@lru_cache(maxsize=1)
def view(cfn: cfnlint.template.Template) -> Template:
    """One `Template` for all rules of a run, so that conditions are decided and the file is read once."""
    return Template(cfn)
