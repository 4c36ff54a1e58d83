"""The template as the rules read it: CloudFormation's resources, whatever the file has instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import cfnlint.template
from cfnlint.decode import decode

from cloudfront_local.lint import language_extensions, sam
from cloudfront_local.lint.deployment import ALWAYS, Deployment, section
from cloudfront_local.lint.expressions import Reference
from cloudfront_local.lint.overrides import overrides
from cloudfront_local.lint.values import Path as Place
from cloudfront_local.lint.values import Value

# The transforms whose outcome is known here. The others are macros of an account.
KNOWN_TRANSFORMS = (sam.TRANSFORM, language_extensions.TRANSFORM)

# Line, column, last line, last column, from 0 on.
Location = tuple[int, int, int, int]


class Resource(NamedTuple):
    """A resource. `properties` stand under its condition."""

    name: str
    type: str
    properties: Value
    built: bool


class Template:
    """A template that may be anything cfn-lint could parse: a malformed part counts as absent.

    It is read from the file itself: cfn-lint gives rules a transformed template up to 1.53, and SAM source since 1.54.
    """

    def __init__(self, read: Mapping[str, Any], file: Path | None = None) -> None:
        self.folder = file.parent if file else None
        # The place of everything that could not be read, and why.
        self.unread: list[tuple[Place, str]] = list(_macros(read))
        set_to = self._overrides()
        loops = language_extensions.Loops(Deployment(read, set_to).default)
        plain = sam.translated(loops.written_out(read))
        self.unread += loops.unread
        self.deployment = Deployment(plain, set_to)
        self._plain = plain

    def _overrides(self) -> dict[str, str]:
        try:
            return overrides(self.folder) if self.folder else {}
        except (ValueError, OSError) as error:
            self.unread.append(((), f"samconfig.toml cannot be read ({error}), so parameters count as their defaults"))
            return {}

    @cached_property
    def _resources(self) -> dict[str, Resource]:
        resources = self.section("Resources").items()
        return {
            str(name): self._resource(str(name), resource) for name, resource in resources if isinstance(resource, dict)
        }

    def _resource(self, name: str, resource: dict[str, Any]) -> Resource:
        condition = resource.get("Condition")
        when = frozenset({(str(condition), True)}) if isinstance(condition, str) else ALWAYS
        properties = Value(resource.get("Properties", {}), ("Resources", name, "Properties"), self.deployment, when)
        # `sam build` says in the metadata which resource it built.
        return Resource(name, str(resource.get("Type")), properties, "SamResourceId" in section(resource, "Metadata"))

    def resources(self, *types: str) -> Iterator[Resource]:
        """The resources of these types, in the template's order."""
        return (resource for resource in self._resources.values() if resource.type in types)

    def resource(self, name: str, *types: str) -> Resource | None:
        """The resource of this logical id, if it is of one of these types."""
        resource = self._resources.get(name)
        return resource if resource and resource.type in types else None

    def referred(self, value: Value, *types: str) -> Iterator[Resource]:
        """The resources of these types that the pieces of a text refer to, in their order."""
        for piece in value.parts:
            if isinstance(piece, Reference) and (resource := self.resource(piece.name, *types)):
                yield resource

    def has(self, name: str) -> bool:
        """Whether a resource has this logical id."""
        return name in self._resources

    def section(self, name: str) -> dict[str, Any]:
        """A section of the template, empty when there is none."""
        return section(self._plain, name)

    def ignores(self, rule: str, path: Place) -> bool:
        """Whether the Metadata of the template, or of the resource at this path, leaves out a rule."""
        section, name = (*path, "", "")[:2]
        holders = [self._plain, self.section("Resources").get(str(name)) if section == "Resources" else None]
        return any(rule.startswith(tuple(_ignored(holder))) for holder in holders)

    def location(self, path: Place) -> Location | None:
        """The place of this path in the file, or of the longest part of the path that the file has. Or None."""
        inside: Any = self._plain
        found: Location | None = None
        for step in path:
            key: Any = None
            if isinstance(inside, dict):
                key = next((key for key in inside if key == step), None)
            elif isinstance(inside, list) and isinstance(step, int) and step < len(inside):
                key = inside[step]
            if key is None:
                break
            if hasattr(key, "start_mark"):
                start, end = key.start_mark, key.end_mark
                found = (start.line, start.column, end.line, end.column)
            inside = inside[step]
        return found


@lru_cache(maxsize=1)
def view(cfn: cfnlint.template.Template) -> Template:
    """One `Template` for all rules of a run, so that the file is read and conditions are decided once."""
    file = Path(cfn.filename) if cfn.filename else None
    if file is None or not file.is_file():
        return Template(cfn.template)
    read, _ = decode(str(file))
    return Template(read if isinstance(read, dict) else {}, file)


def _ignored(holder: Any) -> list[str]:
    """`Metadata: { cfn-lint: { config: { ignore_checks: [...] } } }` of a template or a resource."""
    for key in ("Metadata", "cfn-lint", "config", "ignore_checks"):
        holder = holder.get(key) if isinstance(holder, dict) else None
    return [str(rule) for rule in holder] if isinstance(holder, list) else []


def _macros(read: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    transforms = read.get("Transform", [])
    for transform in transforms if isinstance(transforms, list) else [transforms]:
        name = transform.get("Name") if isinstance(transform, dict) else transform
        if name not in KNOWN_TRANSFORMS:
            yield ("Transform",), f"the macro {name} may change the template"
